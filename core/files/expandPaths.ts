import { isUtf8 } from 'node:buffer';
import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import { unreadableFile } from './fileError.ts';
import { pathlibText } from './pathlibPath.ts';

/** Lists that are too long to be held: piece by piece, in order. Can be gone through again. */
export type Batches<T> = Iterable<readonly T[]> | AsyncIterable<readonly T[]>;

export interface ExpandOptions {
  readonly signal?: AbortSignal | undefined;
  /** Files that are listed anyway, and not again. */
  readonly besides?: readonly string[] | undefined;
  /** Whether links lead to what is listed; true if not said. */
  readonly followsLinks?: boolean | undefined;
  /** In the order in which people count, `run2` before `run10`; otherwise by code units. */
  readonly inNaturalOrder?: boolean | undefined;
  /** Files, and folders with all that is in them, that are passed over. @param path below what was named */
  readonly isLeftOut?: ((path: string) => boolean) | undefined;
  /** Told once of what is left out although it was named. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
}

/**
 * Files that paths stand for: a file itself, a folder all files below it, anything else a pattern. In order, sorted
 * within each; folder by folder, so that long lists need no memory. Links are followed, but not in circles. Each file is
 * listed once, under the first name that leads to it. Hard links are files of their own, since whoever fetches the
 * files needs each of these names, but for further names of what is listed anyway: the data file is one file.
 *
 * Going through it throws FileError for a folder that cannot be read, and the signal's reason when aborted.
 */
export function expandPaths(paths: readonly string[], options: ExpandOptions = {}): Batches<string> {
  const told = new Set<string>();
  const onProblem = (found: Problem): void => {
    // The list may be gone through again.
    if (told.size !== told.add(found.message).size) options.onProblem?.(found);
  };
  return { [Symbol.asyncIterator]: () => new Expansion({ ...options, onProblem }).of(paths) };
}

/** How many folders are read before their turn comes. */
const foldersAhead = 4;

/** One time through the files. */
class Expansion {
  readonly #options: ExpandOptions;
  /** The real paths of the files that are listed. */
  readonly #listed = new Set<string>();
  /** Files that are listed besides and have further names (hard links): those are no other files. */
  readonly #linked = new Set<string>();

  constructor(options: ExpandOptions) {
    this.#options = options;
  }

  async *of(paths: readonly string[]): AsyncGenerator<readonly string[], void> {
    for (const file of this.#options.besides ?? []) {
      this.#listed.add(await realPath(file));
      const found = await stat(file, { bigint: true }).catch(() => undefined);
      if (found && found.nlink > 1n) this.#linked.add(inodeOf(found));
    }
    for (const item of paths) {
      const found = await stat(item).catch(() => undefined);
      if (found?.isDirectory()) yield* this.#below(pathlibText(await withoutUps(item)), [await realpath(item)]);
      else if (found || !/[*?[{]/.test(item)) yield await this.#new([await withoutUps(item)]);
      else yield await this.#matching(item);
    }
  }

  async #matching(pattern: string): Promise<readonly string[]> {
    const found = (await (await import('./globFiles.ts')).filesMatching(pattern)).sort();
    if (found.length === 0) {
      const message = `No file matches ${pattern}, so nothing is listed for it.`;
      this.#options.onProblem?.(problem('file-unreadable', message, undefined, { severity: 'warning' }));
    }
    return this.#new(found);
  }

  async #new(files: readonly string[]): Promise<readonly string[]> {
    const fresh: string[] = [];
    for (const file of files) if (this.#isNew(await realPath(file)) && !(await this.#isLinked(file))) fresh.push(file);
    return fresh;
  }

  #isNew(real: string): boolean {
    return this.#listed.size !== this.#listed.add(real).size;
  }

  /** Whether it is one of the files that are listed besides, which mostly have one name, so that nothing is looked at. */
  async #isLinked(file: string): Promise<boolean> {
    if (this.#linked.size === 0) return false;
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    return found !== undefined && this.#linked.has(inodeOf(found));
  }

  /**
   * @param within the real path of the folder, behind those of the folders that it lies in: links may lead back there
   * @param content what is in it, where that is being read already
   */
  async *#below(
    folder: string,
    within: readonly string[],
    content = this.#sortedEntries(folder),
  ): AsyncGenerator<readonly string[], void> {
    this.#options.signal?.throwIfAborted();
    const entries = await content;
    const here = within.at(-1) ?? '';
    const folders = entries.filter(({ kind }) => kind === 'folder');
    const read: Promise<readonly Entry[]>[] = [];
    let seen = 0;
    let files: string[] = [];
    for (const { name, kind, isLink } of entries) {
      const inner = `${folder}/${name}`;
      if (kind === 'nameless') this.#leaveOut(folder, name);
      const isNew = kind === 'file' && this.#isNew(isLink ? await realPath(inner) : path.join(here, name));
      if (isNew && !(await this.#isLinked(inner))) files.push(inner);
      if (kind !== 'folder') continue;
      yield files;
      files = [];
      for (const next of folders.slice(seen + read.length, seen + foldersAhead)) {
        const reading = this.#sortedEntries(`${folder}/${next.name}`);
        // A failure is seen when its turn comes.
        reading.catch(() => undefined);
        read.push(reading);
      }
      seen += 1;
      const ready = read.shift();
      const real = isLink ? await realpath(inner) : path.join(here, name);
      if (!within.includes(real)) yield* this.#below(inner, [...within, real], ready);
    }
    yield files;
  }

  /** In the order of the paths of all files: `a.b` before `a/c`. */
  async #sortedEntries(folder: string): Promise<readonly Entry[]> {
    const { followsLinks = true, inNaturalOrder, isLeftOut = () => false } = this.#options;
    const entries: Entry[] = [];
    const found = await dirents(folder);
    const nameless = found.some(({ name }) => name.includes('\uFFFD')) ? await namesOfBytes(folder) : undefined;
    for (const entry of found) {
      if (nameless?.has(entry.name)) {
        entries.push({ name: entry.name, key: entry.name, kind: 'nameless', isLink: false });
        continue;
      }
      const isLink = entry.isSymbolicLink();
      if ((isLink && !followsLinks) || isLeftOut(`${folder}/${entry.name}`)) continue;
      // A link that leads nowhere stands for nothing.
      const found = isLink ? await stat(`${folder}/${entry.name}`).catch(() => undefined) : entry;
      const kind = found?.isFile() ? 'file' : found?.isDirectory() ? 'folder' : 'other';
      entries.push({ name: entry.name, key: kind === 'folder' ? `${entry.name}/` : entry.name, kind, isLink });
    }
    return entries.sort(inNaturalOrder === true ? byNumbers : (a, b) => (a.key < b.key ? -1 : 1));
  }

  #leaveOut(folder: string, name: string): void {
    const message = `${folder}/${name} is not listed: its name is not UTF-8, and SciCat could not name it. Rename it.`;
    this.#options.onProblem?.(problem('file-unreadable', message, undefined, { severity: 'warning' }));
  }
}

function inodeOf({ dev, ino }: BigIntStats): string {
  return `${dev} ${ino}`;
}

/** An absolute path without `..`, which no list of files may have; a folder before it may be a link to somewhere else. */
async function withoutUps(file: string): Promise<string> {
  if (!file.split(/[/\\]/).includes('..')) return path.resolve(file);
  const [plain, real] = await Promise.all([realPath(path.resolve(file)), realPath(file)]);
  return plain === real ? path.resolve(file) : real;
}

/** The path without links; of what is not there, the path itself. */
async function realPath(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}

interface Entry {
  readonly name: string;
  /** What it is sorted by. */
  readonly key: string;
  /** `nameless`: its name is not text, so that it cannot be opened by it. */
  readonly kind: 'file' | 'folder' | 'nameless' | 'other';
  readonly isLink: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });

function byNumbers({ key: a }: Entry, { key: b }: Entry): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

/** Names in a folder that are not UTF-8, as Node shows them. */
async function namesOfBytes(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder, { encoding: 'buffer' });
  return new Set(names.filter((name) => !isUtf8(name)).map((name) => name.toString('utf8')));
}

async function dirents(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadableFile(`The folder ${folder}`, error);
  }
}
