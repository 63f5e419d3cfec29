import type { BigIntStats } from 'node:fs';
import { ahead } from './ahead.ts';
import { digestNow, identityOf, smallFileBytes } from './checksum.ts';
import { ChecksumLanes } from './checksumLanes.ts';
import type { ChecksumLanesOptions } from './checksumLanes.ts';
import { Pace, findFile, findFileNow } from './pace.ts';

/** Checksums of many files: of small ones in this thread while that is quick, of big ones in lanes. */
export class FileHasher {
  readonly #lanes: ChecksumLanes;
  readonly #pace: Pace;
  readonly #underWay = new Map<string, number>();
  #bytesBefore = 0;

  constructor(pace: Pace, options: ChecksumLanesOptions = {}) {
    this.#pace = pace;
    this.#lanes = new ChecksumLanes(options);
  }

  /** Bytes of all files so far. */
  get bytesDone(): number {
    return [...this.#underWay.values()].reduce((sum, bytes) => sum + bytes, this.#bytesBefore);
  }

  /**
   * The checksums of one file, in the order of the algorithms.
   * @param onProgress is told the bytes of this file that are done
   * @throws as `digestFile`
   */
  async digests(
    path: string,
    found: BigIntStats,
    algorithms: readonly string[],
    signal: AbortSignal,
    onProgress: (bytesDone: number) => void,
  ): Promise<readonly string[]> {
    const size = Number(found.size);
    const digests =
      size <= smallFileBytes && !this.#pace.isSlow(1)
        ? this.#digestsNow(path, size, algorithms, found)
        : await this.#lanes.digests(path, found.size, {
            algorithms,
            signal,
            identity: identityOf(found),
            onProgress: (bytes) => {
              this.#underWay.set(path, bytes);
              onProgress(bytes);
            },
          });
    this.#underWay.delete(path);
    this.#bytesBefore += size;
    return digests;
  }

  #digestsNow(path: string, size: number, algorithms: readonly string[], found: BigIntStats): readonly string[] {
    const start = performance.now();
    const digests = digestNow(path, size, algorithms, identityOf(found));
    this.#pace.tell(performance.now() - start, size);
    return digests;
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#lanes.close();
  }
}

export interface DigestFilesOptions extends ChecksumLanesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of all files so far; at most ten times a second, and once at the end. */
  readonly onProgress?: ((bytesDone: number) => void) | undefined;
}

const progressIntervalMs = 100;

/**
 * The checksums of many files, each read once for all of its algorithms, in the order given.
 * @param files their paths, and the algorithms (see `startDigest`) of each
 * @throws as `digestFile`
 */
export async function* digestFiles<T extends { readonly path: string; readonly algorithms: readonly string[] }>(
  files: Iterable<T>,
  { signal, onProgress, ...lanes }: DigestFilesOptions = {},
): AsyncGenerator<{ readonly file: T; readonly digests: readonly string[] }, void, undefined> {
  const pace = new Pace();
  const hasher = new FileHasher(pace, lanes);
  let reported = Date.now();
  const tell = (): void => {
    if (Date.now() - reported < progressIntervalMs) return;
    reported = Date.now();
    onProgress?.(hasher.bytesDone);
  };
  try {
    yield* ahead(files, signal, async (file, stop) => {
      const found = pace.isSlow(0) ? await findFile(file.path) : findFileNow(file.path);
      const digests = await hasher.digests(file.path, found, file.algorithms, stop, tell);
      tell();
      return { file, digests };
    });
    onProgress?.(hasher.bytesDone);
  } finally {
    await hasher.close();
  }
}
