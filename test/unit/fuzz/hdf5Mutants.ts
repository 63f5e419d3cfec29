import fc from 'fast-check';

/**
 * HDF5 files that are damaged where it tells: a field of a structure (an id, a length, an address, a number of entries)
 * gets another value, and the checksum over the structure is mended, so that the library believes it.
 */
export interface Hdf5Source {
  readonly bytes: Buffer;
  readonly fields: readonly Field[];
  /** Where structures begin: addresses that make loops. */
  readonly addresses: readonly number[];
}

interface Field {
  readonly at: number;
  readonly width: 1 | 2 | 4 | 8;
  /** The structure around it, if it ends with a checksum. */
  readonly sum: { readonly start: number; readonly end: number } | undefined;
}

const signatures = ['OHDR', 'OCHK', 'BTHD', 'BTLF', 'BTIN', 'FRHP', 'FHDB', 'FHIB', 'FSHD', 'FSSE', 'FAHD', 'FADB', 'EAHD', 'EAIB', 'GCOL', 'TREE', 'SNOD', 'HEAP']; // prettier-ignore
const longestStructure = 2_048;

/** Finds the structures of a file by their signatures. */
export function structuresOf(bytes: Buffer): Hdf5Source {
  const fields: Field[] = [];
  const addresses: number[] = [];
  const add = (at: number, width: Field['width'], sum: Field['sum']): void => {
    if (at + width <= bytes.length) fields.push({ at, width, sum });
  };
  const every = (start: number, end: number, sum: Field['sum']): void => {
    for (let at = start; at < end; at += 1) {
      add(at, 1, sum);
      if (at % 2 === 0) for (const width of [2, 4, 8] as const) if (at + width <= end) add(at, width, sum);
    }
  };
  const superblock = bytes[8] ?? 0;
  every(8, superblock < 2 ? 96 : 44, superblock < 2 ? undefined : { start: 0, end: 44 });
  for (const signature of signatures) {
    for (let at = bytes.indexOf(signature); at >= 0; at = bytes.indexOf(signature, at + 4)) {
      addresses.push(at);
      if (signature === 'GCOL') heapObjects(bytes, at, add);
      else if (signature === 'SNOD') symbolTable(bytes, at, add, addresses);
      else {
        const end = checksumOf(bytes, at);
        // Without a checksum: the head, and then keys and addresses.
        every(at + 4, end ?? Math.min(at + 120, bytes.length), end === undefined ? undefined : { start: at, end });
      }
    }
  }
  return { bytes, fields, addresses };
}

type Add = (at: number, width: Field['width'], sum: Field['sum']) => void;

/** The global heap: id, count of references and length of each object. */
function heapObjects(bytes: Buffer, start: number, add: Add): void {
  const end = Math.min(bytes.length - 16, start + Number(bytes.readBigUInt64LE(start + 8)));
  add(start + 8, 8, undefined);
  for (let at = start + 16; at < end;) {
    for (const [offset, width] of [[0, 2], [2, 2], [8, 8], [8, 4], [12, 4], [8, 1]] as const) add(at + offset, width, undefined); // prettier-ignore
    if (bytes.readUInt16LE(at) === 0) return;
    at += 16 + 8 * Math.ceil(Number(bytes.readBigUInt64LE(at + 8)) / 8);
  }
}

/** A table of names in an old group, and the headers of the objects that it names. */
function symbolTable(bytes: Buffer, start: number, add: Add, addresses: number[]): void {
  add(start + 6, 2, undefined);
  const count = Math.min(bytes.readUInt16LE(start + 6), 64);
  for (let entry = start + 8; entry < start + 8 + 40 * count; entry += 40) {
    for (const offset of [0, 8, 24, 32]) add(entry + offset, 8, undefined);
    add(entry + 16, 4, undefined);
    if (entry + 16 > bytes.length) return;
    const header = Number(bytes.readBigUInt64LE(entry + 8));
    if (header + 16 > bytes.length || bytes[header] !== 1) continue;
    addresses.push(header);
    for (const [offset, width] of [
      [0, 1],
      [2, 2],
      [4, 4],
      [8, 4],
    ] as const)
      add(header + offset, width, undefined);
    const end = Math.min(bytes.length - 8, header + 16 + bytes.readUInt32LE(header + 8));
    for (let at = header + 16; at < end; at += 8 + bytes.readUInt16LE(at + 2)) {
      for (const [offset, width] of [
        [0, 2],
        [2, 2],
        [4, 1],
      ] as const)
        add(at + offset, width, undefined);
      const content = Math.min(bytes.readUInt16LE(at + 2), 64);
      for (let inner = 0; inner < content; inner += 1) add(at + 8 + inner, 1, undefined);
      for (let inner = 0; inner + 8 <= content; inner += 8) add(at + 8 + inner, 8, undefined);
    }
  }
}

/** Where the checksum of a structure stands: the first place that holds the checksum of all before it. */
function checksumOf(bytes: Buffer, start: number): number | undefined {
  const last = Math.min(start + longestStructure, bytes.length - 4);
  for (let end = start + 8; end <= last; end += 1) {
    if (bytes.readUInt32LE(end) === checksum(bytes, start, end)) return end;
  }
  return undefined;
}

const values = ['zero', 'one', 'ones', 'more', 'less', 'half', 'size', 'address', 'own address', 'byte', 'minus 16', 'bit'] as const; // prettier-ignore

export type Damage = readonly [field: number, value: (typeof values)[number], what: number];

export const structuralDamage: fc.Arbitrary<Damage> = fc.tuple(fc.nat(), fc.constantFrom(...values), fc.nat(255));

/** The file with these damages, its checksums mended. */
export function damagedStructure({ bytes, fields, addresses }: Hdf5Source, damages: readonly Damage[]): Buffer {
  const damaged = Buffer.from(bytes);
  for (const [number, kind, what] of damages) {
    const field = fields[number % fields.length];
    if (!field) continue;
    const { at, width, sum } = field;
    const bits = 8 * width;
    let own = 0n;
    for (let byte = width - 1; byte >= 0; byte -= 1) own = own * 256n + BigInt(damaged[at + byte] ?? 0);
    const value = valueOf(kind, own, what, { bits, at, size: bytes.length, addresses });
    const written = BigInt.asUintN(bits, value);
    for (let byte = 0; byte < width; byte += 1) damaged[at + byte] = Number((written >> BigInt(8 * byte)) & 255n);
    if (sum) damaged.writeUInt32LE(checksum(damaged, sum.start, sum.end), sum.end);
  }
  return damaged;
}

function valueOf(
  kind: Damage[1],
  own: bigint,
  what: number,
  place: { bits: number; at: number; size: number; addresses: readonly number[] },
): bigint {
  switch (kind) {
    case 'zero':
      return 0n;
    case 'one':
      return 1n;
    case 'ones':
      return -1n;
    case 'more':
      return own + BigInt(1 + (what % 16));
    case 'less':
      return own - BigInt(1 + (what % 16));
    case 'half':
      return 1n << BigInt(place.bits - 1);
    case 'size':
      return BigInt(place.size);
    case 'address':
      return BigInt(place.addresses[what % Math.max(1, place.addresses.length)] ?? 0);
    case 'own address':
      return BigInt(place.at);
    case 'byte':
      return BigInt(what);
    case 'minus 16':
      return -16n;
    case 'bit':
      return own ^ (1n << BigInt(what % place.bits));
  }
}

/** Bob Jenkins' lookup3, which HDF5 puts behind its structures. */
function checksum(bytes: Buffer, start: number, end: number): number {
  const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
  const length = end - start;
  let a = (0xdeadbeef + length) | 0;
  let b = a;
  let c = a;
  let at = start;
  const word = (offset: number): number => {
    let value = 0;
    for (let byte = 3; byte >= 0; byte -= 1)
      value = (value << 8) | (at + offset + byte < end ? (bytes[at + offset + byte] ?? 0) : 0);
    return value;
  };
  for (; end - at > 12; at += 12) {
    a = (a + word(0)) | 0;
    b = (b + word(4)) | 0;
    c = (c + word(8)) | 0;
    a = (a - c) ^ rotated(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotated(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 4);
    b = (b + a) | 0;
  }
  if (at === end) return c >>> 0;
  a = (a + word(0)) | 0;
  b = (b + word(4)) | 0;
  c = (c + word(8)) | 0;
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return c >>> 0;
}
