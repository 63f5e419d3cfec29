import { FileType, l10n, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient/browser';
import * as protocol from '../server/protocol.ts';
import type { FileRequest } from '../server/protocol.ts';
import { filesBelow } from './filesBelow.ts';
import { askNexusPage } from './nexusPage/nexusPage.ts';

/**
 * Gives the language server of a browser the files that it asks for: it has none of its own.
 * @param program of the server; beside it are the parts of the HDF5 library
 */
export function answerFileRequests(client: BaseLanguageClient, program: Uri): void {
  const answer = <Parameters, Result>(
    { method }: FileRequest<Parameters, Result>,
    find: (parameters: Parameters) => Thenable<Result>,
  ): void => {
    client.onRequest(method, (parameters: Parameters): Thenable<unknown> => find(parameters));
  };
  answer(protocol.readFile, ({ uri }) => workspace.fs.readFile(Uri.parse(uri)));
  answer(protocol.fileState, async ({ uri }) => {
    const { type, size, mtime } = await workspace.fs.stat(Uri.parse(uri));
    if ((type & FileType.File) === 0) throw new Error(l10n.t('This is a folder, not a file.'));
    return { size, mtimeMs: mtime };
  });
  answer(protocol.filesBelow, async ({ uri, onlyItself }) => {
    const files = await filesBelow(Uri.parse(uri), onlyItself);
    return files.map(String);
  });
  answer(protocol.libraryParts, async () => {
    const [glue, wasm] = await Promise.all(
      ['hdf5Glue.js', '../h5wasm.wasm'].map((name) => workspace.fs.readFile(Uri.joinPath(program, '..', name))),
    );
    return { glue, wasm };
  });
  answer(protocol.askNexus, ({ file, question }) => askNexusPage(file, question));
}
