import type { Cursor } from '../cursor.ts';
import { MAX_RANK } from './dataspace.ts';
import { FormatError } from '../formatError.ts';

export type ByteOrder = 'little' | 'big' | 'vax';

/**
 * A type as the file has it: everything that tells which bits mean what (format specification IV.A.2.d "The Datatype
 * Message").
 */
export type Datatype =
  | BitsType
  | FloatType
  | { readonly class: 'string'; readonly size: number; readonly padding: Padding }
  | {
      readonly class: 'enum';
      readonly size: number;
      readonly base: Datatype;
      readonly members: readonly { readonly name: string; readonly bytes: Uint8Array }[];
    }
  | {
      readonly class: 'compound';
      readonly size: number;
      readonly members: readonly { readonly name: string; readonly offset: number; readonly type: Datatype }[];
    }
  | {
      readonly class: 'vlen';
      readonly size: number;
      readonly base: Datatype;
      /** A text rather than a list. */
      readonly isText: boolean;
      readonly padding: Padding;
    }
  | { readonly class: 'array'; readonly size: number; readonly lengths: readonly number[]; readonly base: Datatype }
  | { readonly class: 'other'; readonly size: number; readonly name: 'time' | 'opaque' | 'reference' | 'complex' };

/** What stands behind a text that is shorter than its place. */
export type Padding = 'null-terminated' | 'null-padded' | 'space-padded';

/** Integers, and bitfields, which are read as unsigned ones. */
export interface BitsType {
  readonly class: 'integer' | 'bitfield';
  readonly size: number;
  readonly order: ByteOrder;
  /** Lowest significant bit, and how many there are. */
  readonly offset: number;
  readonly precision: number;
  readonly signed: boolean;
}

export interface FloatType {
  readonly class: 'float';
  readonly size: number;
  readonly order: ByteOrder;
  readonly offset: number;
  readonly precision: number;
  /** Positions of bits, from the lowest one. */
  readonly sign: number;
  readonly exponent: { readonly at: number; readonly size: number; readonly bias: number };
  readonly mantissa: { readonly at: number; readonly size: number };
  /** What is known of the mantissa's leading bit. `implied`: it is one and not written, as in IEEE 754. */
  readonly leadingBit: 'written' | 'set' | 'implied';
}

const MAX_DEPTH = 32;
const paddings = ['null-terminated', 'null-padded', 'space-padded'] as const;
const leadingBits = ['written', 'set', 'implied'] as const;

/**
 * Reads a datatype message.
 * @throws FormatError for what is not a type, or of a class that is not known here
 */
export function readDatatype(cursor: Cursor, depth = 0): Datatype {
  if (depth > MAX_DEPTH) throw new FormatError('the type is nested too deeply');
  const head = cursor.u8();
  const version = head >> 4;
  const bits = cursor.u8() | (cursor.u8() << 8) | (cursor.u8() << 16);
  const size = cursor.u32();
  if (size === 0) throw new FormatError('the type has no size');
  if (version < 1 || version > 5) throw new FormatError(`the type is of the unknown version ${version}`);
  switch (head & 0xf) {
    case 0:
    case 4: {
      const isInteger = (head & 0xf) === 0;
      const order = bits & 1 ? 'big' : 'little';
      const [offset, precision] = [cursor.u16(), cursor.u16()];
      const signed = isInteger && (bits & 8) !== 0;
      return { class: isInteger ? 'integer' : 'bitfield', size, order, offset, precision, signed };
    }
    case 1:
      return readFloat(cursor, bits, size);
    case 2:
      cursor.skip(2);
      return { class: 'other', size, name: 'time' };
    case 3:
      return { class: 'string', size, padding: paddingOf(bits) };
    case 5:
      cursor.skip(bits & 0xff);
      return { class: 'other', size, name: 'opaque' };
    case 6:
      return readCompound(cursor, { version, count: bits & 0xffff, size, depth });
    case 7:
      return { class: 'other', size, name: 'reference' };
    case 8:
      return readEnum(cursor, { version, count: bits & 0xffff, size, depth });
    case 9:
      return readList(cursor, { bits, size, depth });
    case 10:
      return readArray(cursor, { version, size, depth });
    case 11:
      readDatatype(cursor, depth + 1);
      return { class: 'other', size, name: 'complex' };
    default:
      throw new FormatError(`the type is of the unknown class ${head & 0xf}`);
  }
}

function paddingOf(bits: number): Padding {
  const padding = paddings[bits & 0xf];
  if (padding === undefined) throw new FormatError('a text is filled up in an unknown way');
  return padding;
}

/** A length, and where in the global heap the text or list lies. */
function readList(cursor: Cursor, { bits, size, depth }: { bits: number; size: number; depth: number }): Datatype {
  const kind = bits & 0xf;
  if (kind > 1 || size !== 8 + cursor.sizes.offset) throw new FormatError('a type of variable length is damaged');
  const base = readDatatype(cursor, depth + 1);
  return {
    class: 'vlen',
    size,
    base,
    isText: kind === 1,
    padding: kind === 1 ? paddingOf(bits >> 4) : 'null-terminated',
  };
}

function readFloat(cursor: Cursor, bits: number, size: number): Datatype {
  const leadingBit = leadingBits[(bits >> 4) & 3];
  if (leadingBit === undefined) throw new FormatError('a floating-point type is of an unknown form');
  const [offset, precision] = [cursor.u16(), cursor.u16()];
  const exponent = { at: cursor.u8(), size: cursor.u8() };
  const mantissa = { at: cursor.u8(), size: cursor.u8() };
  return {
    class: 'float',
    size,
    order: (bits & 0x40) !== 0 ? 'vax' : bits & 1 ? 'big' : 'little',
    offset,
    precision,
    sign: (bits >> 8) & 0xff,
    exponent: { ...exponent, bias: cursor.u32() },
    mantissa,
    leadingBit,
  };
}

interface Nested {
  readonly version: number;
  readonly count: number;
  readonly size: number;
  readonly depth: number;
}

function readCompound(cursor: Cursor, { version, count, size, depth }: Nested): Datatype {
  const members: { name: string; offset: number; type: Datatype }[] = [];
  const width = size < 0x100 ? 1 : size < 0x10000 ? 2 : size < 0x1000000 ? 3 : 4;
  for (let index = 0; index < count; index += 1) {
    const name = cursor.text(version < 3 ? 8 : 1);
    const offset = version < 3 ? cursor.u32() : cursor.uint(width);
    const lengths = version === 1 ? oldLengths(cursor) : [];
    const base = readDatatype(cursor, depth + 1);
    const isArray = lengths.length > 0;
    const total = lengths.reduce((product, length) => product * length, base.size);
    if (offset + total > size) throw new FormatError('a member lies outside of its record');
    members.push({ name, offset, type: isArray ? { class: 'array', size: total, lengths, base } : base });
  }
  requireApart(members);
  return { class: 'compound', size, members };
}

/** Members that lie over each other would make many values of few bytes; the library refuses them too. */
function requireApart(members: readonly { readonly offset: number; readonly type: Datatype }[]): void {
  let end = 0;
  for (const { offset, type } of members.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < end) throw new FormatError('members of a record lie over each other');
    end = offset + type.size;
  }
}

/** In the first version, a member was an array by itself. */
function oldLengths(cursor: Cursor): number[] {
  const rank = cursor.u8();
  if (rank > 4) throw new FormatError('an array has too many axes');
  cursor.skip(11);
  const lengths = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()];
  return lengths.slice(0, rank);
}

function readEnum(cursor: Cursor, { version, count, size, depth }: Nested): Datatype {
  const base = readDatatype(cursor, depth + 1);
  if (base.size !== size) throw new FormatError('an enumeration is of another size than its numbers');
  const names = Array.from({ length: count }, () => cursor.text(version < 3 ? 8 : 1));
  return { class: 'enum', size, base, members: names.map((name) => ({ name, bytes: cursor.take(base.size) })) };
}

function readArray(cursor: Cursor, { version, size, depth }: Omit<Nested, 'count'>): Datatype {
  const rank = cursor.u8();
  if (rank > MAX_RANK) throw new FormatError('an array has too many axes');
  if (version < 3) cursor.skip(3);
  const lengths = Array.from({ length: rank }, () => cursor.u32());
  if (version < 3) cursor.skip(4 * rank);
  const base = readDatatype(cursor, depth + 1);
  const total = lengths.reduce((product, length) => product * length, base.size);
  if (total !== size) throw new FormatError('an array is of another size than its elements');
  return { class: 'array', size, lengths, base };
}
