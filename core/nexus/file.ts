import { statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { resolve } from 'node:path';
import { fileIdentity } from './storage/fileIdentity.ts';
import { loadHdf5 } from './library/h5wasm.ts';
import type { Hdf5 } from './library/h5wasm.ts';
import { NexusError } from './model.ts';
import type { ChildrenPage, NexusAttribute, NexusData, NexusEntry, NexusFile, NexusNode } from './model.ts';
import { Hdf5Objects } from './objects.ts';
import { normalizePath } from './path.ts';
import { Reach } from './storage/reach.ts';
import { isLockedForWriting, readSuperblock } from './storage/superblock.ts';
import type { Superblock } from './storage/superblock.ts';

/** The mode of H5Fopen. */
const READ = 0;

/** Listings of this many groups are kept, so that paging through a large one does not list it again each time. */
const MAX_LISTINGS = 16;

/**
 * Opens a NeXus file in this thread.
 * @param path relative paths are relative to the working directory
 * @param answerMs milliseconds that one answer may take, and the opening; beyond it is NexusError `too-slow`
 * @param linkedFolders folders into which the file may lead, besides its own
 * @throws NexusError for whatever is wrong with the file
 */
export async function openNexus(
  path: string,
  answerMs = Infinity,
  linkedFolders: readonly string[] = [],
): Promise<NexusFile> {
  const file = resolve(path);
  const stats = fileStats(file);
  const superblock = superblockOf(file, stats);
  if (superblock.openForWriting) throw beingWritten(file, FLAGGED);
  const locked = isLockedForWriting(file, stats);
  const reach = new Reach(file, linkedFolders);
  // The kernel may take ten milliseconds for its answer; meanwhile the file is opened.
  const [opened, writer] = await Promise.allSettled([
    loadHdf5().then((hdf5) => hdf5.inTime(answerMs, () => openWith(hdf5, reach, file, stats, answerMs))),
    locked,
  ]);
  if (writer.status === 'fulfilled' && writer.value) {
    if (opened.status === 'fulfilled') await opened.value.close();
    throw beingWritten(file);
  }
  if (opened.status === 'rejected') throw opened.reason;
  return opened.value;
}

/** @throws NexusError when there is no regular file */
export function fileStats(path: string): BigIntStats {
  let stats: BigIntStats;
  try {
    stats = statSync(path, { bigint: true });
  } catch (error) {
    throw fromSystem(path, error);
  }
  if (stats.isDirectory()) throw new NexusError('file-not-readable', `${path} is a folder, not a file.`);
  if (!stats.isFile()) throw new NexusError('file-not-readable', `${path} is not an ordinary file.`);
  return stats;
}

function fromSystem(path: string, error: unknown): NexusError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new NexusError('file-missing', `There is no file ${path}.`);
  if (code === 'EACCES' || code === 'EPERM') {
    return new NexusError('file-not-readable', `You have no permission to read ${path}.`);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new NexusError('file-not-readable', `${path} cannot be read: ${reason}.`);
}

function superblockOf(path: string, stats: BigIntStats): Superblock {
  let found: ReturnType<typeof readSuperblock>;
  try {
    found = readSuperblock(path, Number(stats.size));
  } catch (error) {
    throw fromSystem(path, error);
  }
  if ('openForWriting' in found) return found;
  const guess = found.looksLike === undefined ? '' : ` (it is ${found.looksLike})`;
  throw new NexusError('file-not-hdf5', `${path} is not an HDF5 file${guess}.`);
}

const FLAGGED =
  'If no program writes it any more, its writer ended without closing it, and "h5clear -s" makes it readable.';

function beingWritten(path: string, wayOut = ''): NexusError {
  const message = `${path} is still being written by another program. Try again later. ${wayOut}`;
  return new NexusError('file-being-written', message.trim());
}

function openWith(hdf5: Hdf5, reach: Reach, path: string, stats: BigIntStats, answerMs: number): NexusFile {
  const opened = hdf5.attempt(
    reach,
    (module) => {
      const file = module.open(path, READ, false, -1, -1);
      if (file < 0n) throw new Error('it cannot be opened');
      return file;
    },
    true,
  );
  if (opened.ok) return new OpenFile(path, hdf5, reach, opened.value, fileIdentity(stats), answerMs);
  // A file that grows while it is opened looks truncated.
  if (fileIdentity(fileStats(path)) !== fileIdentity(stats)) throw beingWritten(path);
  throw new NexusError('file-damaged', `${path} is damaged or incomplete: ${opened.reason}.`);
}

class OpenFile implements NexusFile {
  readonly path: string;
  readonly #hdf5: Hdf5;
  readonly #objects: Hdf5Objects;
  readonly #identity: string;
  readonly #answerMs: number;
  readonly #failedBefore: number;
  readonly #listings = new Map<string, readonly string[]>();
  #closed = false;
  #tooSlow: NexusError | undefined;

  constructor(path: string, hdf5: Hdf5, reach: Reach, handle: bigint, identity: string, answerMs: number) {
    this.path = path;
    this.#hdf5 = hdf5;
    this.#failedBefore = hdf5.failedCalls;
    this.#answerMs = answerMs;
    this.#objects = new Hdf5Objects(hdf5, reach, handle, path);
    this.#identity = identity;
  }

  describe(path: string): Promise<NexusNode> {
    return this.#answer(path, (normal) => this.#objects.describe(normal));
  }

  childNames(path: string, page?: { offset: number; limit: number }): Promise<ChildrenPage> {
    return this.#answer(path, (normal) => {
      const names = this.#names(normal);
      return { total: names.length, names: cut(names, page) };
    });
  }

  childKinds(path: string, page?: { offset: number; limit: number }): Promise<{ total: number; nodes: NexusEntry[] }> {
    return this.#answer(path, (normal) => {
      const names = this.#names(normal);
      return { total: names.length, nodes: this.#objects.childKinds(normal, cut(names, page)) };
    });
  }

  children(path: string, page?: { offset: number; limit: number }): Promise<{ total: number; nodes: NexusNode[] }> {
    return this.#answer(path, (normal) => {
      const names = this.#names(normal);
      return { total: names.length, nodes: cut(names, page).map((name) => this.#objects.child(normal, name)) };
    });
  }

  read(path: string, limit = Infinity): Promise<NexusData> {
    return this.#answer(path, (normal) => {
      const { dataset, elements, total, invalidUtf8 } = this.#objects.read(normal, limit);
      return { dataset, elements, truncated: total > elements.length, invalidUtf8 };
    });
  }

  attributes(path: string): Promise<ReadonlyMap<string, NexusAttribute>> {
    return this.#answer(path, (normal) => this.#objects.attributes(normal));
  }

  identity(path: string): Promise<string> {
    return this.#answer(path, (normal) => this.#objects.identity(normal));
  }

  close(): Promise<void> {
    // In the middle of an answer the library cannot close it any more.
    if (!this.#closed && !this.#tooSlow) this.#objects.close();
    if (!this.#closed && this.#hdf5.failedCalls > this.#failedBefore) this.#hdf5.retire();
    this.#closed = true;
    return Promise.resolve();
  }

  #names(path: string): readonly string[] {
    const known = this.#listings.get(path);
    if (known !== undefined) return known;
    const names = this.#objects.names(path);
    const [oldest] = this.#listings.keys();
    if (this.#listings.size >= MAX_LISTINGS && oldest !== undefined) this.#listings.delete(oldest);
    this.#listings.set(path, names);
    return names;
  }

  // Not an async function, so that nothing but the answer waits for the next turn.
  #answer<T>(path: string, ask: (normalized: string) => T): Promise<T> {
    try {
      if (this.#closed) throw new NexusError('file-not-readable', `${this.path} has been closed.`);
      if (this.#tooSlow) throw this.#tooSlow;
      return Promise.resolve(this.#hdf5.inTime(this.#answerMs, () => ask(normalizePath(path))));
    } catch (error) {
      if (error instanceof NexusError && error.code === 'too-slow') this.#tooSlow = error;
      return Promise.reject(this.#explained(error));
    }
  }

  /** What fails in a file that has changed under us says nothing about the file as it is now. */
  #explained(error: unknown): Error {
    if (!(error instanceof NexusError)) return error instanceof Error ? error : new Error(String(error));
    let now: string;
    try {
      now = fileIdentity(fileStats(this.path));
    } catch (missing) {
      return missing instanceof NexusError ? missing : error;
    }
    return this.#closed || now === this.#identity
      ? error
      : new NexusError('file-changed', `${this.path} has changed since it was opened. Read it again.`, error.path);
  }
}

function cut<T>(items: readonly T[], page?: { offset: number; limit: number }): readonly T[] {
  return page === undefined ? items : items.slice(page.offset, page.offset + page.limit);
}
