import { lstatSync } from 'node:fs';
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
}

/**
 * All that lies below a folder, folders apart, in the order of their names.
 * @throws what the system says of a folder that cannot be listed; the signal's reason
 */
export async function* walkFolder(root: string, signal?: AbortSignal): AsyncGenerator<FoundFile, void> {
  const pace = new Pace();
  let lastTurn = performance.now();
  const sizeOf = async (file: string): Promise<number> => {
    if (pace.isSlow(1)) return (await lstat(file)).size;
    const start = performance.now();
    const { size } = lstatSync(file);
    const now = performance.now();
    pace.tell(now - start);
    if (now - lastTurn > turnMs) {
      await turn();
      lastTurn = performance.now();
    }
    return size;
  };
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal?.throwIfAborted();
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    const below: string[] = [];
    for (const entry of entries) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) below.push(name);
      else if (entry.isFile()) yield { path: name, kind: 'file', size: await sizeOf(path.join(root, name)) };
      else yield { path: name, kind: entry.isSymbolicLink() ? 'symlink' : 'special', size: 0 };
    }
    waiting.push(...below.reverse());
  }
}
