import { realpath, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import type { ServeSettings } from './settings/serveSettings.ts';

export type Location = ServeSettings['locations'][number];

/** A file or folder of a location. */
export interface Found {
  readonly location: Location;
  /** Absolute, as it was named. */
  readonly file: string;
  readonly isFolder: boolean;
}

/** Why a path leads nowhere: it is wrong in itself, it leaves its location, or nothing is there. */
export type PathFault = { readonly wrong: string } | { readonly missing: true };

/** What is wrong with a path below a location, before it is looked whether anything is there. */
export function faultOfPath(text: string): string | undefined {
  if (text === '') return 'must not be empty';
  if (text.includes('\0')) return 'must not hold NUL';
  if (text.includes('\\')) return 'must have / between its parts';
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text)) return 'must be relative to the ingest location';
  if (text.split('/').includes('..')) return 'must not leave the ingest location';
  return undefined;
}

/**
 * What a client names below a location. Links are followed as long as they stay inside; where others lead is not told.
 * @param text decoded once; in any of the forms in which Unicode writes it
 */
export async function findIn(location: Location, text: string): Promise<Found | PathFault> {
  const wrong = faultOfPath(text);
  if (wrong !== undefined) return { wrong };
  for (const form of new Set([text, text.normalize('NFC'), text.normalize('NFD')])) {
    const file = path.join(location.path, form);
    const there = await placeOf(file);
    if (!there) continue;
    if (!isBelow(there.real, await realpath(location.path))) return { wrong: 'must not leave the ingest location' };
    return { location, file, isFolder: there.found.isDirectory() };
  }
  return { missing: true };
}

async function placeOf(file: string): Promise<{ readonly real: string; readonly found: Stats } | undefined> {
  try {
    return { real: await realpath(file), found: await stat(file) };
  } catch {
    return undefined;
  }
}

function isBelow(real: string, root: string): boolean {
  return real === root || real.startsWith(root.endsWith(path.sep) ? root : `${root}${path.sep}`);
}

/** How data files are called. */
const dataFileName = /\.(?:nxs|nx5|h5|hdf|hdf5|nexus)$/i;

export function isDataFileName(name: string): boolean {
  return dataFileName.test(name);
}
