import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { failureReason } from './failureReason.ts';
import { FileError } from './fileError.ts';
import { cryptoHashName, unknownHashMessage } from './hashAlgorithms.ts';

/** What tells that a file is still the same one with the same content. */
export interface FileIdentity {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
}

export interface ChecksumOptions {
  /** Name as in Python's hashlib: `blake2b` (512 bits), `sha256`, … */
  readonly algorithm: string;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file done so far; at most ten times a second, and once at the end. */
  readonly onProgress?: ((bytesDone: number) => void) | undefined;
  /** The file must be this one; otherwise it changed since it was looked at. */
  readonly identity?: FileIdentity | undefined;
}

/** While one piece is hashed, the next ones are read: that hides the disk at the cost of 3 MiB. */
const queueLength = 3;
const pieceBytes = 1024 * 1024;
const progressIntervalMs = 100;

export function identityOf({ size, mtimeNs, ino }: BigIntStats): FileIdentity {
  return { size, mtimeNs, ino };
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino;
}

/** Fills the buffer from `position` as far as the file goes; one read may give less than was asked for. */
async function readPiece(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function hashContent(handle: FileHandle, hashName: string, size: bigint, options: ChecksumOptions) {
  const hash = createHash(hashName);
  const length = Number(size) < pieceBytes ? Number(size) + 1 : pieceBytes;
  const count = Number(size) < pieceBytes ? 1 : queueLength;
  let position = 0;
  const readNext = (buffer: Buffer): Promise<Buffer> => {
    const piece = readPiece(handle, buffer, position);
    // A failure is seen when its turn comes; until then it is not an unhandled one.
    piece.catch(() => undefined);
    position += length;
    return piece;
  };
  const slots = Array.from({ length: count }, () => {
    const buffer = Buffer.allocUnsafeSlow(length);
    return { buffer, pending: readNext(buffer) };
  });
  let done = 0;
  let reported = Date.now();
  try {
    for (let turn = 0; ; turn = (turn + 1) % count) {
      const slot = slots[turn];
      if (!slot) break;
      const piece = await slot.pending;
      options.signal?.throwIfAborted();
      hash.update(piece);
      done += piece.length;
      if (piece.length < length) break;
      slot.pending = readNext(slot.buffer);
      if (Date.now() - reported >= progressIntervalMs) {
        reported = Date.now();
        options.onProgress?.(done);
      }
    }
  } finally {
    // The handle is closed next, and nobody may be reading from it then.
    await Promise.allSettled(slots.map((slot) => slot.pending));
  }
  options.onProgress?.(done);
  return { chk: hash.digest('hex'), done };
}

/**
 * Checksum of a file as hexadecimal digits, equal to what Python's hashlib gives.
 * @throws FileError `file-changed` if the file changed meanwhile, `file-unreadable`, `hash-algorithm`;
 *   the signal's reason when aborted.
 */
export async function checksumFile(path: string, options: ChecksumOptions): Promise<string> {
  const hashName = cryptoHashName(options.algorithm);
  if (hashName === undefined) throw new FileError('hash-algorithm', unknownHashMessage(options.algorithm));
  options.signal?.throwIfAborted();
  const changed = new FileError(
    'file-changed',
    `${path} changed while its checksum was computed; is it being written?`,
  );
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const before = identityOf(await handle.stat({ bigint: true }));
    if (options.identity && !sameIdentity(options.identity, before)) throw changed;
    const { chk, done } = await hashContent(handle, hashName, before.size, options);
    const after = identityOf(await handle.stat({ bigint: true }));
    // By its name too: it may have been replaced by another file.
    const named = identityOf(await stat(path, { bigint: true }));
    if (!sameIdentity(before, after) || !sameIdentity(before, named) || BigInt(done) !== before.size) throw changed;
    return chk;
  } catch (error) {
    if (error instanceof FileError || options.signal?.aborted) throw error;
    throw new FileError('file-unreadable', `${path} cannot be read: ${failureReason(error)}.`);
  } finally {
    await handle?.close();
  }
}
