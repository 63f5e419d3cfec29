import { basename } from 'node:path';
import { FileType, l10n, QuickPickItemKind, ThemeIcon, Uri, window, workspace } from 'vscode';
import type { Memento } from 'vscode';
import { pickMany, pickManyOr, pickOne, showMessage } from './dialogs.ts';
import { filesEndingIn, isReadable, pathOf } from './files.ts';
import { recentFiles, rememberFiles } from './recentFiles.ts';

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

/**
 * Lets the person pick one NeXus file of the workspace or of the disk; undefined if they change their mind.
 * @param storage keeps which files were picked last; they stand above those that were not
 */
export async function pickNexusFile(storage: Memento, title: string, first?: FirstFiles): Promise<Uri | undefined> {
  const [listed, recent] = await Promise.all([listFiles(), recentFiles(storage)]);
  const offered = grouped(listed, await groupsOf([...listed, ...recent], recent.filter(takenIn(false)), first));
  const picked = await pickOne([...offered, { ...browsing(), description: '', uri: undefined }], {
    title,
    placeHolder: l10n.t('NeXus file'),
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  const filters = { NeXus: nexusExtensions, ...allFiles() };
  const chosen = picked.uri ?? (await window.showOpenDialog({ title, filters }))?.[0];
  if (chosen !== undefined) await rememberFiles(storage, [chosen]);
  return chosen;
}

export function isArchive({ path }: Uri): boolean {
  return archiveExtensions.includes(path.split('.').at(-1)?.toLowerCase() ?? '');
}

export function isNexus({ path }: Uri): boolean {
  return nexusExtensions.includes(path.split('.').at(-1)?.toLowerCase() ?? '');
}

/**
 * Lets the person tick NeXus files of the workspace, and others that are at hand.
 * @param inUse is ticked from the beginning
 * @returns them as the server names them; none for a change of mind
 */
export async function pickSamples(
  title: string,
  inUse: string | null,
  others: readonly Uri[],
  first: FirstFiles,
): Promise<readonly string[]> {
  const offer = async (): Promise<readonly Item[]> => {
    const listed = await listFiles();
    const items = grouped(listed, await groupsOf([...others, ...listed], others, first));
    return items.map((item) => ({ ...item, picked: item.uri !== undefined && pathOf(item.uri) === inUse }));
  };
  const options = { title, placeHolder: l10n.t('NeXus files'), matchOnDescription: true };
  return ((await pickMany(offer(), options)) ?? []).flatMap(({ uri }) => (uri ? [pathOf(uri)] : []));
}

/** As `pickNexusFile`, for one or many. @param takesArchives archives, too */
export async function pickFiles(
  storage: Memento,
  title: string,
  { takesArchives = false } = {},
): Promise<readonly Uri[]> {
  const endings = takesArchives ? [...nexusExtensions, ...listedArchives] : nexusExtensions;
  const options = {
    title,
    placeHolder: takesArchives ? l10n.t('NeXus files, or archives of files') : l10n.t('NeXus files'),
    matchOnDescription: true,
  };
  const { iconPath, label: tooltip } = browsing();
  const offered = Promise.all([listFiles(endings), recentFiles(storage)]).then(async ([listed, recent]) =>
    grouped(listed, await groupsOf(listed, recent.filter(takenIn(takesArchives)))),
  );
  const answer = await pickManyOr(offered, options, { iconPath, tooltip });
  const filters = {
    NeXus: nexusExtensions,
    ...(takesArchives && { [l10n.t('Archives')]: archiveExtensions }),
    ...allFiles(),
  };
  const picked =
    answer === 'other'
      ? ((await window.showOpenDialog({ title, canSelectMany: true, filters })) ?? [])
      : (answer ?? []).flatMap(({ uri }) => uri ?? []);
  await rememberFiles(storage, picked);
  return picked;
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

/** Archives are offered only where they are taken. */
function takenIn(takesArchives: boolean): (file: Uri) => boolean {
  return (file) => takesArchives || !isArchive(file);
}

/** Files that stand under a heading of their own, above all others. */
interface Group {
  readonly title: string;
  readonly files: readonly Uri[];
}

/** What is offered first: what the caller wants first, then what was picked last. */
async function groupsOf(all: readonly Uri[], recent: readonly Uri[], first?: FirstFiles): Promise<readonly Group[]> {
  const byPath = new Map(all.map((file) => [pathOf(file), file]));
  const taken = new Set(first && (await first.among([...byPath.keys()])));
  return [
    ...(first
      ? [{ title: first.title, files: [...byPath].flatMap(([path, file]) => (taken.has(path) ? file : [])) }]
      : []),
    { title: l10n.t('Recently Used'), files: recent },
  ];
}

/** Each file once, under the first heading that has it; the last heading is there only below others. */
function grouped(listed: readonly Uri[], first: readonly Group[]): readonly Item[] {
  const shown = new Set<string>();
  const items: Item[] = [];
  for (const { title, files } of [...first, { title: l10n.t('Others'), files: listed }]) {
    const left = files.filter((file) => !shown.has(pathOf(file)));
    if (left.length === 0) continue;
    if (first.some((group) => group.files.length > 0)) items.push(heading(title));
    items.push(...left.map(itemOf));
    for (const file of left) shown.add(pathOf(file));
  }
  return items;
}

function heading(label: string): Item {
  return { label, description: '', kind: QuickPickItemKind.Separator, uri: undefined };
}

function itemOf(uri: Uri): Item {
  return { label: basename(uri.path), description: workspace.asRelativePath(uri), uri };
}

/** The files of the workspace with one of these extensions, by their paths there. */
async function listFiles(extensions: readonly string[] = nexusExtensions): Promise<readonly Uri[]> {
  const found = await filesEndingIn(
    extensions.map((each) => `.${each}`),
    mostListed,
  );
  return [...found].sort((a, b) => workspace.asRelativePath(a).localeCompare(workspace.asRelativePath(b)));
}
