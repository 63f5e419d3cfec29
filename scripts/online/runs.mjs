// As many different runs as are wanted, made of one sample.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const sample = fileURLToPath(new URL('../../samples/data/coda/2025/443604/raw/443604_00001017.nxs', import.meta.url));
const uuid = '2f6f3f3e-8c0b-4b5e-9a43-6d1f6f2d7a10';

/** The job id, and with it the pid, of the run of that number. */
export function jobIdOf(number) {
  return `2f6f3f3e-8c0b-4b5e-9a43-${String(number).padStart(12, '0')}`;
}

/** Where the data file of a run lies, below a folder, as CODA's file writer would have it. */
export function fileOf(folder, number) {
  return path.join(folder, 'coda/2025/443604/raw', `443604_${String(number).padStart(8, '0')}.nxs`);
}

/** Writes the data file of a run; returns its path. */
export function writeRun(folder, number) {
  const bytes = readFileSync(sample);
  // The text stands once in the file, and no checksum is about it.
  bytes.write(jobIdOf(number), bytes.indexOf(uuid), 'latin1');
  const file = fileOf(folder, number);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}
