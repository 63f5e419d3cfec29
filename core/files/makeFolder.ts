import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { failureCode } from './failureReason.ts';

/**
 * Makes a folder and those that it lies in. Node's own recursive `mkdir` never comes back where a file system knows no
 * new folders, such as /proc.
 * @throws what the system says
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    // Most often it is there, which is found out quickly.
    if (statSync(at, { throwIfNoEntry: false })) break;
    missing.unshift(at);
    if (path.dirname(at) === at) break;
  }
  for (const each of missing) {
    await mkdir(each, { mode }).catch((error: unknown) => {
      // Another process may have been quicker.
      if (failureCode(error) !== 'EEXIST') throw error;
    });
  }
}
