import type { BigIntStats } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { ahead, turnMs } from './ahead.ts';
import { digestListed, digestNow, identityOf, smallFileBytes } from './checksum.ts';
import { ChecksumLanes } from './checksumLanes.ts';
import type { ChecksumLanesOptions } from './checksumLanes.ts';
import { knownChecksums, leaveChecksums } from './sharedChecksums.ts';
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
    if (size <= smallFileBytes && !this.#pace.isSlow(1)) {
      this.#bytesBefore += size;
      return this.#digestsNow(path, size, algorithms, found);
    }
    const identity = identityOf(found);
    const known = knownChecksums(path, identity, algorithms);
    const digests =
      known ??
      (await this.#lanes.digests(path, found.size, {
        algorithms,
        signal,
        identity,
        onProgress: (bytes) => {
          this.#underWay.set(path, bytes);
          onProgress(bytes);
        },
      }));
    if (!known) leaveChecksums(path, identity, algorithms, digests);
    this.#underWay.delete(path);
    this.#bytesBefore += size;
    return digests;
  }

  /** The same for a small file that was listed with this size, at once. */
  digestsListed(path: string, size: number, algorithms: readonly string[]): readonly string[] {
    const start = performance.now();
    const digests = digestListed(path, size, algorithms);
    this.#pace.tell(performance.now() - start, size);
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
/** So many small files one after the other are not looked at beside big ones any more, but at once. */
const manySmall = 64;

/** A file, and the algorithms (see `startDigest`) that it is hashed by. */
export interface FileToDigest {
  readonly path: string;
  readonly algorithms: readonly string[];
  /** Bytes that it had when it was listed, and known to be a file. */
  readonly size?: number | undefined;
}

/**
 * The checksums of many files, each read once for all of its algorithms, in the order given.
 * @throws as `digestFile`
 */
export async function* digestFiles<T extends FileToDigest>(
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
  const digest = async (file: T, stop: AbortSignal): Promise<readonly string[]> => {
    const found = pace.isSlow(0) ? await findFile(file.path) : findFileNow(file.path);
    const digests = await hasher.digests(file.path, found, file.algorithms, stop, tell);
    tell();
    return digests;
  };
  const left = files[Symbol.iterator]();
  let next = left.next();
  /** Files of all sizes, until many small ones come together. */
  const mixed = function* (): Generator<T, void> {
    for (let small = 0; !next.done && small < manySmall; next = left.next()) {
      small = isSmall(next.value) ? small + 1 : 0;
      yield next.value;
    }
  };
  try {
    while (!next.done) {
      signal?.throwIfAborted();
      let lastTurn = performance.now();
      for (; !next.done && isSmall(next.value) && !pace.isSlow(1); next = left.next()) {
        const file = next.value;
        yield { file, digests: hasher.digestsListed(file.path, file.size, file.algorithms) };
        if (performance.now() - lastTurn < turnMs) continue;
        tell();
        await turn();
        signal?.throwIfAborted();
        lastTurn = performance.now();
      }
      yield* ahead(mixed(), signal, async (file, stop) => ({ file, digests: await digest(file, stop) }));
    }
    onProgress?.(hasher.bytesDone);
  } finally {
    await hasher.close();
  }
}

function isSmall<T extends FileToDigest>(file: T): file is T & { readonly size: number } {
  return file.size !== undefined && file.size <= smallFileBytes;
}
