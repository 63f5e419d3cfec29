import { statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { NexusError } from './model.ts';

/** @throws NexusError when there is no regular file */
export function fileStats(path: string): BigIntStats {
  let stats: BigIntStats;
  try {
    stats = statSync(path, { bigint: true });
  } catch (error) {
    throw fromSystem(path, error);
  }
  if (stats.isDirectory()) throw new NexusError('file-not-readable', `${path} is a folder, not a file.`);
  if (!stats.isFile()) throw new NexusError('file-not-readable', `${path} is not an ordinary file.`);
  return stats;
}

/** What the file system says, in words for a person. */
export function fromSystem(path: string, error: unknown): NexusError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new NexusError('file-missing', `There is no file ${path}.`);
  if (code === 'EACCES' || code === 'EPERM') {
    return new NexusError('file-not-readable', `You have no permission to read ${path}.`);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new NexusError('file-not-readable', `${path} cannot be read: ${reason}.`);
}
