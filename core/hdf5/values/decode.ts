import { latin1Text, utf8Text } from '../cursor.ts';
import type { BitsType, FloatType } from '../objects/datatype.ts';
import { product } from '../objects/dataspace.ts';
import type { Element } from './element.ts';
import { decodeFloat, decodeInteger, isIeee } from './numbers.ts';
import type { StoredType } from './storedType.ts';

export interface Decoded {
  readonly elements: Element[];
  /** A string was no valid UTF-8 and has been read as Latin-1. */
  readonly invalidUtf8: boolean;
}

/** Where what is of variable length lies, told by what stands in its place. */
export interface Variable {
  /** The bytes of a text, without what stands behind it. */
  text(memory: Memory, at: number): Uint8Array;
  /** The elements of a list, of `size` bytes each. */
  list(memory: Memory, at: number, size: number): { memory: Memory; at: number; length: number };
}

export interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Decodes `count` elements that lie in memory behind each other. */
export function decodeElements(
  memory: Memory,
  offset: number,
  count: number,
  type: StoredType,
  variable: Variable,
): Decoded {
  const decoder = new Decoder(variable);
  const elements: Element[] = [];
  for (let index = 0; index < count; index += 1)
    elements.push(decoder.element(memory, offset + index * type.size, type));
  return { elements, invalidUtf8: decoder.invalidUtf8 };
}

/** The way that h5py writes booleans: an 8-bit enumeration of FALSE and TRUE. */
export function isBoolean({ size, base, members }: Extract<StoredType, { kind: 'enum' }>): boolean {
  if (members.length !== 2 || size !== 1) return false;
  const values = new Map(members.map(({ name, bytes }) => [name, decodeInteger(bytes, base)]));
  return values.get('FALSE') === 0 && values.get('TRUE') === 1;
}

class Decoder {
  invalidUtf8 = false;
  readonly #variable: Variable;

  constructor(variable: Variable) {
    this.#variable = variable;
  }

  element(memory: Memory, at: number, type: StoredType): Element {
    switch (type.kind) {
      case 'integer':
        return integer(memory, at, type.bits);
      case 'float':
        return float(memory, at, type.bits);
      case 'text':
        return this.#text(type.isVariable ? this.#variable.text(memory, at) : fixedText(memory.bytes, at, type));
      case 'enum': {
        const value = integer(memory, at, type.base);
        return isBoolean(type) ? value !== 0 : value;
      }
      case 'compound':
        return Object.fromEntries(
          type.members.map((member) => [member.name, this.element(memory, at + member.offset, member.type)]),
        );
      case 'vlen': {
        const list = this.#variable.list(memory, at, type.base.size);
        return Array.from({ length: list.length }, (_, index) =>
          this.element(list.memory, list.at + index * type.base.size, type.base),
        );
      }
      case 'array':
        return this.#nested(memory, at, type.base, type.lengths);
      case 'other':
        return copyOf(memory, at, type.size);
    }
  }

  #text(bytes: Uint8Array): string {
    const text = utf8Text(bytes);
    if (text !== undefined) return text;
    this.invalidUtf8 = true;
    return latin1Text(bytes);
  }

  #nested(memory: Memory, at: number, type: StoredType, shape: readonly number[]): Element {
    const [length, ...inner] = shape;
    if (length === undefined) return this.element(memory, at, type);
    const step = product(inner) * type.size;
    return Array.from({ length }, (_, index) => this.#nested(memory, at + index * step, type, inner));
  }
}

function integer(memory: Memory, at: number, bits: BitsType): number | bigint {
  const { size, order, signed } = bits;
  const { view } = memory;
  const isLittle = order === 'little';
  if (bits.precision !== 8 * size) return decodeInteger(copyOf(memory, at, size), bits);
  switch (size) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return signed ? view.getInt16(at, isLittle) : view.getUint16(at, isLittle);
    case 4:
      return signed ? view.getInt32(at, isLittle) : view.getUint32(at, isLittle);
    case 8:
      return signed ? view.getBigInt64(at, isLittle) : view.getBigUint64(at, isLittle);
    default:
      return decodeInteger(copyOf(memory, at, size), bits);
  }
}

function float(memory: Memory, at: number, bits: FloatType): number {
  const isLittle = bits.order === 'little';
  if (isIeee(bits, 4, 8, 23)) return memory.view.getFloat32(at, isLittle);
  if (isIeee(bits, 8, 11, 52)) return memory.view.getFloat64(at, isLittle);
  return decodeFloat(copyOf(memory, at, bits.size), bits);
}

function fixedText(
  bytes: Uint8Array,
  at: number,
  { size, padding }: Extract<StoredType, { kind: 'text' }>,
): Uint8Array {
  let end = at + size;
  if (padding === 'null-padded') {
    while (end > at && bytes[end - 1] === 0) end -= 1;
  } else if (padding === 'space-padded') {
    while (end > at && bytes[end - 1] === 0x20) end -= 1;
  } else {
    let last = at;
    while (last < end && bytes[last] !== 0) last += 1;
    end = last;
  }
  return bytes.subarray(at, end);
}

function copyOf({ bytes }: Memory, at: number, size: number): Uint8Array {
  return Uint8Array.from(bytes.subarray(at, at + size));
}
