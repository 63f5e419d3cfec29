import { FormatError } from './formatError.ts';

/**
 * Bob Jenkins' lookup3, which newer structures have behind them, and by which names are found in long lists
 * (format specification, appendix "Checksum").
 */
export function lookup3(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const length = end - start;
  let a = (0xdeadbeef + length) | 0;
  let b = a;
  let c = a;
  let at = start;
  for (; end - at > 12; at += 12) {
    a = (a + word(bytes, at)) | 0;
    b = (b + word(bytes, at + 4)) | 0;
    c = (c + word(bytes, at + 8)) | 0;
    a = (a - c) ^ ((c << 4) | (c >>> 28));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 6) | (a >>> 26));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 8) | (b >>> 24));
    b = (b + a) | 0;
    a = (a - c) ^ ((c << 16) | (c >>> 16));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 19) | (a >>> 13));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 4) | (b >>> 28));
    b = (b + a) | 0;
  }
  if (at === end) return c >>> 0;
  a = (a + lastWord(bytes, at, end)) | 0;
  b = (b + lastWord(bytes, at + 4, end)) | 0;
  c = (c + lastWord(bytes, at + 8, end)) | 0;
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0;
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0;
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0;
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0;
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0;
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0;
  c = ((c ^ b) - ((b << 24) | (b >>> 8))) | 0;
  return c >>> 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function lastWord(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let byte = Math.min(4, end - at) - 1; byte >= 0; byte -= 1) value = (value << 8) | (bytes[at + byte] ?? 0);
  return value;
}

/** @throws FormatError unless the last four of these bytes are the checksum of those before */
export function requireChecksum(bytes: Uint8Array, what: string, start = 0, end = bytes.length): void {
  if (word(bytes, end - 4) >>> 0 !== lookup3(bytes, start, end - 4))
    throw new FormatError(`the checksum of ${what} is wrong`);
}

/** Fletcher's checksum over words of 16 bits, as the filter of that name stores it behind the data. */
export function fletcher32(bytes: Uint8Array): number {
  let one = 0;
  let two = 0;
  const even = bytes.length & ~1;
  for (let at = 0; at < even;) {
    // So many sums fit into 32 bits.
    for (const end = Math.min(even, at + 720); at < end; at += 2) {
      one += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      two += one;
    }
    one = (one & 0xffff) + (one >>> 16);
    two = (two & 0xffff) + (two >>> 16);
  }
  if (even < bytes.length) {
    one += (bytes[even] ?? 0) << 8;
    two += one;
    one = (one & 0xffff) + (one >>> 16);
    two = (two & 0xffff) + (two >>> 16);
  }
  one = (one & 0xffff) + (one >>> 16);
  two = (two & 0xffff) + (two >>> 16);
  return ((two << 16) | one) >>> 0;
}
