import { preferQuickCompiler } from './library/quickCompiler.ts';
import { warmLockTable } from './storage/superblock.ts';

/**
 * Before anything else of this room, where somebody waits for the first answer: should the HDF5 library be needed, it is
 * compiled fast instead of well, in all threads of the process; and the kernel's table of locks is asked for once, so
 * that it is at hand when a file is opened.
 */
export function preferQuickStart(): void {
  preferQuickCompiler();
  warmLockTable();
}
