import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { HttpRefusal } from '../../http/refusal.ts';
import { findIn, isDataFileName } from '../../locations.ts';
import type { Found } from '../../locations.ts';
import type { Services } from '../../protocol.ts';

export interface Folder {
  readonly name: string;
  readonly path: string;
  readonly children: boolean;
  readonly probablyDataset: boolean;
}

/**
 * What a path of the page is: `/` and the name of a location, then what is below.
 * @throws HttpRefusal 400, as a text
 */
export async function folderAt({ settings }: Services, given: string): Promise<Found> {
  const [, name = '', rest = ''] = /^\/+([^/]+)(?:\/+(.*?))?\/*$/s.exec(given) ?? [];
  const location = settings.locations.find((each) => each.name === name);
  const refused = (why: string): HttpRefusal => new HttpRefusal(400, why, { code: 'text' });
  if (!location) throw refused(`${given} is not a folder here.`);
  if (rest === '') return { location, file: location.path, isFolder: true };
  const found = await findIn(location, rest);
  if ('wrong' in found) throw refused(`${given} ${found.wrong}.`);
  if ('missing' in found) throw refused(`The folder ${given} does not exist.`);
  if (!found.isFolder) throw refused(`${given} is a file, not a folder.`);
  return found;
}

/** The folders of one level. @throws HttpRefusal 400, as a text */
export async function foldersIn(services: Services, given: string): Promise<readonly Folder[]> {
  const { locations } = services.settings;
  if (/^\/*$/.test(given)) {
    return Promise.all(
      locations.map(async ({ name, path: folder }) => ({
        name,
        path: `/${name}`,
        children: (await looked(folder)).folders.length > 0,
        probablyDataset: false,
      })),
    );
  }
  const { location, file } = await folderAt(services, given);
  const base = given.replace(/\/+$/, '');
  const { folders } = await looked(file);
  return Promise.all(
    folders.map(async (name) => {
      const below = await looked(path.join(file, name));
      return {
        name,
        path: `${base}/${name}`,
        children: below.folders.length > 0,
        probablyDataset: below.hasData || (location.has_datasets && file === location.path),
      };
    }),
  );
}

/** What lies in a folder; nothing for one that cannot be read. Links are not followed. */
async function looked(folder: string): Promise<{ readonly folders: readonly string[]; readonly hasData: boolean }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  return { folders: folders.sort(), hasData: entries.some((entry) => entry.isFile() && isDataFileName(entry.name)) };
}
