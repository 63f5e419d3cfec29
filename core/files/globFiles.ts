'load later';

import { glob } from 'tinyglobby';

/** The files that a pattern with wildcards takes, as absolute paths. */
export async function filesMatching(pattern: string): Promise<string[]> {
  return glob(pattern, { absolute: true });
}

/**
 * The files below a folder that a pattern takes, or one of several, seen from it, as paths from the root; links are not
 * followed.
 * @param ignore patterns for what is passed over
 */
export async function filesBelowMatching(
  folder: string,
  patterns: string | readonly string[],
  signal?: AbortSignal,
  ignore: readonly string[] = [],
): Promise<string[]> {
  return glob(patterns, {
    cwd: folder,
    absolute: true,
    followSymbolicLinks: false,
    ignore,
    ...(signal && { signal }),
  });
}
