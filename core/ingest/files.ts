import { statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { identityOf } from './checksum.ts';
import { ChecksumLanes } from './checksumLanes.ts';
import type { ChecksumLanesOptions } from './checksumLanes.ts';
import type { Batches } from './expandPaths.ts';
import { failureReason } from './failureReason.ts';
import { FileError } from './fileError.ts';
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

/** So many files are looked at ahead of the one that is handed out: enough for all cores, little to remember. */
const lookAhead = 32;
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

function unreadable(path: string, error: unknown): FileError {
  return new FileError('file-unreadable', `${path} cannot be read: ${failureReason(error)}.`);
}

function checkedFile(path: string, found: BigIntStats): BigIntStats {
  if (!found.isFile()) throw new FileError('file-unreadable', `${path} is not a file.`);
  return found;
}

async function findFile(path: string): Promise<BigIntStats> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return checkedFile(path, found);
}

function findFileNow(path: string): BigIntStats {
  let found: BigIntStats;
  try {
    found = statSync(path, { bigint: true });
  } catch (error) {
    throw unreadable(path, error);
  }
  return checkedFile(path, found);
}

/** So long files are looked at before anything else gets its turn: requests, most of all, and Ctrl-C. */
const turnMs = 0.5;
/** Where not even the quickest of a few files is found in this time, the disk is one that is waited for. */
const slowFileMs = 0.1;
const fewFiles = 4;
const filesUntilNextTry = 512;

/**
 * Looks at many files, in order. On a disk of this machine, asking in this thread takes a tenth of the time that the
 * threads for waiting take to hand out the work; they are used where the disk is slow.
 */
async function* findFiles(
  paths: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly BigIntStats[], void> {
  for (let at = 0; at < paths.length;) {
    signal?.throwIfAborted();
    const found: BigIntStats[] = [];
    const start = performance.now();
    let quickest = Infinity;
    for (let now = start; at < paths.length && (found.length < fewFiles || now - start < turnMs); at += 1) {
      const before = now;
      found.push(findFileNow(paths[at] ?? ''));
      now = performance.now();
      quickest = Math.min(quickest, now - before);
    }
    yield found;
    await turn();
    if (quickest < slowFileMs) continue;
    for (const end = Math.min(paths.length, at + filesUntilNextTry); at < end;) {
      signal?.throwIfAborted();
      const some = paths.slice(at, Math.min(at + lookAhead, end));
      yield await Promise.all(some.map(findFile));
      at += some.length;
    }
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
  for await (const batch of batches) {
    const paths = batch.map((given) => absolutePath(given, options.workingDirectory));
    let at = 0;
    for await (const found of findFiles(paths, signal)) {
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
  const lanes = new ChecksumLanes(options);
  const stopped = new AbortController();
  const stop = signal ? AbortSignal.any([signal, stopped.signal]) : stopped.signal;
  let filesDone = 0;
  let bytesBefore = 0;
  let reported = 0;
  const bytesUnderWay = new Map<string, number>();
  const tell = (file: string, fileBytesDone: number, fileBytes: number, always = false): void => {
    if (!onProgress || (!always && Date.now() - reported < progressIntervalMs)) return;
    reported = Date.now();
    const bytesDone = [...bytesUnderWay.values()].reduce((sum, bytes) => sum + bytes, bytesBefore);
    onProgress({ filesDone, bytesDone, file, fileBytesDone, fileBytes });
  };

  const describe = async (given: string): Promise<DataFileEntry> => {
    stop.throwIfAborted();
    const path = absolutePath(given, options.workingDirectory);
    const found = await findFile(path);
    const fileBytes = Number(found.size);
    const chk = options.computeFileHash
      ? await lanes.checksum(path, found.size, {
          algorithm: options.fileHashAlgorithm,
          signal: stop,
          identity: identityOf(found),
          onProgress: (bytes) => {
            bytesUnderWay.set(path, bytes);
            tell(path, bytes, fileBytes);
          },
        })
      : null;
    bytesUnderWay.delete(path);
    bytesBefore += chk === null ? 0 : fileBytes;
    filesDone += 1;
    tell(path, fileBytes, fileBytes);
    return { path, ...(options.computeFileStats ? statFields(found) : noStatFields()), chk };
  };

  const underWay: Promise<DataFileEntry>[] = [];
  let last = '';
  try {
    for await (const path of paths) {
      const entry = describe(path);
      // It is awaited when its turn comes; a failure until then is not an unhandled one.
      entry.catch(() => undefined);
      underWay.push(entry);
      const first = underWay.length >= lookAhead ? underWay.shift() : undefined;
      if (first) yield await first;
      last = path;
    }
    for (let first = underWay.shift(); first; first = underWay.shift()) yield await first;
    if (filesDone > 0) tell(absolutePath(last, options.workingDirectory), 0, 0, true);
  } finally {
    stopped.abort();
    await Promise.allSettled(underWay);
    await lanes.close();
  }
}

/**
 * A path as it is written into the list: absolute, or as seen from sourceFolder. The Python ingestor does the latter
 * twice when there is a variable `source_folder`, and fails; here it is done once.
 * @throws FileError `file-path` if the file is not below sourceFolder.
 */
export function recordedPath(path: string, filePathType: string, sourceFolder: string): string {
  if (filePathType !== 'relative') return path;
  const below = pathBelow(path, sourceFolder);
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
