import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { failureReason } from './failureReason.ts';
import { FileError } from './fileError.ts';

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
    if (found?.isDirectory()) yield* filesBelow(slashed(path.resolve(item)), [await realpath(item)], signal);
    else if (found || !/[*?[{]/.test(item)) yield [item];
    else yield (await (await import('tinyglobby')).glob(item, { absolute: true })).sort();
  }
}

/** @param within the real path of the folder, behind those of the folders that it lies in: links may lead back there */
async function* filesBelow(
  folder: string,
  within: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<readonly string[], void> {
  signal?.throwIfAborted();
  let files: string[] = [];
  for (const { name, kind, isLink } of await sortedEntries(folder)) {
    const inner = `${folder}/${name}`;
    if (kind === 'file') files.push(inner);
    if (kind !== 'folder') continue;
    yield files;
    files = [];
    const real = isLink ? await realpath(inner) : path.join(within.at(-1) ?? '', name);
    if (!within.includes(real)) yield* filesBelow(inner, [...within, real], signal);
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
async function sortedEntries(folder: string): Promise<Entry[]> {
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
    throw new FileError('file-unreadable', `The folder ${folder} cannot be read: ${failureReason(error)}.`);
  }
}

function slashed(file: string): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}
