import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Source } from '../../hdf5/blocks.ts';
import { FormatError } from '../../hdf5/formatError.ts';
import { FormatFile } from '../../hdf5/formatFile.ts';
import { findSuperblock } from '../../hdf5/superblock.ts';
import { cutShort } from '../nodes.ts';
import { fileIdentity } from './fileIdentity.ts';
import { inflate } from './inflate.ts';

/** A file whose structures are read here. */
export interface DiskFile {
  readonly path: string;
  readonly format: FormatFile;
}

interface Opened extends DiskFile {
  readonly descriptor: number;
  identity: string;
}

/** Reads bytes of an open file; fewer where it ends before. May throw what it likes. */
export type ReadBytes = (descriptor: number, position: number, length: number) => Uint8Array;

/** Files on disk, each opened once: the one that is asked about, and those to which it leads. */
export class DiskFiles {
  readonly #look: () => void;
  readonly #read: ReadBytes;
  readonly #most: number | undefined;
  readonly #open = new Map<string, Opened>();

  /**
   * @param look called while something is read: throws when that has taken long enough
   * @param most bytes that may be read, or unpacked, at once
   */
  constructor(look: () => void = () => undefined, read: ReadBytes = readNow, most?: number) {
    this.#look = look;
    this.#read = read;
    this.#most = most;
  }

  /** @throws FormatError for what cannot be opened, or is not understood */
  open(path: string): DiskFile {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    let descriptor: number;
    try {
      descriptor = openSync(path, 'r');
    } catch (error) {
      throw new FormatError(error instanceof Error ? error.message : String(error));
    }
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      const size = Number(stats.size);
      const source: Source = {
        size,
        read: (position, length) => {
          const bytes = this.#read(descriptor, position, length);
          if (bytes.length < Math.min(length, size - position)) throw cutShort(path);
          return bytes;
        },
        look: this.#look,
      };
      // Its writer may be in the middle of something.
      if (findSuperblock((at, length) => source.read(at, length), source.size)?.openForWriting === true)
        throw new FormatError('it is open for writing');
      const file = {
        path,
        descriptor,
        identity: fileIdentity(stats),
        format: new FormatFile(source, inflate, this.#most),
      };
      this.#open.set(path, file);
      return file;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /**
   * Forgets what was read of files that have changed since.
   * @returns whether any has
   */
  refresh(): boolean {
    let hasChanged = false;
    for (const file of this.#open.values()) {
      const identity = fileIdentity(fstatSync(file.descriptor, { bigint: true }));
      if (identity === file.identity) continue;
      file.identity = identity;
      hasChanged = true;
    }
    if (hasChanged) for (const { format } of this.#open.values()) format.forget();
    return hasChanged;
  }

  close(): void {
    for (const { descriptor } of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }
}

/** Reads at once. */
export function readNow(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const read = readSync(descriptor, bytes, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}
