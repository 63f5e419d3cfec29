import { NexusError } from './model.ts';
import type * as diskStats from './diskStats.ts';
import { sourceAt } from './storage/openSources.ts';

/** What a file's identity is made of; the rest a browser does not know. */
type Known = Pick<ReturnType<typeof diskStats.fileStats>, 'dev' | 'ino' | 'size' | 'mtimeNs'>;

export function fileStats(path: string): Known {
  const found = sourceAt(path);
  if (found === undefined) throw new NexusError('file-missing', `There is no file ${path}.`);
  const { source, mtimeMs } = found;
  return { dev: 0n, ino: 0n, size: BigInt(source.size), mtimeNs: BigInt(Math.round(mtimeMs)) * 1_000_000n };
}

export const fromSystem: typeof diskStats.fromSystem = (path, error) =>
  error instanceof NexusError
    ? error
    : new NexusError(
        'file-not-readable',
        `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      );
