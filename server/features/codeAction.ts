import { visibleText } from '../../core/text/hiddenCharacters.ts';
import { isThere } from '../../core/files/host/host.ts';
import { ResponseError, CodeActionKind } from 'vscode-languageserver';
import type { CodeAction, CodeActionParams, Diagnostic, WorkspaceEdit } from 'vscode-languageserver';
import { convertNotation } from '../../core/imsc/edits/convert.ts';
import type { Handler, ServerContext } from '../context.ts';
import { fileOf, uriOf } from '../documents/documentKind.ts';
import { problemsOfDocument } from '../problems/documentProblems.ts';
import { problemPage } from '../explain/problemPage.ts';
import { memberOf } from '../settings.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import { fixAllOffers, fixOffers } from './codeActions/fixes.ts';
import { mandatoryFieldOffers } from './codeActions/mandatoryFields.ts';
import { folderEdit, folderMigrations, migrationFrom, migrationOffers } from './codeActions/migration.ts';
import type { Offer, OfferContext } from './codeActions/offer.ts';
import { suppressionOffers } from './codeActions/suppressions.ts';
import { createOffers, moveOffers, variableOffers } from './codeActions/variables.ts';

export const codeActionKinds = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorRewrite,
  'source.fixAll.imsc',
];

/** What can be done at the selection: fixes, comments that silence, refactorings, the other notation. */
export function codeAction(server: ServerContext): Handler<CodeActionParams, CodeAction[] | null> {
  return async (snapshot, { range, context }) => {
    const selected = { start: snapshot.offsetAt(range.start), end: snapshot.offsetAt(range.end) };
    const { problems } = await problemsOfDocument(server, snapshot);
    const evaluation = server.evaluations.latest(snapshot.uri)?.evaluation;
    const offers = allOffers({ snapshot, range: selected, problems, evaluation });
    const wanted = (kind: string): boolean =>
      context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
    const actions = offers
      .filter(({ kind }) => wanted(kind))
      .map((offer) => actionOf(server, snapshot, offer, context.diagnostics));
    if (wanted(CodeActionKind.QuickFix)) actions.push(...documentationActions(context.diagnostics));
    if (wanted(CodeActionKind.RefactorRewrite))
      actions.push(...folderMigrations(server, snapshot, selected), ...conversionAction(server, snapshot));
    return actions;
  };
}

/** Everything that edits can do, in the order in which it is shown. */
export function allOffers(context: OfferContext): Offer[] {
  return [
    ...moveOffers(context),
    ...fixOffers(context),
    ...createOffers(context),
    ...suppressionOffers(context),
    ...variableOffers(context),
    ...mandatoryFieldOffers(context),
    ...migrationOffers(context),
    ...fixAllOffers(context),
  ];
}

function actionOf(
  server: ServerContext,
  snapshot: Snapshot,
  offer: Offer,
  diagnostics: readonly Diagnostic[],
): CodeAction {
  const { title, kind, edits, problem, preferred } = offer;
  const solved = problem
    ? diagnostics.filter(
        ({ code, range }) => code === problem.code && snapshot.offsetAt(range.start) === problem.range?.start,
      )
    : [];
  return {
    title: visibleText(title),
    kind,
    edit: workspaceEdit(
      server,
      snapshot,
      edits.map((edit) => ({ range: snapshot.rangeOf(edit.range), newText: edit.newText })),
    ),
    ...(solved.length > 0 && { diagnostics: solved }),
    ...(preferred === true && { isPreferred: true }),
  };
}

type ProtocolEdit = NonNullable<WorkspaceEdit['changes']>[string][number];

function workspaceEdit(server: ServerContext, { uri, version }: Snapshot, edits: ProtocolEdit[]): WorkspaceEdit {
  return server.client.workspace?.workspaceEdit?.documentChanges === true
    ? { documentChanges: [{ textDocument: { uri, version }, edits }] }
    : { changes: { [uri]: edits } };
}

/** A way to the page of each kind of problem. */
function documentationActions(diagnostics: readonly Diagnostic[]): CodeAction[] {
  const codes = new Set(diagnostics.filter(({ source }) => source === 'imsc').map(({ code }) => String(code)));
  return [...codes].flatMap((code): CodeAction[] => {
    const page = problemPage(code);
    const title = `Read about “${code}”`;
    if (page === undefined) return [];
    return [{ title, kind: CodeActionKind.QuickFix, command: { title, command: 'vscode.open', arguments: [page] } }];
  });
}

/**
 * The schema in the other notation. The extension opens it as a document that is not saved yet; other editors get a new
 * file beside it, where there is none of that name.
 */
function conversionAction(server: ServerContext, snapshot: Snapshot): CodeAction[] {
  const to = snapshot.notation === 'json' ? 'yaml' : 'json';
  const title = `Convert to ${to.toUpperCase()}`;
  if (snapshot.tree.problems.some(({ code }) => code === 'syntax')) return [];
  const kind = CodeActionKind.RefactorRewrite;
  if (server.hasCommands)
    return [{ title, kind, command: { title, command: 'imsc.convertNotation', arguments: [snapshot.uri] } }];
  const file = fileOf(snapshot.uri);
  const target = file?.replace(/\.(?:json|ya?ml)$/i, to === 'json' ? '.json' : '.yml');
  const { documentChanges, resourceOperations } = server.client.workspace?.workspaceEdit ?? {};
  const creates = documentChanges === true && resourceOperations?.includes('create') === true;
  if (!creates || target === undefined || target === file || isThere(target)) return [];
  return [{ title, kind, data: { kind: 'convert', uri: snapshot.uri, target: uriOf(target) } }];
}

/** Makes the edit of an action that was chosen. */
export function resolveCodeAction(server: ServerContext) {
  return async (action: CodeAction): Promise<CodeAction | ResponseError> => {
    const migration = migrationFrom(action.data);
    if (migration) {
      const edit = await folderEdit(server, migration.uri, migration.to);
      return edit instanceof ResponseError ? edit : { ...action, edit };
    }
    const request = conversionFrom(action.data);
    const snapshot = request && server.documents.get(request.uri);
    if (!request || !snapshot) return action;
    const text = convertNotation(snapshot.tree, snapshot.notation === 'json' ? 'yaml' : 'json');
    const start = { line: 0, character: 0 };
    return {
      ...action,
      edit: {
        documentChanges: [
          { kind: 'create', uri: request.target },
          {
            textDocument: { uri: request.target, version: null },
            edits: [{ range: { start, end: start }, newText: text }],
          },
        ],
      },
    };
  };
}

function conversionFrom(data: unknown): { readonly uri: string; readonly target: string } | undefined {
  const kind = memberOf(data, 'kind');
  const uri = memberOf(data, 'uri');
  const target = memberOf(data, 'target');
  return kind === 'convert' && typeof uri === 'string' && typeof target === 'string' ? { uri, target } : undefined;
}
