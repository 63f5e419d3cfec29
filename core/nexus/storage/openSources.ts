import type { Source } from '../../hdf5/blocks.ts';
import { Kept } from '../../hdf5/kept.ts';
import { budget } from '../../limits/budget.ts';

/** In a browser: a file by the name that it is asked for, and when it was changed last, in milliseconds. */
export interface OpenSource {
  readonly source: Source;
  readonly mtimeMs: number;
}

const sources = new Kept<OpenSource, string>(budget.nexus.wholeFiles);

/** @param bytes that it takes in memory; where that is more than is kept, others go, those first that came first */
export function giveSource(path: string, source: OpenSource, bytes = 0): void {
  sources.set(path, source, bytes);
}

export function sourceAt(path: string): OpenSource | undefined {
  return sources.get(path);
}

/** Bytes that are all at hand. */
export function sourceOfBytes(bytes: Uint8Array): Source {
  return { size: bytes.length, read: (position, length) => bytes.subarray(position, position + length) };
}
