import type { BitsType, Datatype, FloatType, Padding } from '../objects/datatype.ts';

/**
 * A type by which values are decoded: how long each element is where its values lie, in a file or in the memory of a
 * library, and what the bits mean.
 */
export type StoredType =
  | { readonly kind: 'integer'; readonly size: number; readonly bits: BitsType }
  | { readonly kind: 'float'; readonly size: number; readonly bits: FloatType }
  | { readonly kind: 'text'; readonly size: number; readonly padding: Padding; readonly isVariable: boolean }
  | {
      readonly kind: 'enum';
      readonly size: number;
      readonly base: BitsType;
      readonly members: readonly { readonly name: string; readonly bytes: Uint8Array }[];
    }
  | {
      readonly kind: 'compound';
      readonly size: number;
      readonly members: readonly { readonly name: string; readonly offset: number; readonly type: StoredType }[];
    }
  | { readonly kind: 'vlen'; readonly size: number; readonly base: StoredType }
  | { readonly kind: 'array'; readonly size: number; readonly lengths: readonly number[]; readonly base: StoredType }
  /** What has no form of its own: its bytes. */
  | { readonly kind: 'other'; readonly size: number; readonly name: string };

/** A type as its values lie in the file. */
export function typeInFile(file: Datatype): StoredType {
  const { size } = file;
  switch (file.class) {
    case 'integer':
    case 'bitfield':
    case 'float':
      return numberType(file);
    case 'string':
      return { kind: 'text', size, padding: file.padding, isVariable: false };
    case 'enum':
      return enumType(file);
    case 'compound':
      return {
        kind: 'compound',
        size,
        members: file.members.map(({ name, offset, type }) => ({ name, offset, type: typeInFile(type) })),
      };
    case 'vlen':
      return file.isText
        ? { kind: 'text', size, padding: file.padding, isVariable: true }
        : { kind: 'vlen', size, base: typeInFile(file.base) };
    case 'array':
      return { kind: 'array', size, lengths: file.lengths, base: typeInFile(file.base) };
    case 'other':
      return otherType(size, file.name);
  }
}

/** The type of a number, or of its bytes where its bits are in no order that is read here. */
export function numberType(file: BitsType | FloatType): StoredType {
  const { size } = file;
  if (file.class !== 'float')
    return isReadable(file) ? { kind: 'integer', size, bits: file } : otherType(size, bitsName(file));
  return isReadableFloat(file) ? { kind: 'float', size, bits: file } : otherType(size, `float of ${size} bytes`);
}

/** The type of numbers that have names. */
export function enumType({ size, base, members }: Extract<Datatype, { class: 'enum' }>): StoredType {
  if (base.class !== 'integer' || !isReadable(base)) return otherType(size, 'enum of what are no common integers');
  return { kind: 'enum', size, base, members };
}

/** What has no form of its own. */
export function otherType(size: number, name: string): StoredType {
  return { kind: 'other', size, name };
}

/**
 * Whether values of this type are read from a file without asking anybody: they are of the forms that all readers agree
 * about.
 */
export function isPlain(file: Datatype): boolean {
  switch (file.class) {
    case 'integer':
    case 'bitfield':
      return isReadable(file);
    case 'float':
      return isReadableFloat(file);
    case 'string':
      return true;
    case 'enum':
      return file.base.class === 'integer' && isPlain(file.base);
    case 'compound':
      return file.members.length > 0 && file.members.every(({ type }) => isPlain(type));
    case 'array':
    case 'vlen':
      // Libraries turn the bytes of such numbers, but not of what stands for their names.
      return isPlain(file.base) && !(innermost(file).class === 'enum' && !isLittle(innermost(file)));
    case 'other':
      return file.name === 'opaque';
  }
}

/** The type of the elements of lists of lists. */
export function innermost(type: Datatype): Datatype {
  return type.class === 'array' || type.class === 'vlen' ? innermost(type.base) : type;
}

function isLittle(type: Datatype): boolean {
  return type.class === 'enum' && type.base.class === 'integer' && type.base.order === 'little';
}

function bitsName({ class: name, size, precision }: BitsType): string {
  return precision === 8 * size ? `${name} of ${size} bytes` : `${name} of ${precision} bits in ${size} bytes`;
}

/** Up to 64 significant bits, wherever they lie, in one of the two common orders. */
function isReadable({ size, order, offset, precision }: BitsType): boolean {
  // Of these, h5py takes all bits, others do not.
  if (size === 1 && order === 'big' && precision < 8) return false;
  return (
    size >= 1 && size <= 16 && order !== 'vax' && precision >= 1 && precision <= 64 && offset + precision <= 8 * size
  );
}

function isReadableFloat({ size, order, sign, exponent, mantissa, leadingBit, offset }: FloatType): boolean {
  const bits = 8 * size;
  const isInside = sign < bits && exponent.at + exponent.size <= bits && mantissa.at + mantissa.size <= bits;
  // The library itself knows no mantissa whose leading bit is written and always set.
  const isKnown = order !== 'vax' && leadingBit !== 'set' && offset === 0;
  return isKnown && isInside && size <= 16 && exponent.size >= 1 && exponent.size <= 20 && mantissa.size >= 1;
}

/** Whether values of this type hold places where the rest of them lies, of variable length. */
export function allocates(type: StoredType): boolean {
  switch (type.kind) {
    case 'text':
      return type.isVariable;
    case 'vlen':
      return true;
    case 'array':
      return allocates(type.base);
    case 'compound':
      return type.members.some((member) => allocates(member.type));
    default:
      return false;
  }
}
