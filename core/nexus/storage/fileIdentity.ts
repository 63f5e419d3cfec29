import type { BigIntStats } from 'node:fs';

/** What changes whenever the contents of the file may have changed. */
export function fileIdentity(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}
