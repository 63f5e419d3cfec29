import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { digestOf, startDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import { FileError, unreadableFile } from './fileError.ts';
import { cryptoHashName, unknownHashMessage } from './hashAlgorithms.ts';

/** What tells that a file is still the same one with the same content. */
export interface FileIdentity {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
}

export interface DigestOptions {
  /** Names as `startDigest` knows them; the file is read once for all. */
  readonly algorithms: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file done so far; at most ten times a second, and once at the end. */
  readonly onProgress?: ((bytesDone: number) => void) | undefined;
  /** The file must be this one; otherwise it changed since it was looked at. */
  readonly identity?: FileIdentity | undefined;
  /** Whether other files keep all cores busy, so that none is left for reading beside hashing. */
  readonly isCrowded?: (() => boolean) | undefined;
}

export interface ChecksumOptions extends Omit<DigestOptions, 'algorithms'> {
  /** Name as in Python's hashlib: `blake2b` (512 bits), `sha256`, … */
  readonly algorithm: string;
}

/** While one piece is hashed, the next ones are read: that hides the disk at the cost of 3 MiB. */
const queueLength = 3;
const pieceBytes = 1024 * 1024;
/** How much is read ahead before it is decided anew how to read. */
const stretchBytes = 32 * pieceBytes;
/** Where no core is left for reading, small pieces are best: what was read is still close by when it is hashed. */
const crowdedPieceBytes = pieceBytes / 4;
/** A piece that takes longer was waited for. Where most are, reading ahead is better after all. */
const slowPieceMs = 0.1;
/** How long it may go on before anything else gets its turn. */
const turnMs = 5;
const progressIntervalMs = 100;

export function identityOf({ size, mtimeNs, ino }: BigIntStats): FileIdentity {
  return { size, mtimeNs, ino };
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino;
}

/** What a file is now; undefined where it cannot be looked at. */
export async function identityNow(path: string): Promise<FileIdentity | undefined> {
  return stat(path, { bigint: true }).then(identityOf, () => undefined);
}

/**
 * That a file is still what it was: what was read of it belongs to what is listed of it.
 * @throws FileError `file-changed`
 */
export async function requireUnchanged(path: string, before: FileIdentity): Promise<void> {
  const now = await identityNow(path);
  if (now === undefined || !sameIdentity(before, now)) throw changedMeanwhile(path, 'it was read');
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

/** A file on its way through its hashes. */
interface Hashing {
  readonly handle: FileHandle;
  readonly digests: readonly Digest[];
  readonly buffers: readonly Buffer[];
  readonly options: DigestOptions;
  /** Bytes done. */
  done: number;
  /** The end of the file was met. */
  isAtEnd: boolean;
}

function updateAll(digests: readonly Digest[], piece: Uint8Array): void {
  for (const digest of digests) digest.update(piece);
}

/** Reads and hashes for a while, both in this thread. @returns whether the disk was mostly waited for, and it is not done */
function hashHere(file: Hashing): boolean {
  const [buffer] = file.buffers;
  if (!buffer) return false;
  const piece = buffer.subarray(0, crowdedPieceBytes);
  const start = performance.now();
  let balance = 0;
  for (let now = start; now - start < turnMs; now = performance.now()) {
    const read = readSync(file.handle.fd, piece, 0, piece.length, file.done);
    balance += performance.now() - now > slowPieceMs ? 1 : -1;
    updateAll(file.digests, read === piece.length ? piece : piece.subarray(0, read));
    file.done += read;
    file.isAtEnd = read === 0;
    if (file.isAtEnd) return false;
  }
  return balance > 0;
}

/** Hashes a stretch while other threads read ahead. */
async function hashQueued(file: Hashing, tell: () => void): Promise<void> {
  const { handle, digests, buffers, options } = file;
  const end = file.done + stretchBytes;
  let position = file.done;
  const readNext = (buffer: Buffer): Promise<Buffer | undefined> => {
    if (position >= end) return Promise.resolve(undefined);
    const piece = readPiece(handle, buffer, position);
    // A failure is seen when its turn comes; until then it is not an unhandled one.
    piece.catch(() => undefined);
    position += buffer.length;
    return piece;
  };
  const slots = buffers.map((buffer) => ({ buffer, pending: readNext(buffer) }));
  try {
    for (let turns = 0; ; turns++) {
      const slot = slots[turns % slots.length];
      const piece = await slot?.pending;
      if (!slot || !piece) return;
      options.signal?.throwIfAborted();
      updateAll(digests, piece);
      file.done += piece.length;
      file.isAtEnd = piece.length < slot.buffer.length;
      if (file.isAtEnd) return;
      slot.pending = readNext(slot.buffer);
      tell();
    }
  } finally {
    // The handle is closed or read in another way next, and nobody may be reading from it then.
    await Promise.allSettled(slots.map((slot) => slot.pending));
  }
}

/** Used again: otherwise there are as many as the heap has room for before it is cleared. */
const sparePieces: Buffer[] = [];
const mostSparePieces = 6;

async function hashContent(handle: FileHandle, digests: readonly Digest[], size: bigint, options: DigestOptions) {
  const isSmall = Number(size) < pieceBytes;
  const pieces = Array.from(
    { length: isSmall ? 1 : queueLength },
    () => sparePieces.pop() ?? Buffer.allocUnsafeSlow(pieceBytes),
  );
  // One byte more, to see whether a small file has grown.
  const buffers = isSmall ? pieces.map((piece) => piece.subarray(0, Number(size) + 1)) : pieces;
  const file: Hashing = { handle, digests, buffers, options, done: 0, isAtEnd: false };
  let reported = Date.now();
  const tell = (): void => {
    if (Date.now() - reported < progressIntervalMs) return;
    reported = Date.now();
    options.onProgress?.(file.done);
  };
  try {
    while (!file.isAtEnd) {
      if (!isSmall && options.isCrowded?.() === true) {
        const hadToWait = hashHere(file);
        tell();
        await turn();
        options.signal?.throwIfAborted();
        if (!hadToWait) continue;
      }
      await hashQueued(file, tell);
    }
  } finally {
    for (const piece of pieces) if (sparePieces.length < mostSparePieces) sparePieces.push(piece);
  }
  options.onProgress?.(file.done);
  return { digests: digests.map((digest) => digest.digest()), done: file.done };
}

function startAll(algorithms: readonly string[], size: number): Digest[] {
  return algorithms.map((algorithm) => {
    const digest = startDigest(algorithm, size);
    if (!digest) throw unknownHash(algorithm);
    return digest;
  });
}

function unknownHash(algorithm: string): FileError {
  return new FileError('hash-algorithm', unknownHashMessage(algorithm));
}

function changedMeanwhile(path: string, during = 'its checksum was computed'): FileError {
  return new FileError('file-changed', `${path} changed while ${during}; is it being written?`);
}

/** Files up to this size are read in one go. */
export const smallFileBytes = 256 * 1024;

let smallBuffer: Buffer | undefined;

/** One for all small files, which are read one after the other: otherwise there were as many as the heap has room for. */
function bufferOf(size: number): Buffer {
  if (size > smallFileBytes + 1) return Buffer.allocUnsafeSlow(size);
  return (smallBuffer ??= Buffer.allocUnsafeSlow(smallFileBytes + 1));
}

/**
 * As `digestFile`, for a small file and without waiting: for many of them, handing out the work takes longer than the
 * work.
 * @param size bytes that the file had when it was looked at
 */
export function digestNow(
  path: string,
  size: number,
  algorithms: readonly string[],
  identity: FileIdentity,
): readonly string[] {
  const digests = startAll(algorithms, size);
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    if (!sameIdentity(identity, identityOf(fstatSync(file, { bigint: true })))) throw changedMeanwhile(path);
    // One byte more, to see whether it has grown.
    const buffer = bufferOf(size + 1);
    let done = 0;
    for (let read = -1; read !== 0 && done <= size; done += read)
      read = readSync(file, buffer, done, size + 1 - done, done);
    updateAll(digests, buffer.subarray(0, done));
    // By its name, which tells of the open file too: it has the same inode.
    const named = identityOf(statSync(path, { bigint: true }));
    if (!sameIdentity(identity, named) || done !== size) throw changedMeanwhile(path);
    return digests.map((digest) => digest.digest());
  } catch (error) {
    throw error instanceof FileError ? error : unreadableFile(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Not every system has all of them. */
const flagIf = (name: 'O_NOFOLLOW' | 'O_NONBLOCK'): number => (name in constants ? constants[name] : 0);
/** A link, or what is waited for when it is opened, may have come in the place of a file. */
const readListed = constants.O_RDONLY | flagIf('O_NOFOLLOW') | flagIf('O_NONBLOCK');

/**
 * The same for a small file that was listed a moment ago, with as few calls of the system as there can be: of a file of
 * less than a kilobyte each of them takes as long as hashing it. It is read in one go.
 * @param size bytes that it had when it was listed; a file that has others now has changed
 */
export function digestListed(path: string, size: number, algorithms: readonly string[]): readonly string[] {
  let file: number | undefined;
  try {
    file = openSync(path, readListed);
    // One byte more, to see whether it has grown.
    const buffer = bufferOf(size + 1);
    const read = readSync(file, buffer, 0, size + 1, 0);
    if (read !== size) throw changedMeanwhile(path);
    const bytes = buffer.subarray(0, read);
    return algorithms.map((algorithm) => {
      const digest = digestOf(algorithm, bytes);
      if (digest === undefined) throw unknownHash(algorithm);
      return digest;
    });
  } catch (error) {
    throw error instanceof FileError ? error : unreadableFile(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Checksums of a file as hexadecimal digits, in the order of their algorithms. The file is read once.
 * @throws FileError `file-changed` if the file changed meanwhile, `file-unreadable`, `hash-algorithm`;
 *   the signal's reason when aborted.
 */
export async function digestFile(path: string, options: DigestOptions): Promise<readonly string[]> {
  options.signal?.throwIfAborted();
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const before = identityOf(await handle.stat({ bigint: true }));
    if (options.identity && !sameIdentity(options.identity, before)) throw changedMeanwhile(path);
    const started = startAll(options.algorithms, Number(before.size));
    const { digests, done } = await hashContent(handle, started, before.size, options);
    // By its name: it may have been replaced by another file, and where it was not, this tells of the open one, too.
    const named = identityOf(await stat(path, { bigint: true }));
    if (!sameIdentity(before, named) || BigInt(done) !== before.size) throw changedMeanwhile(path);
    return digests;
  } catch (error) {
    if (error instanceof FileError || options.signal?.aborted) throw error;
    throw unreadableFile(path, error);
  } finally {
    await handle?.close();
  }
}

/**
 * Checksum of a file as hexadecimal digits, equal to what Python's hashlib gives.
 * @throws as `digestFile`
 */
export async function checksumFile(path: string, { algorithm, ...options }: ChecksumOptions): Promise<string> {
  requireHashlibName(algorithm);
  const [checksum = ''] = await digestFile(path, { ...options, algorithms: [algorithm] });
  return checksum;
}

/** @throws FileError `hash-algorithm` for what Python's hashlib does not know */
export function requireHashlibName(algorithm: string): void {
  if (cryptoHashName(algorithm) === undefined) throw new FileError('hash-algorithm', unknownHashMessage(algorithm));
}
