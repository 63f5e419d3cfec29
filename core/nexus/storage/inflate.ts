import { inflateSync } from 'node:zlib';

/**
 * Unpacks what zlib has packed.
 * @param most bytes; where there are more, it fails
 * @throws Error
 */
export function inflate(bytes: Uint8Array, most: number): Uint8Array {
  return inflateSync(bytes, { maxOutputLength: Math.max(most, 1) });
}
