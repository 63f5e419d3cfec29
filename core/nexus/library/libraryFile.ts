import type { BigIntStats } from 'node:fs';
import { beingWritten } from '../writtenError.ts';
import { fileStats } from '../diskStats.ts';
import { NexusError } from '../model.ts';
import type { DiskFiles } from '../storage/diskFiles.ts';
import { fileIdentity } from '../storage/fileIdentity.ts';
import type { Reach } from '../storage/reach.ts';
import { loadHdf5 } from './h5wasm.ts';
import type { Hdf5 } from './h5wasm.ts';
import { Hdf5Objects } from './libraryObjects.ts';

/** The mode of H5Fopen. */
const READ = 0;

/** Listings of this many groups are kept, so that paging through a large one does not list it again each time. */
const MAX_LISTINGS = 16;

/**
 * Opens a file in the HDF5 library, which is loaded for the first one.
 * @param stats of the file as it was when it was looked at first
 * @throws NexusError for what the library cannot open
 */
export async function openLibraryFile(
  path: string,
  reach: Reach,
  disk: DiskFiles,
  stats: BigIntStats,
  answerMs: number,
): Promise<LibraryFile> {
  const hdf5 = await loadHdf5();
  return hdf5.inTime(answerMs, () => {
    const opened = hdf5.attempt(
      reach,
      (module) => {
        const file = module.open(path, READ, false, -1, -1);
        if (file < 0n) throw new Error('it cannot be opened');
        return file;
      },
      true,
    );
    if (opened.ok) return new LibraryFile(hdf5, new Hdf5Objects(hdf5, reach, disk, opened.value, path), answerMs);
    // A file that grows while it is opened looks truncated.
    if (fileIdentity(fileStats(path)) !== fileIdentity(stats)) throw beingWritten(path);
    throw new NexusError('file-damaged', `${path} is damaged or incomplete: ${opened.reason}.`);
  });
}

/** A file that is open in the HDF5 library. */
export class LibraryFile {
  readonly objects: Hdf5Objects;
  readonly #hdf5: Hdf5;
  readonly #answerMs: number;
  readonly #failedBefore: number;
  readonly #listings = new Map<string, readonly string[]>();

  constructor(hdf5: Hdf5, objects: Hdf5Objects, answerMs: number) {
    this.objects = objects;
    this.#hdf5 = hdf5;
    this.#answerMs = answerMs;
    this.#failedBefore = hdf5.failedCalls;
  }

  /** @throws NexusError `too-slow`, after which nothing more may be asked */
  inTime<T>(answer: () => T): T {
    return this.#hdf5.inTime(this.#answerMs, answer);
  }

  /** All names in a group, as they were at the first question. @throws NexusError when the path is not a group */
  names(path: string): readonly string[] {
    const known = this.#listings.get(path);
    if (known !== undefined) return known;
    const names = this.objects.names(path);
    const [oldest] = this.#listings.keys();
    if (this.#listings.size >= MAX_LISTINGS && oldest !== undefined) this.#listings.delete(oldest);
    this.#listings.set(path, names);
    return names;
  }

  /** @param isStuck the library was left in the middle of an answer, and cannot close it any more */
  close(isStuck: boolean): void {
    if (!isStuck) this.objects.close();
    if (this.#hdf5.failedCalls > this.#failedBefore) this.#hdf5.retire();
  }
}
