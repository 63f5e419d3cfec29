import { readSync } from 'node:fs';

/**
 * The heaps in which texts and lists of variable length lie. The library keeps lengths in 32 bits here and takes one
 * that was damaged in its upper half for a sound one, so they are looked at before the library gets them.
 */
const signature = Buffer.from('GCOL\x01\0\0\0', 'latin1');
const superblock = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** Structures are read in small pieces, values in any. */
const mostBytes = 1 << 20;
const mostObjects = 1 << 16;

/**
 * Whether something that the library has read holds the beginning of a heap whose lengths reach beyond 32 bits.
 * @param descriptor of the file, to look at what lies behind
 * @param position of the bytes in it
 */
export function holdsDamagedHeap(bytes: Uint8Array, descriptor: number, position: number): boolean {
  if (bytes.length > mostBytes) return false;
  const read = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = read.indexOf(signature); at >= 0; at = read.indexOf(signature, at + 1)) {
    if (isDamaged(descriptor, position + at)) return true;
  }
  return false;
}

function isDamaged(descriptor: number, start: number): boolean {
  // Other lengths than the usual ones are read by the library itself, whole.
  if (bytesOfLengths(descriptor) !== 8) return false;
  const head = Buffer.alloc(16);
  if (readSync(descriptor, head, 0, 16, start) < 16) return false;
  if (head.readUInt32LE(12) !== 0) return true;
  const end = start + head.readUInt32LE(8);
  let at = start + 16;
  for (let count = 0; at + 16 <= end && count < mostObjects; count += 1) {
    if (readSync(descriptor, head, 0, 16, at) < 16) return false;
    if (head.readUInt32LE(12) !== 0) return true;
    // The rest of a heap is free.
    if (head.readUInt16LE(0) === 0) return false;
    at += 16 + Math.ceil(head.readUInt32LE(8) / 8) * 8;
  }
  return false;
}

function bytesOfLengths(descriptor: number): number | undefined {
  const head = Buffer.alloc(16);
  for (let at = 0; readSync(descriptor, head, 0, 16, at) === 16; at = at === 0 ? 512 : at * 2) {
    if (head.subarray(0, 8).equals(superblock)) return head[(head[8] ?? 0) < 2 ? 14 : 10];
  }
  return undefined;
}
