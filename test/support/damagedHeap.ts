import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sample = join(import.meta.dirname, '../../samples/data/coda/2025/443604/raw/443604_00001017.nxs');

/**
 * Writes a NeXus file on which the HDF5 library never ends: in the global heap, where texts of variable length are, an
 * object is so large that, counted in 32 bits, the next one begins where it began itself.
 */
export function writeEndlessHeap(file: string): void {
  const bytes = readFileSync(sample);
  const heap = bytes.indexOf('GCOL');
  // Behind the heap's own 16 bytes come objects: 8 bytes, a length, and the text, filled up to a multiple of 8.
  const first = heap + 16;
  const second = first + 16 + 8 * Math.ceil(Number(bytes.readBigUInt64LE(first + 8)) / 8);
  bytes.writeBigUInt64LE(2n ** 32n - 16n, second + 8);
  writeFileSync(file, bytes);
}
