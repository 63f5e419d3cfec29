import { createHash } from 'node:crypto';
import { open, mkdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import path from 'node:path';
import { FileError } from '../../files/fileError.ts';
import { walkFolder } from '../../packages/walk.ts';

/** Bytes that are copied at once. */
const piece = 4 * 1024 * 1024;

/**
 * Copies a folder to where it is to stay. Each file is written under another name, read back and compared before it gets
 * its own; one that is there with the same size and time is not copied again, and nothing is ever written over.
 * @throws FileError where there is not enough room, another file has the name, or what was written is not what was read
 */
export async function copyFolder(from: string, to: string, signal?: AbortSignal): Promise<void> {
  let needed = 0;
  for await (const { path: name, size, kind } of walkFolder(from, signal))
    if (kind === 'file' && (await stat(path.join(to, name)).catch(() => undefined)) === undefined) needed += size;
  await mkdir(to, { recursive: true });
  const { bavail, bsize } = await statfs(to);
  if (needed > bavail * bsize)
    throw new FileError('file-unreadable', `There is not enough room in ${to}: ${needed} bytes are to be copied.`);
  for await (const { path: name, kind } of walkFolder(from, signal)) {
    if (kind !== 'file') continue;
    await mkdir(path.dirname(path.join(to, name)), { recursive: true });
    await copyOne(path.join(from, name), path.join(to, name), signal);
  }
}

async function copyOne(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  const source = await stat(from);
  const there = await stat(to).catch(() => undefined);
  if (there) {
    if (there.size === source.size && Math.abs(there.mtimeMs - source.mtimeMs) < 1) return;
    throw new FileError('file-changed', `${to} is there already and is another file; nothing is written over.`);
  }
  const half = path.join(path.dirname(to), `.imsc-copy-${path.basename(to)}`);
  await rm(half, { force: true });
  try {
    const [read, written] = [await copyBytes(from, half, signal), await digestOf(half, signal)];
    if (read !== written) throw new FileError('file-changed', `${to} was not written as ${from} was read.`);
    await utimes(half, source.atime, source.mtime);
    await rename(half, to);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/** @returns the SHA-256 of what was read */
async function copyBytes(from: string, to: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  const output = await open(to, 'wx', 0o644);
  try {
    for await (const bytes of piecesOf(from, signal)) {
      hash.update(bytes);
      await output.appendFile(bytes);
    }
    await output.sync();
  } finally {
    await output.close();
  }
  return hash.digest('hex');
}

async function digestOf(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of piecesOf(file, signal)) hash.update(bytes);
  return hash.digest('hex');
}

async function* piecesOf(file: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void> {
  const input = await open(file, 'r');
  const buffer = Buffer.allocUnsafe(piece);
  try {
    for (let at = 0; ;) {
      signal?.throwIfAborted();
      const { bytesRead } = await input.read(buffer, 0, piece, at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await input.close();
  }
}
