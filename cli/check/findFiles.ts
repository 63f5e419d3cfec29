import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../core/imsc/problems.ts';
import type { Problem } from '../../core/imsc/problems.ts';
import { failureReason } from '../../core/ingest/failureReason.ts';

export interface FoundFiles {
  /** Absolute paths, each once, in the order given and sorted within a folder. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * The files that a command line names: a file itself, whatever its name; or those of a folder and the folders below
 * it whose names are wanted.
 * @param kind what is looked for, for the message where a folder has none
 * @param judgeOther says what is wrong with a file of a folder that is not wanted, if anything
 */
export async function findFiles(
  given: readonly string[],
  isWanted: (name: string) => boolean,
  kind: string,
  judgeOther?: (file: string) => Promise<Problem | undefined>,
): Promise<FoundFiles> {
  const files = new Set<string>();
  const problems: Problem[] = [];
  for (const one of given) {
    const absolute = path.resolve(one);
    try {
      if (!(await stat(absolute)).isDirectory()) {
        files.add(absolute);
        continue;
      }
      const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
      const all = entries
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
        .map((entry) => path.join(entry.parentPath, entry.name))
        .sort();
      const found = all.filter((file) => isWanted(path.basename(file)));
      for (const file of found) files.add(file);
      for (const file of judgeOther ? all.filter((other) => !files.has(other)) : []) {
        const judged = await judgeOther?.(file);
        if (judged) problems.push(judged);
      }
      if (found.length === 0) problems.push(problem('schema-file', `${one} holds no ${kind}.`));
    } catch (error) {
      problems.push(problem('schema-file', `${one} cannot be read: ${failureReason(error)}.`));
    }
  }
  return { files: [...files], problems };
}
