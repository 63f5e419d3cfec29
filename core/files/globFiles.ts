'load later';

import { glob } from 'tinyglobby';

/** The files that a pattern with wildcards takes, as absolute paths. */
export async function filesMatching(pattern: string): Promise<string[]> {
  return glob(pattern, { absolute: true });
}
