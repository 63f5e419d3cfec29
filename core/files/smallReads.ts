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
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
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
