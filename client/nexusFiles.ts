import { basename } from 'node:path';
import { FileType, l10n, QuickPickItemKind, ThemeIcon, Uri, window, workspace } from 'vscode';
import { pickManyOr, pickOne, showMessage } from './dialogs.ts';
import { filesEndingIn, isReadable, pathOf } from './files.ts';

/** Extensions of the files that may be NeXus, as the explorer's menu knows them too. */
export const nexusExtensions = ['nxs', 'h5', 'hdf', 'hdf5', 'nx5', 'cxi'];

/** Of archives only those are listed that are probably deliveries; others are found by browsing. */
const listedArchives = ['zip', 'tar', 'tar.gz', 'tgz', '7z'];
/** Endings of the archives that the program unpacks, as the explorer's menu knows them too. */
export const archiveExtensions = ['zip', 'tar', 'tgz', 'gz', '7z'];

const mostListed = 500;

/** What leads to the dialog for files. */
function browsing(): { readonly label: string; readonly iconPath: ThemeIcon } {
  return { label: l10n.t('Browse…'), iconPath: new ThemeIcon('folder-opened') };
}

/** Some facilities give their NeXus files endings of their own. */
function allFiles(): Readonly<Record<string, string[]>> {
  return { [l10n.t('All Files')]: ['*'] };
}

interface Item {
  readonly label: string;
  readonly description: string;
  readonly iconPath?: ThemeIcon;
  readonly kind?: QuickPickItemKind;
  /** Undefined for the entry that opens the dialog. */
  readonly uri: Uri | undefined;
}

/** Files that are offered before all others. */
export interface FirstFiles {
  /** What stands above them. */
  readonly title: string;
  /** Which of some files these are. */
  readonly among: (files: readonly string[]) => Promise<readonly string[]>;
}

/** Lets the person pick one NeXus file of the workspace or of the disk; undefined if they change their mind. */
export async function pickNexusFile(title: string, first?: FirstFiles): Promise<Uri | undefined> {
  const listed = [...(await listFiles()), { ...browsing(), description: '', uri: undefined }];
  const picked = await pickOne(first ? await inGroups(listed, first) : listed, {
    title,
    placeHolder: l10n.t('NeXus file'),
    matchOnDescription: true,
  });
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  const [chosen] = (await window.showOpenDialog({ title, filters: { NeXus: nexusExtensions, ...allFiles() } })) ?? [];
  return chosen;
}

export function isArchive({ path }: Uri): boolean {
  return archiveExtensions.includes(path.split('.').at(-1)?.toLowerCase() ?? '');
}

export function isNexus({ path }: Uri): boolean {
  return nexusExtensions.includes(path.split('.').at(-1)?.toLowerCase() ?? '');
}

/** As `pickNexusFile`, for one or many. @param takesArchives archives, too */
export async function pickFiles(title: string, { takesArchives = false } = {}): Promise<readonly Uri[]> {
  const listed = takesArchives ? [...nexusExtensions, ...listedArchives] : nexusExtensions;
  const options = {
    title,
    placeHolder: takesArchives ? l10n.t('NeXus files, or archives of files') : l10n.t('NeXus files'),
    matchOnDescription: true,
  };
  const { iconPath, label: tooltip } = browsing();
  const picked = await pickManyOr(listFiles(listed), options, { iconPath, tooltip });
  if (picked !== 'other') return (picked ?? []).flatMap(({ uri }) => uri ?? []);
  const filters = {
    NeXus: nexusExtensions,
    ...(takesArchives && { [l10n.t('Archives')]: archiveExtensions }),
    ...allFiles(),
  };
  return (await window.showOpenDialog({ title, canSelectMany: true, filters })) ?? [];
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

async function inGroups(items: readonly Item[], { title, among }: FirstFiles): Promise<readonly Item[]> {
  const taken = new Set(await among(items.flatMap(({ uri }) => (uri ? [pathOf(uri)] : []))));
  if (taken.size === 0) return items;
  const isFirst = ({ uri }: Item): boolean => uri !== undefined && taken.has(pathOf(uri));
  const heading = (label: string): Item => ({
    label,
    description: '',
    kind: QuickPickItemKind.Separator,
    uri: undefined,
  });
  return [
    heading(title),
    ...items.filter(isFirst),
    heading(l10n.t('Others')),
    ...items.filter((item) => !isFirst(item)),
  ];
}

async function listFiles(extensions: readonly string[] = nexusExtensions): Promise<readonly Item[]> {
  const endings = extensions.map((each) => `.${each}`);
  const found = await filesEndingIn(endings, mostListed);
  return found
    .map((uri) => ({ label: basename(uri.path), description: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description));
}
