import { stat } from 'node:fs/promises';
import path from 'node:path';
import { filesMatching } from '../core/files/globFiles.ts';

/** Files that an option names, as absolute paths; what is not there is a pattern. */
export async function namedFiles(given: unknown): Promise<readonly string[]> {
  const named = Array.isArray(given) ? given.map(String) : [];
  const found = await Promise.all(
    named.map(async (each) =>
      (await stat(each).catch(() => undefined))?.isFile() === true
        ? [path.resolve(each)]
        : (await filesMatching(each)).sort(),
    ),
  );
  return [...new Set(found.flat())];
}
