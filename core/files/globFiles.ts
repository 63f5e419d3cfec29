'load later';

import { glob } from 'tinyglobby';

/** The files that a pattern with wildcards takes, as absolute paths. */
export async function filesMatching(pattern: string): Promise<string[]> {
  return glob(pattern, { absolute: true });
}

/** The files below a folder that a pattern takes, seen from it, as paths from the root; links are not followed. */
export async function filesBelowMatching(folder: string, pattern: string, signal?: AbortSignal): Promise<string[]> {
  return glob(pattern, { cwd: folder, absolute: true, followSymbolicLinks: false, ...(signal && { signal }) });
}
