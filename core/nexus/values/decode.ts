import type { BitsType, FloatType } from '../../hdf5/datatype.ts';
import type { Element } from '../model.ts';
import { isBoolean } from './elementType.ts';
import { decodeFloat, decodeInteger, isIeee } from './numbers.ts';
import { allocates } from './storedType.ts';
import type { Padding, StoredType } from './storedType.ts';

export interface Decoded {
  readonly elements: Element[];
  /** A string was no valid UTF-8 and has been read as Latin-1. */
  readonly invalidUtf8: boolean;
}

/** Decodes `count` elements that the library has put into its memory. */
export function decodeElements(memory: Uint8Array, offset: number, count: number, type: StoredType): Decoded {
  const reader = new MemoryReader(memory);
  const elements: Element[] = [];
  for (let index = 0; index < count; index += 1) elements.push(reader.element(offset + index * type.size, type));
  return { elements, invalidUtf8: reader.invalidUtf8 };
}

/** Where the library keeps strings and sequences of variable length that it allocated for these elements. */
export function* allocations(
  memory: Uint8Array,
  offset: number,
  count: number,
  type: StoredType,
): Generator<number, void> {
  if (!allocates(type)) return;
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  for (let index = 0; index < count; index += 1) {
    const at = offset + index * type.size;
    if (type.kind === 'text') {
      yield view.getUint32(at, true);
    } else if (type.kind === 'vlen') {
      const pointer = view.getUint32(at + 4, true);
      yield* allocations(memory, pointer, view.getUint32(at, true), type.base);
      yield pointer;
    } else if (type.kind === 'array') {
      yield* allocations(memory, at, product(type.lengths), type.base);
    } else if (type.kind === 'compound') {
      for (const member of type.members) yield* allocations(memory, at + member.offset, 1, member.type);
    }
  }
}

export function product(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total * length, 1);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class MemoryReader {
  invalidUtf8 = false;
  readonly #memory: Uint8Array;
  readonly #view: DataView;

  constructor(memory: Uint8Array) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  }

  element(at: number, type: StoredType): Element {
    switch (type.kind) {
      case 'integer':
        return this.#integer(at, type.bits);
      case 'float':
        return this.#float(at, type.bits);
      case 'text':
        return this.#text(at, type);
      case 'enum': {
        const value = this.#integer(at, type.base);
        return isBoolean(type) ? value !== 0 : value;
      }
      case 'compound':
        return Object.fromEntries(
          type.members.map((member) => [member.name, this.element(at + member.offset, member.type)]),
        );
      case 'vlen':
        return this.#sequence(at, type.base);
      case 'array':
        return this.#nested(at, type.base, type.lengths);
      case 'other':
        return this.#bytes(at, type.size);
    }
  }

  #integer(at: number, bits: BitsType): number | bigint {
    const { size, order, signed } = bits;
    const view = this.#view;
    const isLittle = order === 'little';
    if (bits.precision !== 8 * size) return decodeInteger(this.#bytes(at, size), bits);
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
        return decodeInteger(this.#bytes(at, size), bits);
    }
  }

  #float(at: number, bits: FloatType): number {
    const isLittle = bits.order === 'little';
    if (isIeee(bits, 4, 8, 23)) return this.#view.getFloat32(at, isLittle);
    if (isIeee(bits, 8, 11, 52)) return this.#view.getFloat64(at, isLittle);
    return decodeFloat(this.#bytes(at, bits.size), bits);
  }

  #text(at: number, { size, padding, isVariable }: { size: number; padding: Padding; isVariable: boolean }): string {
    const memory = this.#memory;
    let start = at;
    let end = at + size;
    if (isVariable) {
      start = this.#view.getUint32(at, true);
      if (start === 0) return '';
      end = memory.indexOf(0, start);
    } else if (padding === 'null-padded') {
      while (end > start && memory[end - 1] === 0) end -= 1;
    } else if (padding === 'space-padded') {
      while (end > start && memory[end - 1] === 0x20) end -= 1;
    } else {
      const terminator = memory.indexOf(0, start);
      if (terminator >= 0 && terminator < end) end = terminator;
    }
    const bytes = memory.subarray(start, end);
    try {
      return utf8.decode(bytes);
    } catch {
      this.invalidUtf8 = true;
      return Buffer.from(bytes).toString('latin1');
    }
  }

  #sequence(at: number, type: StoredType): Element[] {
    const length = this.#view.getUint32(at, true);
    const pointer = this.#view.getUint32(at + 4, true);
    return Array.from({ length }, (_, index) => this.element(pointer + index * type.size, type));
  }

  #nested(at: number, type: StoredType, shape: readonly number[]): Element {
    const [length, ...inner] = shape;
    if (length === undefined) return this.element(at, type);
    const step = product(inner) * type.size;
    return Array.from({ length }, (_, index) => this.#nested(at + index * step, type, inner));
  }

  #bytes(at: number, size: number): Uint8Array {
    return Uint8Array.from(this.#memory.subarray(at, at + size));
  }
}
