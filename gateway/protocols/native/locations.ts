import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { failureReason } from '../../../core/files/failureReason.ts';
import { budget } from '../../../core/limits/budget.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import { findIn, isDataFileName } from '../../locations.ts';
import type { Location } from '../../locations.ts';
import { json } from '../../protocol.ts';
import type { Serving } from './described.ts';
import { numberIn } from './list.ts';

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * One level of a location. What is hidden is not shown, links only as long as they lead to something inside, and of a
 * page nothing but its own entries is looked at.
 */
export async function listFiles({ settings }: Serving, { req }: GatewayContext): Promise<Response> {
  const location = settings.locations.find(({ name }) => name === req.param('name'));
  if (!location) throw new HttpRefusal(404, 'There is no location of that name.');
  const below = (req.query('path') ?? '').replace(/\/+$/, '');
  const folder = await folderIn(location, below);
  const { entries, isCut } = await entriesOf(location, below, folder);
  const first = (numberIn(req, 'page', 1) - 1) * budget.listing.page;
  const shown = await Promise.all(
    entries.slice(first, first + budget.listing.page).map(async ({ name, isFolder }) => {
      const found = await stat(path.join(folder, name)).catch(() => undefined);
      return {
        name,
        path: below === '' ? name : `${below}/${name}`,
        folder: isFolder,
        size: isFolder || !found ? null : found.size,
        changed: (found?.mtime ?? new Date(0)).toISOString(),
        data: !isFolder && isDataFileName(name),
      };
    }),
  );
  return json(200, { entries: shown, total: entries.length, more: isCut });
}

/** @param at the folder `below` a location. @throws HttpRefusal 404 */
async function entriesOf(
  location: Location,
  below: string,
  at: string,
): Promise<{ readonly entries: readonly Entry[]; readonly isCut: boolean }> {
  const found: Entry[] = [];
  let looked = 0;
  try {
    for await (const entry of await opendir(at)) {
      if (++looked > budget.listing.names) break;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory() || entry.isFile()) found.push({ name: entry.name, isFolder: entry.isDirectory() });
      else if (entry.isSymbolicLink()) {
        const target = await findIn(location, below === '' ? entry.name : `${below}/${entry.name}`);
        if ('file' in target) found.push({ name: entry.name, isFolder: target.isFolder });
      }
    }
  } catch (error) {
    throw new HttpRefusal(404, `The folder cannot be read: ${failureReason(error)}.`);
  }
  found.sort(byKindAndName);
  return { entries: found, isCut: looked > budget.listing.names };
}

const names = new Intl.Collator('en', { numeric: true });

function byKindAndName(one: Entry, other: Entry): number {
  return Number(other.isFolder) - Number(one.isFolder) || names.compare(one.name, other.name);
}

/** @throws HttpRefusal 400, 404 */
async function folderIn(location: Location, below: string): Promise<string> {
  if (below === '') return location.path;
  const found = await findIn(location, below);
  if ('wrong' in found) throw new HttpRefusal(400, `path: ${found.wrong}.`);
  if ('missing' in found || !found.isFolder) throw new HttpRefusal(404, 'path: there is no such folder.');
  return found.file;
}
