import { TextDocumentSyncKind } from 'vscode-languageserver';
import type { Connection, InitializeParams, InitializeResult } from 'vscode-languageserver';
import { WorkspaceSession } from './session.ts';
import { capabilitiesFor } from './features.ts';

/**
 * Speaks the Language Server Protocol on a connection until its client says that it is enough.
 * @param greeted told what the client says of itself, before anything is done
 */
export function startServer(connection: Connection, greeted?: (params: InitializeParams) => void): void {
  let session: WorkspaceSession | undefined;
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    greeted?.(params);
    session = new WorkspaceSession(connection, params);
    return {
      capabilities: {
        ...capabilitiesFor(params.capabilities),
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        positionEncoding: 'utf-16',
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'imsc' },
    };
  });
  connection.onInitialized(() => {
    void session?.ready();
  });
  connection.onShutdown(() => session?.dispose());
  connection.listen();
}
