import path from 'node:path';
import { CodeActionKind } from 'vscode-languageserver';
import type { CodeAction, ResponseError, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readSmallFile } from '../../../core/files/smallFile.ts';
import { parseByContent } from '../../../core/imsc/tree/parse.ts';
import type { Tree } from '../../../core/imsc/tree/tree.ts';
import { migrateConfig } from '../../../core/ingest/migration/migrateConfig.ts';
import { migrateSchema } from '../../../core/ingest/migration/migrateSchema.ts';
import type { Migration } from '../../../core/ingest/migration/migrateSchema.ts';
import { importFolders } from '../../../core/ingest/schemas/importFolders.ts';
import type { TextEdit, TextRange } from '../../../core/problems/problem.ts';
import { apiVersions } from '../../../core/scicat/datasetForVersion.ts';
import type { ApiVersion } from '../../../core/scicat/datasetForVersion.ts';
import { refused } from '../../context.ts';
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
function migrationsAt(
  { tree, schema }: Snapshot,
  selected: TextRange,
): readonly { readonly to: ApiVersion; readonly migration: Migration }[] {
  const here = schema.fields.filter(({ entry }) => touches(entry.range, selected));
  if (here.length === 0) return [];
  const isIn = ({ range }: TextEdit): boolean => here.some(({ entry }) => touches(entry.range, range));
  return apiVersions
    .map((to) => ({ to, migration: migrateSchema(tree, to) }))
    .filter(({ migration }) => canBeMade(migration) && migration.edits.some(isIn));
}

/** The fields of the schema as the other version of the API has them. */
export function migrationOffers({ snapshot, range }: OfferContext): Offer[] {
  return migrationsAt(snapshot, range).map(({ to, migration: { edits } }) => ({
    title: `Write the fields as ${to} of SciCat’s API has them`,
    kind,
    edits,
  }));
}

/** The same for all schemas of the folder and their configuration; the edit is made when it is chosen. */
export function folderMigrations(server: ServerContext, snapshot: Snapshot, selected: TextRange): CodeAction[] {
  const { documentChanges } = server.client.workspace?.workspaceEdit ?? {};
  if (documentChanges !== true || fileOf(snapshot.uri) === undefined) return [];
  return migrationsAt(snapshot, selected).map(({ to }) => ({
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

/**
 * The edit of all files, which a person sees before it is made, where the client shows that.
 * @returns why there is none where one of them cannot be rewritten: half of a folder speaks to no SciCat
 */
export async function folderEdit(
  server: ServerContext,
  uri: string,
  to: ApiVersion,
): Promise<WorkspaceEdit | ResponseError> {
  const { workspace, documents, settings, client } = server;
  const file = fileOf(uri) ?? '';
  const label = `For ${to} of SciCat’s API`;
  const isShown = client.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined;
  const changes: NonNullable<WorkspaceEdit['documentChanges']> = [];
  let fault: string | undefined;
  const add = (document: TextDocument, version: number | null, tree: Tree, migrate: typeof migrateSchema): void => {
    const { edits, problems } = migrate(tree, to);
    const wrong = [...tree.problems.filter(({ code }) => code === 'syntax'), ...problems].find(
      ({ severity }) => severity === 'error',
    );
    if (wrong) {
      const line = wrong.range ? `:${document.positionAt(wrong.range.start).line + 1}` : '';
      fault ??= `Nothing is changed: ${path.basename(fileOf(document.uri) ?? document.uri)}${line}: ${wrong.message}`;
    }
    if (edits.length === 0) return;
    const written = edits.map(({ range, newText }) => ({
      range: { start: document.positionAt(range.start), end: document.positionAt(range.end) },
      newText,
      ...(isShown && { annotationId: label }),
    }));
    changes.push({ textDocument: { uri: document.uri, version }, edits: written });
  };
  const members = await Promise.all(importFolders(file).map((folder) => workspace.neighbours(folder)));
  for (const { file: each } of members.flat()) {
    const schema = await workspace.schemaAt(each);
    if (!schema) continue;
    const document = TextDocument.create(schema.uri, 'imsc', 0, schema.text);
    add(document, documents.get(schema.uri)?.version ?? null, schema.tree, migrateSchema);
  }
  const { configFile } = await settings.of(uri);
  const folder = workspace.folderOf(uri);
  if (configFile !== '' && folder !== undefined) {
    const config = uriOf(path.resolve(folder, configFile));
    const open = documents.other(config)?.document;
    const text = open?.getText() ?? (await readSmallFile(path.resolve(folder, configFile)).catch(() => undefined));
    if (text !== undefined)
      add(TextDocument.create(config, 'yaml', 0, text), open?.version ?? null, parseByContent(text), migrateConfig);
  }
  if (fault !== undefined) return refused(fault);
  const changeAnnotations = { [label]: { label, needsConfirmation: true } };
  return { documentChanges: changes, ...(isShown && { changeAnnotations }) };
}
