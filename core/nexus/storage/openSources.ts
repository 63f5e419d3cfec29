import type { Source } from '../../hdf5/blocks.ts';

/** In a browser: a file by the name that it is asked for, and when it was changed last, in milliseconds. */
export interface OpenSource {
  readonly source: Source;
  readonly mtimeMs: number;
}

const sources = new Map<string, OpenSource>();

export function giveSource(path: string, source: OpenSource): void {
  sources.set(path, source);
}

export function dropSource(path: string): void {
  sources.delete(path);
}

export function sourceAt(path: string): OpenSource | undefined {
  return sources.get(path);
}

/** Bytes that are all at hand. */
export function sourceOfBytes(bytes: Uint8Array): Source {
  return { size: bytes.length, read: (position, length) => bytes.subarray(position, position + length) };
}
