import { realpath, stat } from 'node:fs/promises';
import { absolutePath } from './pathlibPath.ts';

/** The data file as it was when a run began: by what name it was given, which file it is, and what tells a change. */
export interface DataFileIdentity {
  /** Absolute, as it was given. */
  readonly path: string;
  /** Without symbolic links. Runs of older versions do not say it, nor what is optional below. */
  readonly realPath?: string;
  readonly dev?: string;
  readonly ino: string;
  /** Nanoseconds since 1970 at which the file was made, where the file system surely says it. */
  readonly birth?: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
}

/** @throws what the system says of a file that is not there */
export async function identifyDataFile(file: string): Promise<DataFileIdentity> {
  const [found, realPath] = await Promise.all([stat(file, { bigint: true }), realpath(file)]);
  // Systems that do not know when a file was made give 0, or the time of its last change in its place.
  const knowsBirth = found.birthtimeNs > 0n && found.birthtimeNs < found.ctimeNs;
  return {
    path: absolutePath(file),
    realPath,
    dev: String(found.dev),
    ino: String(found.ino),
    ...(knowsBirth && { birth: String(found.birthtimeNs) }),
    size: Number(found.size),
    mtimeMs: Number(found.mtimeMs),
  };
}

/** Whether a file still has the content that it had, as far as its size and its time tell. */
export function isUnchanged(before: DataFileIdentity, now: DataFileIdentity): boolean {
  return before.size === now.size && before.mtimeMs === now.mtimeMs;
}

/**
 * What one file has to do with another one, as it is now: `same`, by whatever names; `replaced`, where it had the name
 * of the other one and is gone; `other`.
 */
export async function compareDataFiles(
  before: DataFileIdentity,
  now: DataFileIdentity,
): Promise<'same' | 'replaced' | 'other'> {
  const realPath = before.realPath ?? (await realpath(before.path).catch(() => before.path));
  const isSameInode = before.ino === now.ino;
  // A copy that was put back is not another file.
  if (realPath === now.realPath) return isSameInode || isUnchanged(before, now) ? 'same' : 'replaced';
  if (!isSameInode || (before.dev !== undefined && before.dev !== now.dev)) return 'other';
  // The number of an inode is given again when its file is gone.
  const isReused = before.birth !== undefined && now.birth !== undefined ? before.birth !== now.birth : !isUnchanged(before, now); // prettier-ignore
  return isReused ? 'other' : 'same';
}
