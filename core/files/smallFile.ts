import { readFileSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { budget, megabytes } from '../limits/budget.ts';
import { decodeText } from '../text/decodeText.ts';

/**
 * The text of a file that a person or a program has written: a schema, a configuration, a token. Its size is looked at
 * before it is read, and nothing but a regular file is opened: from others reading may never end.
 * @throws Error with a reason for a person, see failureReason
 */
export async function readSmallFile(file: string, { keepsMark = false } = {}): Promise<string> {
  requireSmall(await stat(file));
  // The file system has just answered; handing over each of the reads takes more time than they do.
  return decodeText(readFileSync(file), { keepsMark });
}

/** The same at once. */
export function readSmallFileSync(file: string): string {
  requireSmall(statSync(file));
  return decodeText(readFileSync(file));
}

function requireSmall(found: Stats): void {
  if (found.isDirectory()) throw new Error('it is a folder');
  if (!found.isFile()) throw new Error('it is not an ordinary file');
  if (found.size <= budget.textFile) return;
  throw new Error(`it has ${megabytes(found.size)}, and more than ${megabytes(budget.textFile)} are not read`);
}
