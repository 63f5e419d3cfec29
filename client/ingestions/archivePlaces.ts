import { basename, dirname } from 'node:path';
import { l10n, ThemeIcon, Uri, window } from 'vscode';
import { pickOne } from '../dialogs.ts';
import { isList, textAt } from '../json.ts';
import { isArchive } from '../nexusFiles.ts';
import type { Services } from '../services.ts';

/** Where the files of archives stay, newest first; kept with the extension. */
const key = 'imsc.archivePlaces';
const mostKept = 50;

interface Place {
  readonly archive: string;
  readonly folder: string;
}

/**
 * The folders that archives are unpacked into, by the path of each archive; files of other kinds have none. A person is
 * asked once for all of them; what they said before is offered first.
 * @param isSaid true where an answer that was given for this very archive is taken again without asking
 * @returns undefined if they change their mind
 */
export async function archivePlaces(
  { context }: Pick<Services, 'context'>,
  files: readonly Uri[],
  { isSaid = false } = {},
): Promise<ReadonlyMap<string, string> | undefined> {
  const archives = files.filter(isArchive).map(({ fsPath }) => fsPath);
  if (archives.length === 0) return new Map();
  const before = keptPlaces(context.globalState.get(key));
  const said = before.filter(({ archive }) => archives.includes(archive));
  if (isSaid && said.length === archives.length)
    return new Map(said.map(({ archive, folder }) => [archive, folder] as const));
  const folder = await askForPlace(archives, [...said, ...before]);
  if (folder === undefined) return undefined;
  const places = archives.map((archive): Place => ({ archive, folder }));
  const others = before.filter(({ archive }) => !archives.includes(archive));
  await context.globalState.update(key, [...places, ...others].slice(0, mostKept));
  return new Map(places.map((place) => [place.archive, place.folder] as const));
}

async function askForPlace(archives: readonly string[], before: readonly Place[]): Promise<string | undefined> {
  const [first = ''] = archives;
  const beside = dirname(first);
  const known = [...new Set(before.map(({ folder }) => folder))].filter((folder) => folder !== beside).slice(0, 5);
  const wasBeside = before[0]?.folder === beside;
  const items = [
    ...known.map((folder) => ({ label: folder, description: '', folder, iconPath: new ThemeIcon('folder') })),
    { label: l10n.t('Browse…'), description: '', folder: undefined, iconPath: new ThemeIcon('folder-opened') },
  ];
  const besideItem = {
    label: beside,
    description: l10n.t('beside the archive'),
    folder: beside,
    iconPath: new ThemeIcon('folder'),
  };
  items.splice(wasBeside ? 0 : known.length, 0, besideItem);
  const picked = await pickOne(items, {
    title:
      archives.length === 1
        ? l10n.t('Where shall the files of {0} stay?', basename(first))
        : l10n.t('Where shall the files of {0} archives stay?', archives.length),
    placeHolder: l10n.t('Each archive is unpacked there, into a folder of its own'),
    matchOnDescription: true,
  });
  if (picked === undefined || picked.folder !== undefined) return picked?.folder;
  const dialog = { canSelectFiles: false, canSelectFolders: true, defaultUri: Uri.file(known[0] ?? beside) };
  return (await window.showOpenDialog(dialog))?.[0]?.fsPath;
}

function keptPlaces(kept: unknown): readonly Place[] {
  if (!isList(kept)) return [];
  return kept.flatMap((each) => {
    const [archive, folder] = [textAt(each, 'archive'), textAt(each, 'folder')];
    return archive === undefined || folder === undefined ? [] : [{ archive, folder }];
  });
}
