import { FileType, l10n, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient/browser';
import * as protocol from '../server/protocol.ts';
import type { FileRequest } from '../server/protocol.ts';
import { askNexusPage } from './nexusPage/nexusPage.ts';

/** More files than this are not told of. */
const mostFiles = 20_000;
const skipped = new Set(['node_modules', '.git']);

/** Gives the language server of a browser the files that it asks for: it has none of its own. */
export function answerFileRequests(client: BaseLanguageClient): void {
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
  answer(protocol.filesBelow, ({ uri }) => filesBelow(Uri.parse(uri)));
  answer(protocol.askNexus, ({ file, question }) => askNexusPage(file, question));
}

/** Looks into each folder by itself: not every file system of a browser can be searched. */
async function filesBelow(root: Uri): Promise<string[]> {
  const files: string[] = [];
  const folders = [root];
  for (let folder = folders.shift(); folder && files.length < mostFiles; folder = folders.shift()) {
    const here = folder;
    const entries = await workspace.fs.readDirectory(here).then(
      (found) => found,
      () => [],
    );
    for (const [name, type] of entries) {
      // Links are not followed: they may lead in a circle.
      if (type === FileType.File) files.push(Uri.joinPath(here, name).toString());
      else if (type === FileType.Directory && !skipped.has(name)) folders.push(Uri.joinPath(here, name));
    }
  }
  return files;
}
