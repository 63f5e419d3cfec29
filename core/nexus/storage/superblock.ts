import { closeSync, openSync, read, readdirSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findSuperblock, signature } from '../../hdf5/superblock.ts';
import type { Superblock } from '../../hdf5/superblock.ts';
import { guessFormat } from './otherFormats.ts';

/**
 * Looks for the HDF5 superblock where it may be: at the start, or behind a user block of 512, 1024, 2048… bytes.
 * @returns undefined without one, with a guess at what the file is instead
 * @throws the file system's error when the file cannot be opened
 */
export function readSuperblock(path: string, size: number): Superblock | { readonly looksLike: string | undefined } {
  const descriptor = openSync(path, 'r');
  try {
    const read = (position: number, length: number): Buffer => {
      const block = Buffer.alloc(length);
      return block.subarray(0, readSync(descriptor, block, 0, length, position));
    };
    const found = findSuperblock(read, size);
    return found ?? { looksLike: guessFormat(read(0, 24), size) };
  } finally {
    closeSync(descriptor);
  }
}

/** How far `hasSignature` looks: behind user blocks of up to 2048 bytes. */
const lookedAt = 2048 + signature.length;

/**
 * Whether a file begins as HDF5 files do. A cheap look, with one read: it may be damaged all the same.
 * @returns false for what cannot be read
 */
export async function hasSignature(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(lookedAt), 0, lookedAt, 0);
    return [0, 512, 1024, 2048].some((at) => at < bytesRead && buffer.subarray(at, at + signature.length).equals(signature)); // prettier-ignore
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

/**
 * True where another process holds a write lock on the file, as the HDF5 library does while it writes. The library that
 * reads here takes no locks and would read half-written data. Known on Linux only; elsewhere always false.
 */
export async function isLockedForWriting(path: string, stats: BigIntStats): Promise<boolean> {
  const locks = await lockTable().catch(() => '');
  for (const line of locks.split('\n')) {
    const lock = /\bWRITE (-?\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) /.exec(line);
    if (lock?.[4] !== stats.ino.toString()) continue;
    const [, owner = '', major = '', minor = ''] = lock;
    // On layered file systems the device in this table is not the one that stat gives.
    if (deviceNumber(major, minor) === stats.dev || hasOpen(owner, path)) return true;
  }
  return false;
}

/** Asks for the table of locks once, so that the kernel has it at hand for a tenth of a second. */
export function warmLockTable(): void {
  lockTable().catch(() => undefined);
}

/**
 * The kernel takes ten milliseconds for the first piece of this table. It is asked for before anything else is done, so
 * that there is other work to do meanwhile.
 */
async function lockTable(): Promise<string> {
  const descriptor = openSync('/proc/locks', 'r');
  try {
    const buffer = Buffer.alloc(64 * 1024);
    let table = '';
    for (;;) {
      const { bytesRead } = await promisify(read)(descriptor, buffer, 0, buffer.length, null);
      if (bytesRead === 0) return table;
      table += buffer.toString('latin1', 0, bytesRead);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Linux's encoding of a device number: the minor's upper bits come above the major's. */
function deviceNumber(major: string, minor: string): bigint {
  const low = BigInt(`0x${minor}`);
  return (low & 0xffn) | (BigInt(`0x${major}`) << 8n) | ((low & ~0xffn) << 12n);
}

function hasOpen(process: string, path: string): boolean {
  try {
    const real = realpathSync(path);
    const folder = `/proc/${process}/fd`;
    return readdirSync(folder).some((name) => readlinkSync(`${folder}/${name}`) === real);
  } catch {
    return false;
  }
}
