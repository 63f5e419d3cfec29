import type { Hdf5TypeInfo } from '../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { isBoolean, typeClass } from './elementType.ts';
import type { Element } from './model.ts';

export interface Decoded {
  readonly elements: Element[];
  /** A string was no valid UTF-8 and has been read as Latin-1. */
  readonly invalidUtf8: boolean;
}

/**
 * Decodes `count` elements that the library has put into its memory. The library turns big-endian numbers into
 * little-endian ones, except inside enumerations and in compounds of mixed byte orders.
 */
export function decodeElements(memory: Uint8Array, offset: number, count: number, info: Hdf5TypeInfo): Decoded {
  const reader = new MemoryReader(memory, info);
  const elements: Element[] = [];
  for (let index = 0; index < count; index += 1) elements.push(reader.element(offset + index * info.size, info));
  return { elements, invalidUtf8: reader.invalidUtf8 };
}

/** Where the library keeps strings and sequences of variable length that it allocated for these elements. */
export function* allocations(
  memory: Uint8Array,
  offset: number,
  count: number,
  info: Hdf5TypeInfo,
): Generator<number, void> {
  if (!allocates(info)) return;
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  for (let index = 0; index < count; index += 1) {
    const at = offset + index * info.size;
    if (info.type === typeClass.string) {
      yield view.getUint32(at, true);
    } else if (info.vlen_type !== undefined) {
      const pointer = view.getUint32(at + 4, true);
      yield* allocations(memory, pointer, view.getUint32(at, true), info.vlen_type);
      yield pointer;
    } else if (info.array_type !== undefined) {
      yield* allocations(memory, at, product(info.array_type.shape), info.array_type);
    } else {
      for (const member of info.compound_type?.members ?? []) yield* allocations(memory, at + member.offset, 1, member);
    }
  }
}

/** Whether the library allocates memory for elements of this type, which has to be freed. */
export function allocates(info: Hdf5TypeInfo): boolean {
  return (
    info.vlen ||
    info.vlen_type !== undefined ||
    (info.array_type !== undefined && allocates(info.array_type)) ||
    (info.compound_type?.members.some(allocates) ?? false)
  );
}

export function product(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total * length, 1);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class MemoryReader {
  invalidUtf8 = false;
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  readonly #converted: boolean;

  constructor(memory: Uint8Array, info: Hdf5TypeInfo) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    this.#converted = allBigEndian(info);
  }

  element(at: number, info: Hdf5TypeInfo): Element {
    switch (info.type) {
      case typeClass.integer:
        return this.#integer(at, info, info.littleEndian || this.#converted);
      case typeClass.float:
        return this.#float(at, info, info.littleEndian || this.#converted);
      case typeClass.string:
        return this.#string(at, info);
      case typeClass.enumeration: {
        const value = this.#integer(at, info, info.littleEndian);
        return isBoolean(info) ? value !== 0 : value;
      }
      case typeClass.compound:
        return Object.fromEntries(
          (info.compound_type?.members ?? []).map((member) => [member.name, this.element(at + member.offset, member)]),
        );
      default:
        if (info.vlen_type !== undefined) return this.#sequence(at, info.vlen_type);
        if (info.array_type !== undefined) return this.#nested(at, info.array_type, info.array_type.shape);
        return this.#bytes(at, info.size);
    }
  }

  #integer(at: number, { size, signed }: Hdf5TypeInfo, littleEndian: boolean): Element {
    const view = this.#view;
    switch (size) {
      case 1:
        return signed ? view.getInt8(at) : view.getUint8(at);
      case 2:
        return signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian);
      case 4:
        return signed ? view.getInt32(at, littleEndian) : view.getUint32(at, littleEndian);
      case 8:
        return signed ? view.getBigInt64(at, littleEndian) : view.getBigUint64(at, littleEndian);
      default:
        return this.#bytes(at, size);
    }
  }

  #float(at: number, { size }: Hdf5TypeInfo, littleEndian: boolean): Element {
    switch (size) {
      case 2:
        return float16(this.#view.getUint16(at, littleEndian));
      case 4:
        return this.#view.getFloat32(at, littleEndian);
      case 8:
        return this.#view.getFloat64(at, littleEndian);
      case 16: {
        const bytes = this.#bytes(at, size);
        return float128(littleEndian ? bytes : bytes.reverse());
      }
      default:
        return this.#bytes(at, size);
    }
  }

  #string(at: number, { size, strpad, vlen }: Hdf5TypeInfo): string {
    const memory = this.#memory;
    let start = at;
    let end = at + size;
    if (vlen) {
      start = this.#view.getUint32(at, true);
      if (start === 0) return '';
      end = memory.indexOf(0, start);
    } else if (strpad === 1) {
      while (end > start && memory[end - 1] === 0) end -= 1;
    } else if (strpad === 2) {
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

  #sequence(at: number, info: Hdf5TypeInfo): Element[] {
    const length = this.#view.getUint32(at, true);
    const pointer = this.#view.getUint32(at + 4, true);
    return Array.from({ length }, (_, index) => this.element(pointer + index * info.size, info));
  }

  #nested(at: number, info: Hdf5TypeInfo, shape: readonly number[]): Element {
    const [length, ...inner] = shape;
    if (length === undefined) return this.element(at, info);
    const step = product(inner) * info.size;
    return Array.from({ length }, (_, index) => this.#nested(at + index * step, info, inner));
  }

  #bytes(at: number, size: number): Uint8Array {
    return Uint8Array.from(this.#memory.subarray(at, at + size));
  }
}

/** The library converts a type when all that has a byte order in it is big-endian. */
function allBigEndian(info: Hdf5TypeInfo): boolean {
  const members = info.compound_type?.members;
  if (members === undefined) return !(info.array_type ?? info.vlen_type ?? info).littleEndian;
  return members.every((member) => member.type === typeClass.string || allBigEndian(member));
}

/** IEEE 754 half precision. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Sixteen little-endian bytes, rounded to double precision: Intel's 80-bit extended format (numpy's `float128` on
 * x86-64; its last six bytes hold anything) or IEEE 754 quadruple precision. Both have fifteen bits of exponent.
 */
function float128(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  const extended = isExtended(view);
  const head = view.getUint16(extended ? 8 : 14, true);
  const sign = head & 0x8000 ? -1 : 1;
  const exponent = head & 0x7fff;
  const low = view.getBigUint64(0, true);
  // The fraction as an integer, and how many bits it has below the point.
  const bits = extended ? 63n : 112n;
  const high = BigInt.asUintN(48, view.getBigUint64(8, true));
  const fraction = extended ? BigInt.asUintN(63, low) : (high << 64n) | low;
  if (exponent === 0x7fff) return fraction === 0n ? sign * Infinity : NaN;
  const whole = exponent === 0 ? 0n : 1n << bits;
  return sign * scaled(fraction | whole, Math.max(exponent, 1) - exponentBias - Number(bits));
}

const exponentBias = 16383;

/**
 * The file says which of the two formats it is, h5wasm does not; so by plausibility: quadruple precision has its
 * exponent in the last two bytes, the extended format before, with a leading one that is written out.
 */
function isExtended(view: DataView): boolean {
  if (!isPlausibleExponent(view.getUint16(14, true))) return true;
  return isPlausibleExponent(view.getUint16(8, true)) && (view.getUint8(7) & 0x80) !== 0;
}

/** In the range of double precision, or that of infinity. */
function isPlausibleExponent(head: number): boolean {
  const exponent = head & 0x7fff;
  return exponent === 0x7fff || Math.abs(exponent - exponentBias) < 1100;
}

/** integer × 2^power without overflow on the way; the integer is rounded once (to nearest, ties to even). */
function scaled(integer: bigint, power: number): number {
  const value = Number(integer);
  const half = Math.trunc(power / 2);
  return value * 2 ** half * 2 ** (power - half);
}
