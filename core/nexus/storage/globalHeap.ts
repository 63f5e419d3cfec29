/**
 * The heaps in which texts and lists of variable length lie. The library keeps lengths in 32 bits here and takes one
 * that was damaged in its upper half for a sound one, so they are looked at before the library gets them.
 */
const signature = Uint8Array.of(0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0);
const superblock = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** Structures are read in small pieces, values in any. */
const mostBytes = 1 << 20;
const mostObjects = 1 << 16;

/** Fills `into` from that position of the file on. @returns how many bytes there were */
type ReadAt = (into: Uint8Array, position: number) => number;

/**
 * Whether something that the library has read holds the beginning of a heap whose lengths reach beyond 32 bits.
 * @param read to look at what lies behind
 * @param position of the bytes in the file
 */
export function holdsDamagedHeap(bytes: Uint8Array, read: ReadAt, position: number): boolean {
  if (bytes.length > mostBytes) return false;
  const [first = 0] = signature;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (startsWith(bytes, signature, at) && isDamaged(read, position + at)) return true;
  }
  return false;
}

function isDamaged(read: ReadAt, start: number): boolean {
  // Other lengths than the usual ones are read by the library itself, whole.
  if (bytesOfLengths(read) !== 8) return false;
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  if (read(head, start) < 16) return false;
  if (view.getUint32(12, true) !== 0) return true;
  const end = start + view.getUint32(8, true);
  let at = start + 16;
  for (let count = 0; at + 16 <= end && count < mostObjects; count += 1) {
    if (read(head, at) < 16) return false;
    if (view.getUint32(12, true) !== 0) return true;
    // The rest of a heap is free.
    if (view.getUint16(0, true) === 0) return false;
    at += 16 + Math.ceil(view.getUint32(8, true) / 8) * 8;
  }
  return false;
}

function bytesOfLengths(read: ReadAt): number | undefined {
  const head = new Uint8Array(16);
  for (let at = 0; read(head, at) === 16; at = at === 0 ? 512 : at * 2) {
    if (startsWith(head, superblock, 0)) return head[(head[8] ?? 0) < 2 ? 14 : 10];
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array, at: number): boolean {
  return beginning.every((byte, index) => bytes[at + index] === byte);
}
