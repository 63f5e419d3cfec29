import { lstatSync, readFileSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { failureCode } from './failureReason.ts';

/*
 * Small questions to the file system, asked at once: handing them to another thread takes twenty times the processor time
 * of the answer, and an ingestion asks some hundreds. What changes names or waits for the disk is handed over all the same.
 */

/** The text of a small file that a program has written; undefined where it cannot be read. */
export function textOf(file: string): string | undefined {
  try {
    return bytesOf(file)?.toString('utf8');
  } catch {
    return undefined;
  }
}

/**
 * What is in a file that a program has written; undefined where there is none. A pipe or a device that lies in its place
 * is not opened: reading it may never end.
 * @throws what the system says of a file that cannot be read, and the like for what is none
 */
export function bytesOf(file: string): Buffer | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) throw Object.assign(new Error('it is not an ordinary file'), { code: 'EINVAL' });
  try {
    return readFileSync(file);
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What the system says of a path, behind links; undefined where it says nothing. */
export function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Deletes a file that may be gone. @throws what the system says otherwise */
export async function removeFile(file: string): Promise<void> {
  // Most often there is none, which is found out quickly.
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  await unlink(file).catch((error: unknown) => {
    if (failureCode(error) !== 'ENOENT') throw error;
  });
}
