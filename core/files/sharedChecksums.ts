import { appendFileSync } from 'node:fs';
import { sameIdentity } from './checksum.ts';
import type { FileIdentity } from './checksum.ts';
import { textOf } from './smallReads.ts';

interface Shared {
  readonly file: string;
  /** What other processes had made when this one began, and what it has made itself, by path and algorithm. */
  readonly known: Map<string, { readonly identity: FileIdentity; readonly digest: string }>;
}

let shared: Shared | undefined;

const keyOf = (path: string, algorithm: string): string => JSON.stringify([path, algorithm]);

/**
 * Takes checksums from a file in which another process has left them, as a dry run does for the ingestion that follows
 * it, and adds those that are made from now on. One counts as long as the data file has the same size, time and inode.
 * @param file absolute path; made with the first checksum, for its owner alone
 */
export function shareChecksums(file: string): void {
  shared = { file, known: new Map() };
  const text = textOf(file);
  if (text === undefined) return; // nothing is known yet
  for (const line of text.split('\n')) {
    const [path, algorithm, size, mtimeNs, ino, digest] = fieldsOf(line);
    if (path === undefined || algorithm === undefined || digest === undefined || !/^[0-9a-f]+$/.test(digest)) continue;
    const numbers = [size, mtimeNs, ino].map((each) =>
      /^\d{1,20}$/.test(each ?? '') ? BigInt(each ?? '') : undefined,
    );
    const [sizeOf, mtimeOf, inoOf] = numbers;
    if (sizeOf === undefined || mtimeOf === undefined || inoOf === undefined) continue;
    const identity = { size: sizeOf, mtimeNs: mtimeOf, ino: inoOf };
    shared.known.set(keyOf(path, algorithm), { identity, digest });
  }
}

function fieldsOf(line: string): readonly (string | undefined)[] {
  try {
    const read: unknown = JSON.parse(line);
    return Array.isArray(read) ? read.map((each) => (typeof each === 'string' ? each : undefined)) : [];
  } catch {
    return []; // half a line of a process that was killed
  }
}

/** The checksums of a file, in the order of the algorithms, if all of them are known for what it is now. */
export function knownChecksums(
  path: string,
  identity: FileIdentity,
  algorithms: readonly string[],
): readonly string[] | undefined {
  const found = algorithms.flatMap((algorithm) => {
    const known = shared?.known.get(keyOf(path, algorithm));
    return known && sameIdentity(known.identity, identity) ? [known.digest] : [];
  });
  return found.length === algorithms.length ? found : undefined;
}

/** Leaves checksums for others; where that cannot be, they make them themselves. */
export function leaveChecksums(
  path: string,
  identity: FileIdentity,
  algorithms: readonly string[],
  digests: readonly string[],
): void {
  if (!shared) return;
  const { size, mtimeNs, ino } = identity;
  for (const [index, algorithm] of algorithms.entries()) {
    const digest = digests[index] ?? '';
    shared.known.set(keyOf(path, algorithm), { identity, digest });
    const line = JSON.stringify([path, algorithm, String(size), String(mtimeNs), String(ino), digest]);
    try {
      appendFileSync(shared.file, `${line}\n`, { mode: 0o600 });
    } catch {
      return;
    }
  }
}
