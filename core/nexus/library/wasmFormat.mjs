// How a WebAssembly module is written.

/**
 * @param {number} id
 * @param {Uint8Array[]} pieces
 */
export function section(id, pieces) {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([Buffer.from([id]), unsigned(length), ...pieces]);
}

// Numbers are written in groups of seven bits, the lowest first (LEB128).

export function readUnsigned(bytes, start) {
  let value = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    value |= (bytes[at] & 0x7f) << shift;
    if ((bytes[at] & 0x80) === 0) return [value >>> 0, at + 1];
  }
}

export function unsigned(value) {
  const groups = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...groups, rest]);
    groups.push((rest & 0x7f) | 0x80);
  }
}

export function signed(value) {
  const groups = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -0x40 && rest < 0x40) return Buffer.from([...groups, rest & 0x7f]);
    groups.push((rest & 0x7f) | 0x80);
  }
}
