import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { setRemoteFiles } from '../../core/files/host/remote.ts';
import { knowSlow, watchWork } from '../../core/limits/workWatch.ts';
import { setLibraryParts } from '../../core/nexus/library/libraryParts.ts';
import { errorFrom } from '../../core/nexus/worker/workerProtocol.ts';
import type { Reply } from '../../core/nexus/worker/workerProtocol.ts';
import { fileOf, uriOf } from '../documents/fileUris.ts';
import * as protocol from '../protocol.ts';
import { memberOf } from '../settings.ts';
import { startServer } from '../startServer.ts';

/** The program in a browser: a worker that speaks with the extension, and asks it for files. */
const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));

setRemoteFiles({
  read: (file) => connection.sendRequest(protocol.readFile.method, { uri: uriOf(file) }),
  state: (file) => connection.sendRequest(protocol.fileState.method, { uri: uriOf(file) }),
  below: (folder) => filesOf({ uri: uriOf(folder) }),
  directlyIn: (folder) => filesOf({ uri: uriOf(folder), onlyItself: true }),
  ask: async (file, question) => {
    const reply = await connection.sendRequest<Reply>(protocol.askNexus.method, { file, question });
    if ('error' in reply) throw errorFrom(reply.error);
    return reply.answer;
  },
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
