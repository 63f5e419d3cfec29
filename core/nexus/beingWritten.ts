import { open } from 'node:fs/promises';
import { findSuperblock } from '../hdf5/superblock.ts';
import { isLockedForWriting } from './storage/superblock.ts';

/** The superblock stands at the start, or behind a user block; those of instruments are small. */
const lookedAt = 4096;

/**
 * Whether a file says of itself that a program has it open for writing (also as SWMR, or did not close it), or another
 * process of this computer holds the lock that the HDF5 library takes for that. HDF5 files of older versions say nothing.
 * @throws the file system's error when the file cannot be read
 */
export async function isBeingWritten(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const stats = await handle.stat({ bigint: true });
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(lookedAt), 0, lookedAt, 0);
    const beginning = buffer.subarray(0, bytesRead);
    const found = findSuperblock((at, length) => beginning.subarray(at, at + length), bytesRead);
    return found?.openForWriting === true || (await isLockedForWriting(file, stats));
  } finally {
    await handle.close();
  }
}
