import type { Source } from '../../hdf5/blocks.ts';
import { sourceAt } from '../storage/openSources.ts';
import { keepFailure } from '../storage/readFailure.browser.ts';

/** An error as Node's file system gives it; the library looks at the code alone. */
class DiskError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

interface Opened {
  readonly path: string;
  readonly source: Source;
}

/** Of the mode of a file: an ordinary one that may be read. */
const readable = 0o100_444;
const never = new Date(0);

const opened = new Map<number, Opened>();
/** By these the library knows a file again; other bytes are another file, whatever its name. */
const numbers = new WeakMap<Source, number>();
let last = 100;

function numberOf(source: Source): number {
  const known = numbers.get(source) ?? ++last;
  numbers.set(source, known);
  return known;
}

function sourceOf(path: string): Source {
  const found = sourceAt(path)?.source;
  if (found === undefined) throw new DiskError('ENOENT');
  return found;
}

function openedAs(descriptor: number): Opened {
  const found = opened.get(descriptor);
  if (found === undefined) throw new DiskError('EBADF');
  return found;
}

function stats(source: Source): object {
  return {
    dev: 1,
    ino: numberOf(source),
    mode: readable,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size: source.size,
    blksize: 4096,
    blocks: Math.ceil(source.size / 512),
    atime: never,
    mtime: never,
    ctime: never,
  };
}

function bytesOf(source: Source, position: number, length: number): Uint8Array {
  try {
    return source.read(position, length);
  } catch (error) {
    keepFailure(error);
    // The library knows the codes of a file system alone.
    throw new DiskError('EIO');
  }
}

/**
 * As much of Node's `fs` as the HDF5 library takes to read a file, over the bytes that somebody has given
 * (openSources.ts): piece by piece, where the file gives pieces.
 */
export const libraryDisk = {
  openSync: (path: string): number => {
    const source = sourceOf(path);
    last += 1;
    opened.set(last, { path, source });
    return last;
  },
  closeSync: (descriptor: number): void => {
    opened.delete(descriptor);
  },
  readSync: (
    descriptor: number,
    into: Uint8Array | Int8Array,
    offset: number,
    length: number,
    position: number,
  ): number => {
    const { source } = openedAs(descriptor);
    const most = Math.max(Math.min(length, source.size - position), 0);
    const bytes = most === 0 ? new Uint8Array(0) : bytesOf(source, position, most);
    into.set(bytes, offset);
    return bytes.length;
  },
  /** Only what it complains about, which is taken from it before. */
  writeSync: (_descriptor: number, _bytes: unknown, _offset: number, length: number): number => length,
  fstatSync: (descriptor: number): object => stats(openedAs(descriptor).source),
  statSync: (path: string): object => stats(sourceOf(path)),
  lstatSync: (path: string): object => stats(sourceOf(path)),
};
