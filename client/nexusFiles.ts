import { basename } from 'node:path';
import { FileType, Uri, window, workspace } from 'vscode';

/** Extensions of the files that may be NeXus, as the explorer's menu knows them too. */
export const nexusExtensions = ['nxs', 'h5', 'hdf', 'hdf5', 'nx5', 'cxi'];

const glob = `**/*.{${nexusExtensions.join(',')}}`;
const mostListed = 500;

/** Lets the person pick one NeXus file of the workspace or of the disk; undefined if they change their mind. */
export async function pickNexusFile(title: string): Promise<Uri | undefined> {
  const found = await workspace.findFiles(glob, '**/node_modules/**', mostListed);
  const items = found
    .map((uri) => ({ label: basename(uri.path), description: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description));
  const browse = { label: '$(folder-opened) Browse…', description: '', uri: undefined };
  const picked = await window.showQuickPick([...items, browse], {
    title,
    placeHolder: 'NeXus file',
    matchOnDescription: true,
  });
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  const [chosen] = (await window.showOpenDialog({ title, filters: { NeXus: nexusExtensions } })) ?? [];
  return chosen;
}

/** The resource of a menu entry, if it is a file on a real file system; NeXus files are read in place. */
export async function localFile(from: unknown): Promise<Uri | undefined> {
  if (!(from instanceof Uri)) return undefined;
  if (from.scheme !== 'file') {
    void window.showWarningMessage('NeXus files are read in place by pieces: this one is not on a real file system.');
    return undefined;
  }
  const { type } = await workspace.fs.stat(from);
  return (type & FileType.File) === 0 ? undefined : from;
}
