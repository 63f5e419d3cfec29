import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { unreadableFile } from './fileError.ts';
import { pathlibText } from './pathlibPath.ts';

/** Lists that are too long to be held: piece by piece, in order. Can be gone through again. */
export type Batches<T> = Iterable<readonly T[]> | AsyncIterable<readonly T[]>;

/**
 * Files that paths stand for: a file itself, a folder all files below it, anything else a pattern. In order, sorted
 * within each; folder by folder, so that long lists need no memory. Links are followed, but not in circles.
 *
 * Going through it throws FileError for a folder that cannot be read, and the signal's reason when aborted.
 */
export function expandPaths(paths: readonly string[], signal?: AbortSignal): Batches<string> {
  return { [Symbol.asyncIterator]: () => expanded(paths, signal) };
}

async function* expanded(paths: readonly string[], signal?: AbortSignal): AsyncGenerator<readonly string[], void> {
  for (const item of paths) {
    const found = await stat(item).catch(() => undefined);
    if (found?.isDirectory()) yield* filesBelow(pathlibText(path.resolve(item)), [await realpath(item)], signal);
    else if (found || !/[*?[{]/.test(item)) yield [item];
    else yield (await (await import('tinyglobby')).glob(item, { absolute: true })).sort();
  }
}

/** So many folders are read before their turn comes. */
const foldersAhead = 4;

/**
 * @param within the real path of the folder, behind those of the folders that it lies in: links may lead back there
 * @param content what is in it, where that is being read already
 */
async function* filesBelow(
  folder: string,
  within: readonly string[],
  signal?: AbortSignal,
  content = sortedEntries(folder),
): AsyncGenerator<readonly string[], void> {
  signal?.throwIfAborted();
  const entries = await content;
  const folders = entries.filter(({ kind }) => kind === 'folder');
  const read: Promise<readonly Entry[]>[] = [];
  let seen = 0;
  let files: string[] = [];
  for (const { name, kind, isLink } of entries) {
    const inner = `${folder}/${name}`;
    if (kind === 'file') files.push(inner);
    if (kind !== 'folder') continue;
    yield files;
    files = [];
    for (const next of folders.slice(seen + read.length, seen + foldersAhead)) {
      const reading = sortedEntries(`${folder}/${next.name}`);
      // A failure is seen when its turn comes.
      reading.catch(() => undefined);
      read.push(reading);
    }
    seen += 1;
    const ready = read.shift();
    const real = isLink ? await realpath(inner) : path.join(within.at(-1) ?? '', name);
    if (!within.includes(real)) yield* filesBelow(inner, [...within, real], signal, ready);
  }
  yield files;
}

interface Entry {
  readonly name: string;
  /** What it is sorted by. */
  readonly key: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly isLink: boolean;
}

/** In the order of the paths of all files: `a.b` before `a/c`. */
async function sortedEntries(folder: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const entry of await dirents(folder)) {
    const isLink = entry.isSymbolicLink();
    // A link that leads nowhere stands for nothing.
    const found = isLink ? await stat(`${folder}/${entry.name}`).catch(() => undefined) : entry;
    const kind = found?.isFile() ? 'file' : found?.isDirectory() ? 'folder' : 'other';
    entries.push({ name: entry.name, key: kind === 'folder' ? `${entry.name}/` : entry.name, kind, isLink });
  }
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function dirents(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadableFile(`The folder ${folder}`, error);
  }
}
