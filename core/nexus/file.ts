import type { BigIntStats } from 'node:fs';
import { resolve } from 'node:path';
import type { Superblock } from '../hdf5/superblock.ts';
import { openLibraryFile } from './library/libraryFile.ts';
import { beingWritten } from './writtenError.ts';
import { fileStats, fromSystem } from './diskStats.ts';
import { NexusError } from './model.ts';
import type { NexusFile } from './model.ts';
import { OpenFile } from './openFile.ts';
import { Reach } from './storage/reach.ts';
import { isLockedForWriting, readSuperblock } from './storage/superblock.ts';

/**
 * Opens a NeXus file in this thread.
 * @param path relative paths are relative to the working directory
 * @param answerMs milliseconds that one answer may take, and the opening; beyond it is NexusError `too-slow`
 * @param linkedFolders folders into which the file may lead, besides its own
 * @throws NexusError for whatever is wrong with the file
 */
export async function openNexus(
  path: string,
  answerMs = Infinity,
  linkedFolders: readonly string[] = [],
): Promise<NexusFile> {
  const file = resolve(path);
  const stats = fileStats(file);
  const superblock = superblockOf(file, stats);
  if (superblock.openForWriting) throw beingWritten(file, FLAGGED);
  const locked = isLockedForWriting(file, stats);
  const reach = new Reach(file, linkedFolders);
  // The kernel may take ten milliseconds for its answer; meanwhile the file is opened.
  const [opened, writer] = await Promise.allSettled([
    OpenFile.open(file, reach, stats, answerMs, (disk) => openLibraryFile(file, reach, disk, stats, answerMs)),
    locked,
  ]);
  if (writer.status === 'fulfilled' && writer.value) {
    if (opened.status === 'fulfilled') await opened.value.close();
    throw beingWritten(file);
  }
  if (opened.status === 'rejected') throw opened.reason;
  return opened.value;
}

function superblockOf(path: string, stats: BigIntStats): Superblock {
  let found: ReturnType<typeof readSuperblock>;
  try {
    found = readSuperblock(path, Number(stats.size));
  } catch (error) {
    throw fromSystem(path, error);
  }
  if ('openForWriting' in found) return found;
  const guess = found.looksLike === undefined ? '' : ` (it is ${found.looksLike})`;
  throw new NexusError('file-not-hdf5', `${path} is not an HDF5 file${guess}.`);
}

const FLAGGED =
  'If no program writes it any more, its writer ended without closing it, and "h5clear -s" makes it readable.';
