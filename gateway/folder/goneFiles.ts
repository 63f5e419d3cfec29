import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { failureCode } from '../../core/files/failureReason.ts';

/** A file as it was seen; one that was changed since is another thing to hear of. */
export function keyOfFile(file: string, size: number, mtimeMs: number): string {
  return `${file}@${size}@${mtimeMs}`;
}

const fileKey = /^(.*)@\d+@[\d.]+$/s;

/**
 * Which files will not be found again, below watched folders: those that are not there, while the folder that they lay in,
 * or the next above it that is there, has something else in it. An empty one may be that of a disk that is not mounted.
 * @returns whether a file, as it was seen, is surely gone; of other folders none is
 */
export async function goneFiles(folders: readonly string[]): Promise<(key: string) => Promise<boolean>> {
  const roots: string[] = [];
  for (const folder of folders) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) roots.push(real);
  }
  return async (key) => {
    const file = fileKey.exec(key)?.[1] ?? '';
    const root = roots.find((each) => file.startsWith(path.join(each, path.sep)));
    // What cannot be looked at may be there.
    return root !== undefined && (await isMissing(file)) && (await hasOthers(path.dirname(file), root));
  };
}

async function isMissing(file: string): Promise<boolean> {
  return lstat(file).then(
    () => false,
    (error: unknown) => failureCode(error) === 'ENOENT',
  );
}

async function hasOthers(folder: string, root: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0;
  } catch (error) {
    return failureCode(error) === 'ENOENT' && folder !== root && hasOthers(path.dirname(folder), root);
  }
}
