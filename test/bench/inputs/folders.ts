import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';

/** A folder of so many small files, a thousand in each subfolder. */
export function manyFiles(bench: Bench, files: number): string {
  const folder = join(bench.inputs, `files-${files}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.new`;
  for (let index = 0; index < files; index += 1) {
    const inner = join(unfinished, `frames_${String(Math.floor(index / 1000)).padStart(3, '0')}`);
    if (index % 1000 === 0) mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, `frame_${String(index).padStart(6, '0')}.tif`), 'x'.repeat(index % 64));
  }
  renameSync(unfinished, folder);
  return folder;
}
