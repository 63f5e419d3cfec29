import { isBoolean } from '../../hdf5/values/decode.ts';
import { decodeInteger, isIeee } from '../../hdf5/values/numbers.ts';
import type { StoredType } from '../../hdf5/values/storedType.ts';
import type { ElementType } from '../model.ts';

/** A type of a file in the model's words. */
export function elementType(type: StoredType): ElementType {
  switch (type.kind) {
    case 'integer':
      return { kind: 'integer', bits: integerBits(type.bits.precision), signed: type.bits.signed };
    case 'float':
      return { kind: 'float', bits: floatBits(type) };
    case 'text':
      return { kind: 'string', length: type.isVariable ? 'variable' : type.size, padding: type.padding };
    case 'enum':
      return isBoolean(type) ? { kind: 'boolean' } : { kind: 'enum', members: enumMembers(type) };
    case 'compound':
      return {
        kind: 'compound',
        fields: type.members.map((member) => ({ name: member.name, type: elementType(member.type) })),
      };
    case 'vlen':
    case 'array':
      return { kind: 'other', name: type.kind };
    case 'other':
      return { kind: 'other', name: type.name };
  }
}

function enumMembers({ base, members }: Extract<StoredType, { kind: 'enum' }>): (readonly [string, bigint])[] {
  return members
    .map(({ name, bytes }): readonly [string, bigint] => [name, BigInt(decodeInteger(bytes, base))])
    .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The smallest common integer that holds it, as numpy names it. */
function integerBits(precision: number): 8 | 16 | 32 | 64 {
  return precision <= 8 ? 8 : precision <= 16 ? 16 : precision <= 32 ? 32 : 64;
}

/** The smallest common form that holds it. */
function floatBits({ bits }: Extract<StoredType, { kind: 'float' }>): 16 | 32 | 64 | 128 {
  if (isIeee(bits, 2, 5, 10)) return 16;
  const digits = bits.mantissa.size - (bits.leadingBit === 'written' ? 1 : 0);
  const { size, bias } = bits.exponent;
  // From the smallest to the largest power of two.
  const isWithin = (exponentBits: number, fraction: number): boolean => {
    const most = 2 ** (exponentBits - 1) - 1;
    return digits <= fraction && 2 ** size - 2 - bias <= most && bias + digits <= most + fraction;
  };
  return isWithin(8, 23) ? 32 : isWithin(11, 52) ? 64 : 128;
}

/** The type as numpy would name it, e.g. `float64`, `uint8`, `string`, `bool`, `{x: float64, label: string}`. */
export function formatElementType(type: ElementType): string {
  switch (type.kind) {
    case 'integer':
      return `${type.signed ? '' : 'u'}int${type.bits}`;
    case 'float':
      return `float${type.bits}`;
    case 'string':
      return type.length === 'variable' ? 'string' : `string[${type.length}]`;
    case 'boolean':
      return 'bool';
    case 'enum':
      return `enum(${type.members.map(([name]) => name).join(', ')})`;
    case 'compound':
      return `{${type.fields.map(({ name, type: inner }) => `${name}: ${formatElementType(inner)}`).join(', ')}}`;
    case 'other':
      return type.name;
  }
}

/** `scalar`, `empty` (null dataspace) or e.g. `3 × 4`. */
export function formatShape(shape: readonly number[] | null): string {
  if (shape === null) return 'empty';
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}
