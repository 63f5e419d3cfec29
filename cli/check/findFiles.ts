import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { failureReason } from '../../core/files/failureReason.ts';

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
      const all = (await filesBelow(absolute)).sort();
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

/** Folders that hold what others have made, and a lot of it. */
const passedOver = new Set(['node_modules', '.git']);

/** Links to files count as files; those to folders may lead in circles and are not followed. */
async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory() && !passedOver.has(entry.name)) files.push(...(await filesBelow(inner)));
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(inner)))) files.push(inner);
  }
  return files;
}

/** A link that leads nowhere stands for nothing. */
async function isFile(link: string): Promise<boolean> {
  const found = await stat(link).catch(() => undefined);
  return found?.isFile() === true;
}
