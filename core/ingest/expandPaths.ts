import { statSync } from 'node:fs';
import { glob } from 'tinyglobby';

/** Files that paths stand for: a file itself, a folder all files below it, anything else a pattern. In order, sorted within each. */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const item of paths) {
    const found = statSync(item, { throwIfNoEntry: false });
    if (found?.isDirectory()) files.push(...(await glob('**', { cwd: item, absolute: true, dot: true })).sort());
    else if (found || !/[*?[{]/.test(item)) files.push(item);
    else files.push(...(await glob(item, { absolute: true })).sort());
  }
  return files;
}
