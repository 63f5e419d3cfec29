import { basename } from 'node:path';
import { FileType, l10n, ThemeIcon, Uri, window, workspace } from 'vscode';
import { pickMany, pickOne, showMessage } from './dialogs.ts';
import { isReadable } from './files.ts';

/** Extensions of the files that may be NeXus, as the explorer's menu knows them too. */
export const nexusExtensions = ['nxs', 'h5', 'hdf', 'hdf5', 'nx5', 'cxi'];

const glob = `**/*.{${nexusExtensions.join(',')}}`;
const mostListed = 500;

interface Item {
  readonly label: string;
  readonly description: string;
  readonly iconPath?: ThemeIcon;
  /** Undefined for the entry that opens the dialog. */
  readonly uri: Uri | undefined;
}

/** Lets the person pick one NeXus file of the workspace or of the disk; undefined if they change their mind. */
export async function pickNexusFile(title: string): Promise<Uri | undefined> {
  const picked = await pickOne(await listFiles(), {
    title,
    placeHolder: l10n.t('NeXus file'),
    matchOnDescription: true,
  });
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  const [chosen] = (await window.showOpenDialog({ title, filters: { NeXus: nexusExtensions } })) ?? [];
  return chosen;
}

/** As `pickNexusFile`, for one or many. */
export async function pickNexusFiles(title: string): Promise<readonly Uri[]> {
  const picked = await pickMany(await listFiles(), {
    title,
    placeHolder: l10n.t('NeXus files'),
    matchOnDescription: true,
  });
  if (picked === undefined) return [];
  const found = picked.flatMap(({ uri }) => uri ?? []);
  if (found.length === picked.length) return found;
  const chosen = await window.showOpenDialog({ title, canSelectMany: true, filters: { NeXus: nexusExtensions } });
  return [...found, ...(chosen ?? [])];
}

/** The resource of a menu entry, if it is a file on a real file system; NeXus files are read in place. */
export async function localFile(from: unknown): Promise<Uri | undefined> {
  if (!(from instanceof Uri)) return undefined;
  if (!isReadable(from)) {
    void showMessage(
      'warning',
      l10n.t('NeXus files are read in place by pieces: this one is not on a real file system.'),
    );
    return undefined;
  }
  const { type } = await workspace.fs.stat(from);
  return (type & FileType.File) === 0 ? undefined : from;
}

async function listFiles(): Promise<readonly Item[]> {
  const found = await workspace.findFiles(glob, '**/node_modules/**', mostListed);
  const items = found
    .map((uri) => ({ label: basename(uri.path), description: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description));
  return [
    ...items,
    { label: l10n.t('Browse…'), iconPath: new ThemeIcon('folder-opened'), description: '', uri: undefined },
  ];
}
