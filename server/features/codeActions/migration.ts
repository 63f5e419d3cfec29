import path from 'node:path';
import { CodeActionKind } from 'vscode-languageserver';
import type { CodeAction, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readSmallFile } from '../../../core/files/smallFile.ts';
import { parseByContent } from '../../../core/imsc/tree/parse.ts';
import { migrateConfig } from '../../../core/ingest/migration/migrateConfig.ts';
import { migrateSchema } from '../../../core/ingest/migration/migrateSchema.ts';
import type { Migration } from '../../../core/ingest/migration/migrateSchema.ts';
import type { TextEdit, TextRange } from '../../../core/problems/problem.ts';
import { apiVersions } from '../../../core/scicat/datasetForVersion.ts';
import type { ApiVersion } from '../../../core/scicat/datasetForVersion.ts';
import type { ServerContext } from '../../context.ts';
import { fileOf, uriOf } from '../../documents/documentKind.ts';
import type { Snapshot } from '../../documents/snapshot.ts';
import { memberOf } from '../../settings.ts';
import { touches } from './offer.ts';
import type { Offer, OfferContext } from './offer.ts';

const kind = CodeActionKind.RefactorRewrite;

function canBeMade({ edits, problems }: Migration): boolean {
  return edits.length > 0 && problems.every(({ severity }) => severity !== 'error');
}

/** The versions of SciCat's API for which a field at the selection has another name. */
function versionsFor({ tree, schema }: Snapshot, selected: TextRange): readonly ApiVersion[] {
  const here = schema.fields.filter(({ entry }) => touches(entry.range, selected));
  return apiVersions.filter((to) => {
    const migration = migrateSchema(tree, to);
    const isIn = ({ range }: TextEdit): boolean => here.some(({ entry }) => touches(entry.range, range));
    return canBeMade(migration) && migration.edits.some(isIn);
  });
}

/** The fields of the schema as the other version of the API has them. */
export function migrationOffers({ snapshot, range }: OfferContext): Offer[] {
  return versionsFor(snapshot, range).map((to) => ({
    title: `Write the fields as ${to} of SciCat’s API has them`,
    kind,
    edits: migrateSchema(snapshot.tree, to).edits,
  }));
}

/** The same for all schemas of the folder and their configuration; the edit is made when it is chosen. */
export function folderMigrations(server: ServerContext, snapshot: Snapshot, selected: TextRange): CodeAction[] {
  const { documentChanges } = server.client.workspace?.workspaceEdit ?? {};
  if (documentChanges !== true || fileOf(snapshot.uri) === undefined) return [];
  return versionsFor(snapshot, selected).map((to) => ({
    title: `Write all schemas of the folder, and their configuration, for ${to} of SciCat’s API`,
    kind,
    data: { kind: 'migrate', uri: snapshot.uri, to },
  }));
}

/** What such an action asks for. */
export function migrationFrom(data: unknown): { readonly uri: string; readonly to: ApiVersion } | undefined {
  const [wanted, uri, written] = ['kind', 'uri', 'to'].map((name) => memberOf(data, name));
  const to = apiVersions.find((version) => version === written);
  return wanted === 'migrate' && typeof uri === 'string' && to ? { uri, to } : undefined;
}

/** The edit of all files, which a person sees before it is made, where the client shows that. */
export async function folderEdit(server: ServerContext, uri: string, to: ApiVersion): Promise<WorkspaceEdit> {
  const { workspace, documents, settings, client } = server;
  const file = fileOf(uri) ?? '';
  const label = `For ${to} of SciCat’s API`;
  const isShown = client.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined;
  const changes: NonNullable<WorkspaceEdit['documentChanges']> = [];
  const add = (document: TextDocument, version: number | null, migration: Migration): void => {
    if (!canBeMade(migration)) return;
    const edits = migration.edits.map(({ range, newText }) => ({
      range: { start: document.positionAt(range.start), end: document.positionAt(range.end) },
      newText,
      ...(isShown && { annotationId: label }),
    }));
    changes.push({ textDocument: { uri: document.uri, version }, edits });
  };
  for (const { file: each } of await workspace.neighbours(path.dirname(file))) {
    const schema = await workspace.schemaAt(each);
    if (!schema) continue;
    const document = TextDocument.create(schema.uri, 'imsc', 0, schema.text);
    add(document, documents.get(schema.uri)?.version ?? null, migrateSchema(schema.tree, to));
  }
  const { configFile } = await settings.of(uri);
  const folder = workspace.folderOf(uri);
  if (configFile !== '' && folder !== undefined) {
    const config = uriOf(path.resolve(folder, configFile));
    const open = documents.other(config)?.document;
    const text = open?.getText() ?? (await readSmallFile(path.resolve(folder, configFile)).catch(() => undefined));
    if (text !== undefined)
      add(TextDocument.create(config, 'yaml', 0, text), open?.version ?? null, migrateConfig(parseByContent(text), to));
  }
  const changeAnnotations = { [label]: { label, needsConfirmation: true } };
  return { documentChanges: changes, ...(isShown && { changeAnnotations }) };
}
