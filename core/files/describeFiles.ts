import { realpathSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { ahead, lookAhead, turnMs } from './ahead.ts';
import { requireHashlibName } from './checksum.ts';
import type { ChecksumLanesOptions } from './checksumLanes.ts';
import type { Batches } from './expandPaths.ts';
import { FileError } from './fileError.ts';
import { FileHasher } from './fileHasher.ts';
import { Pace, findFile, findFileNow } from './pace.ts';
import { absolutePath, pathBelow } from './pathlibPath.ts';

/** One file of a dataset as SciCat stores it in an origDatablock; what is not recorded is null, as in Python. */
export interface DataFileEntry {
  readonly path: string;
  /** Bytes. */
  readonly size: number | null;
  /** Last change of the file or its properties (ctime), whole seconds: `2025-01-20T12:00:00.000Z`. */
  readonly time: string;
  /** Checksum, hexadecimal. */
  readonly chk: string | null;
  readonly uid: string | null;
  readonly gid: string | null;
  /** Type and permissions as Python's `oct(st_mode)`: `0o100644`. */
  readonly perm: string | null;
}

export interface DescribeOptions extends ChecksumLanesOptions {
  readonly computeFileStats: boolean;
  readonly computeFileHash: boolean;
  /** Name as in Python's hashlib. */
  readonly fileHashAlgorithm: string;
  /** What relative paths are relative to; default: that of the process. */
  readonly workingDirectory?: string | undefined;
}

export interface FilesProgress {
  readonly filesDone: number;
  /** Bytes whose checksum is computed, of all files. */
  readonly bytesDone: number;
  /** The file that the news is about, and how far it is. */
  readonly file: string;
  readonly fileBytesDone: number;
  readonly fileBytes: number;
}

const progressIntervalMs = 100;

/** A time as file lists have it: UTC, the fraction of the second cut off. */
export function secondsText(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
}

/** Files that lie together were mostly written together. */
let lastTime = { seconds: 0n, text: secondsText(0) };

/** The part of an entry that comes from the file system, without path and checksum. */
export function statFields(found: BigIntStats): Omit<DataFileEntry, 'path' | 'chk'> {
  // Nanoseconds, because the milliseconds are a float that may be rounded up to the next second.
  const seconds = found.ctimeNs / 1_000_000_000n;
  if (seconds !== lastTime.seconds) lastTime = { seconds, text: secondsText(Number(seconds) * 1000) };
  return {
    size: Number(found.size),
    time: lastTime.text,
    uid: String(found.uid),
    gid: String(found.gid),
    perm: `0o${found.mode.toString(8)}`,
  };
}

export function noStatFields(): Omit<DataFileEntry, 'path' | 'chk'> {
  return { size: null, time: secondsText(Date.now()), uid: null, gid: null, perm: null };
}

/** Looks at many files, in order. */
async function* findFiles(
  paths: readonly string[],
  signal: AbortSignal | undefined,
  pace: Pace,
): AsyncGenerator<readonly BigIntStats[], void> {
  for (let at = 0; at < paths.length;) {
    signal?.throwIfAborted();
    if (pace.isSlow(lookAhead)) {
      const some = paths.slice(at, at + lookAhead);
      at += some.length;
      yield await Promise.all(some.map(findFile));
      continue;
    }
    const found: BigIntStats[] = [];
    const start = performance.now();
    for (let now = start; at < paths.length && now - start < turnMs; at += 1) {
      const before = now;
      found.push(findFileNow(paths[at] ?? ''));
      now = performance.now();
      pace.tell(now - before);
    }
    yield found;
    await turn();
  }
}

/**
 * Describes long lists of files, in the order given, batch by batch.
 * @throws as `describeFiles`
 */
export async function* describeBatches(
  batches: Batches<string>,
  options: DescribeOptions,
  signal?: AbortSignal,
): AsyncGenerator<readonly DataFileEntry[], void, undefined> {
  if (options.computeFileHash) {
    for await (const entry of describeFiles(singly(batches), options, signal)) yield [entry];
    return;
  }
  const pace = new Pace();
  for await (const batch of batches) {
    const paths = batch.map((given) => absolutePath(given, options.workingDirectory));
    let at = 0;
    for await (const found of findFiles(paths, signal, pace)) {
      const first = at;
      at += found.length;
      yield found.map((stats, index) => ({
        path: paths[first + index] ?? '',
        ...(options.computeFileStats ? statFields(stats) : noStatFields()),
        chk: null,
      }));
    }
  }
}

async function* singly(batches: Batches<string>): AsyncGenerator<string, void> {
  for await (const batch of batches) yield* batch;
}

/**
 * Describes files in the order given, with absolute paths. It works as it goes: a list of 100,000 files needs no more
 * memory than a short one. Breaking off the loop stops what is under way.
 * @throws FileError for a file that is missing or unreadable, or changed while its checksum was computed; the
 *   signal's reason when aborted.
 */
export async function* describeFiles(
  paths: Iterable<string> | AsyncIterable<string>,
  options: DescribeOptions,
  signal?: AbortSignal,
  onProgress?: (progress: FilesProgress) => void,
): AsyncGenerator<DataFileEntry, void, undefined> {
  const algorithm = options.fileHashAlgorithm;
  const pace = new Pace();
  const hasher = new FileHasher(pace, options);
  let filesDone = 0;
  let reported = 0;
  let last = '';
  const tell = (file: string, fileBytesDone: number, fileBytes: number, always = false): void => {
    if (!onProgress || (!always && Date.now() - reported < progressIntervalMs)) return;
    reported = Date.now();
    onProgress({ filesDone, bytesDone: hasher.bytesDone, file, fileBytesDone, fileBytes });
  };
  const describe = async (given: string, stop: AbortSignal): Promise<DataFileEntry> => {
    const path = absolutePath(given, options.workingDirectory);
    last = path;
    const found = pace.isSlow(0) ? await findFile(path) : findFileNow(path);
    const fileBytes = Number(found.size);
    const tellBytes = (bytes: number): void => {
      tell(path, bytes, fileBytes);
    };
    if (options.computeFileHash) requireHashlibName(algorithm);
    const [chk = null] = options.computeFileHash ? await hasher.digests(path, found, [algorithm], stop, tellBytes) : [];
    filesDone += 1;
    tell(path, fileBytes, fileBytes);
    return { path, ...(options.computeFileStats ? statFields(found) : noStatFields()), chk };
  };
  try {
    yield* ahead(paths, signal, describe);
    if (filesDone > 0) tell(last, 0, 0, true);
  } finally {
    await hasher.close();
  }
}

/**
 * A path as seen from a folder, by its names or, where these lead through a link to a folder, by where it really lies.
 * @returns undefined where it is not below the folder
 */
export function pathFrom(folder: string, path: string): string | undefined {
  const below = pathBelow(path, folder);
  if (below !== undefined || !isAbsolute(folder)) return below;
  try {
    // A link that is a file itself keeps its name.
    return pathBelow(join(realpathSync(dirname(path)), basename(path)), realpathSync(folder));
  } catch {
    return undefined;
  }
}

/**
 * A path as it is written into the list: absolute, or as seen from sourceFolder. The Python ingestor does the latter
 * twice when there is a variable `source_folder`, and fails; here it is done once.
 * @throws FileError `file-path` if the file is not below sourceFolder.
 */
export function recordedPath(path: string, filePathType: string, sourceFolder: string): string {
  if (filePathType !== 'relative') return path;
  const below = pathFrom(sourceFolder, path);
  if (below !== undefined) return below;
  // A schema makes it of the path of the data file, as that was given.
  const wayOut = isAbsolute(sourceFolder)
    ? 'Mend sourceFolder in the schema, or set ingestion.file_handling.file_path_type to absolute.'
    : 'It must be a whole path: if it comes from the path of the data file, give that as a whole, from the root.';
  throw new FileError(
    'file-path',
    `${path} is not below sourceFolder '${sourceFolder}', so it cannot be listed relative to it. ${wayOut}`,
  );
}
