import {
  DiagnosticRefreshRequest,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import type {
  CancellationToken,
  Diagnostic,
  DiagnosticServerCancellationData,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
} from 'vscode-languageserver';
import { utf8Bytes } from '../../core/text/utf8.ts';
import type { ServerContext } from '../context.ts';
import { diagnosticsOfDocument, diagnosticsOfClosed } from '../problems/documentProblems.ts';
import { nextTurn } from '../turns.ts';

/** Whether the client asks for diagnostics; it is then told none unasked. */
export function pulls(server: ServerContext): boolean {
  return server.client.textDocument?.diagnostic !== undefined;
}

/** Answers what is wrong with one document. */
export function documentDiagnostics(server: ServerContext) {
  const refreshes = server.client.workspace?.diagnostics?.refreshSupport === true;
  return async (
    { textDocument, previousResultId }: DocumentDiagnosticParams,
    token: CancellationToken,
  ): Promise<DocumentDiagnosticReport | NoAnswer> => {
    const found = await diagnosticsOfDocument(server, textDocument.uri, !refreshes);
    if (token.isCancellationRequested) return cancelled();
    if (!found) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    if (server.documents.version(textDocument.uri) !== found.version) return outdated();
    if (found.late) void refreshWhen(server, found.late);
    return reportOf(found.items, previousResultId);
  };
}

/** Answers what is wrong with all schemas of the workspace, open or not. */
export function workspaceDiagnostics(server: ServerContext) {
  return async (
    { previousResultIds }: WorkspaceDiagnosticParams,
    token: CancellationToken,
  ): Promise<WorkspaceDiagnosticReport | NoAnswer> => {
    const before = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: WorkspaceDiagnosticReport['items'] = [];
    for await (const snapshot of server.workspace.schemas(token)) {
      if (token.isCancellationRequested) return cancelled();
      const { uri } = snapshot;
      const open = await diagnosticsOfDocument(server, uri, false);
      const own = open?.items ?? (await diagnosticsOfClosed(server, snapshot));
      items.push({ uri, version: open?.version ?? null, ...(await reportOf(own, before.get(uri))) });
      before.delete(uri);
      await nextTurn(); // others are answered in between
    }
    // What is gone has no problems any more.
    for (const uri of before.keys()) {
      if (server.documents.version(uri) !== undefined) continue;
      items.push({ uri, version: null, kind: DocumentDiagnosticReportKind.Full, items: [] });
    }
    return { items };
  };
}

type NoAnswer = ResponseError<DiagnosticServerCancellationData>;

/** The client took its question back, and asks again when it likes: "cancelled by the server" would forbid it that. */
function cancelled(): NoAnswer {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

/** The document was edited meanwhile; the client should ask once more. */
function outdated(): NoAnswer {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'The document was edited.', { retriggerRequest: true });
}

async function reportOf(items: Diagnostic[], previous: string | undefined): Promise<DocumentDiagnosticReport> {
  const digest = await crypto.subtle.digest('SHA-1', utf8Bytes(JSON.stringify(items)));
  const resultId = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return resultId === previous
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}

async function refreshWhen(server: ServerContext, late: Promise<unknown>): Promise<void> {
  if (await late) await server.connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
}
