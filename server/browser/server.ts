import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { isDropped, setRemoteFiles } from '../../core/files/host/remote.ts';
import { knowSlow, watchWork } from '../../core/limits/workWatch.ts';
import { setLibraryParts } from '../../core/nexus/library/libraryParts.ts';
import { errorFrom } from '../../core/nexus/worker/workerProtocol.ts';
import type { ErrorData } from '../../core/nexus/worker/workerProtocol.ts';
import { fileOf, uriOf } from '../documents/fileUris.ts';
import * as protocol from '../protocol.ts';
import { memberOf } from '../settings.ts';
import { startServer } from '../startServer.ts';

/** The program in a browser: a worker that speaks with the extension, and asks it for files. */
const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));

setRemoteFiles({
  read: (file) => connection.sendRequest(protocol.readFile.method, { uri: uriOf(file) }),
  state: (file) =>
    isDropped(file)
      ? askPage<{ readonly size: number; readonly mtimeMs: number }>(file, { method: 'state' })
      : connection.sendRequest(protocol.fileState.method, { uri: uriOf(file) }),
  below: (folder) => filesOf({ uri: uriOf(folder) }),
  directlyIn: (folder) => filesOf({ uri: uriOf(folder), onlyItself: true }),
  ask: askPage,
});
watchWork({
  begun: (what) => {
    void connection.sendNotification(protocol.workBegun.method, { what });
  },
  ended: () => {
    void connection.sendNotification(protocol.workEnded.method, null);
  },
});
setLibraryParts(() => connection.sendRequest(protocol.libraryParts.method));
startServer(connection, ({ initializationOptions }) => {
  const slow = memberOf(initializationOptions, 'slow');
  if (Array.isArray(slow)) knowSlow(slow.filter((what) => typeof what === 'string'));
});

async function filesOf(parameters: protocol.FilesBelowParameters): Promise<string[]> {
  const uris = await connection.sendRequest<string[]>(protocol.filesBelow.method, parameters);
  return uris.flatMap((uri) => fileOf(uri) ?? []);
}

type PageReply<Answer> = { readonly answer: Answer } | { readonly error: ErrorData };

async function askPage<Answer>(file: string, question: unknown): Promise<Answer> {
  const reply = await connection.sendRequest<PageReply<Answer>>(protocol.askNexus.method, { file, question });
  if ('error' in reply) throw errorFrom(reply.error);
  return reply.answer;
}
