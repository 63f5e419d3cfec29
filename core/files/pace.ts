import { statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FileError, unreadableFile } from './fileError.ts';

/** A file that takes longer than this, and what its bytes take, was waited for. */
const slowFileMs = 0.1;
const slowByteMs = 1e-3 / 500;
const fewFiles = 4;
const filesUntilNextTry = 512;

/**
 * Which threads look at many files. On a disk of this machine, doing so in this thread takes a tenth of the time that
 * the threads for waiting take to hand out the work; they are better where the disk is one that is waited for.
 */
export class Pace {
  #slowFiles = 0;
  #told = 0;
  #isSlow = true;

  /** Whether the next files are better left to others. */
  isSlow(files: number): boolean {
    if (this.#slowFiles <= 0) return false;
    this.#slowFiles -= files;
    return true;
  }

  /** How long a file took in this thread. Of a few, the quickest counts: a busy machine makes some of them slow. */
  tell(ms: number, bytes = 0): void {
    this.#told += 1;
    if (ms < slowFileMs + bytes * slowByteMs) this.#isSlow = false;
    if (this.#told < fewFiles) return;
    if (this.#isSlow) this.#slowFiles = filesUntilNextTry;
    this.#told = 0;
    this.#isSlow = true;
  }
}

function checkedFile(path: string, found: BigIntStats): BigIntStats {
  if (!found.isFile()) throw new FileError('file-unreadable', `${path} is not a file.`);
  return found;
}

/** @throws FileError `file-unreadable` for what is no file, too */
export async function findFile(path: string): Promise<BigIntStats> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw unreadableFile(path, error);
  });
  return checkedFile(path, found);
}

/** The same at once. */
export function findFileNow(path: string): BigIntStats {
  let found: BigIntStats;
  try {
    found = statSync(path, { bigint: true });
  } catch (error) {
    throw unreadableFile(path, error);
  }
  return checkedFile(path, found);
}
