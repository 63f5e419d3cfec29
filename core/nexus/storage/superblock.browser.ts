import { findSuperblock } from '../../hdf5/superblock.ts';
import { guessFormat } from './otherFormats.ts';
import { sourceAt } from './openSources.ts';
import type * as superblock from './superblock.ts';

export const readSuperblock: typeof superblock.readSuperblock = (path, size) => {
  const source = sourceAt(path)?.source;
  if (source === undefined) throw new Error('it is not open here');
  const found = findSuperblock((at, length) => source.read(at, length), size);
  return found ?? { looksLike: guessFormat(source.read(0, 24), size) };
};

/** A browser sees a file as it was when it was chosen. */
export const isLockedForWriting: typeof superblock.isLockedForWriting = () => Promise.resolve(false);
