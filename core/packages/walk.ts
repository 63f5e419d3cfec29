import { lstatSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { turnMs } from '../files/ahead.ts';
import { Pace } from '../files/pace.ts';

/** What lies in a folder, found without following a link. */
export interface FoundFile {
  /** From the folder on, with slashes. */
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'special';
  readonly size: number;
  /** Whether its owner may run it. */
  readonly isExecutable: boolean;
}

/**
 * All that lies below a folder, folders apart, in the order of their names.
 * @param skip files and folders that are left out, by their path from the folder on, with slashes
 * @throws what the system says of a folder that cannot be listed; the signal's reason
 */
export async function* walkFolder(
  root: string,
  signal?: AbortSignal,
  skip?: (path: string) => boolean,
): AsyncGenerator<FoundFile, void> {
  const pace = new Pace();
  let lastTurn = performance.now();
  const statsNow = (file: string): Stats => {
    const start = performance.now();
    const found = lstatSync(file);
    pace.tell(performance.now() - start);
    return found;
  };
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal?.throwIfAborted();
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    const below: string[] = [];
    for (const entry of entries) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skip?.(name) === true) continue;
      if (entry.isDirectory()) below.push(name);
      else if (entry.isFile()) {
        const file = `${root}${path.sep}${name}`;
        const { size, mode } = pace.isSlow(1) ? await lstat(file) : statsNow(file);
        if (performance.now() - lastTurn > turnMs) {
          await turn();
          lastTurn = performance.now();
        }
        yield { path: name, kind: 'file', size, isExecutable: (mode & 0o100) !== 0 };
      } else yield { path: name, kind: entry.isSymbolicLink() ? 'symlink' : 'special', size: 0, isExecutable: false };
    }
    for (const name of below.reverse()) waiting.push(name);
  }
}
