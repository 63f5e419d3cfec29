import type { Hdf5TypeInfo } from '../../node_modules/h5wasm/dist/node/hdf5_util.js';
import type { ElementType } from './model.ts';

const paddings = ['null-terminated', 'null-padded', 'space-padded'] as const;
/** H5T_class_t, for what has no form of its own in the model. */
const otherNames: Readonly<Record<number, string>> = {
  2: 'time',
  4: 'bitfield',
  5: 'opaque',
  7: 'reference',
  9: 'vlen',
  10: 'array',
  11: 'complex',
};

/** H5T_class_t of the types that are decoded. */
export const typeClass = {
  integer: 0,
  float: 1,
  string: 3,
  compound: 6,
  enumeration: 8,
  vlen: 9,
  array: 10,
} as const;

/** The library's description of a type in the model's words. */
export function elementType(info: Hdf5TypeInfo): ElementType {
  switch (info.type) {
    case typeClass.integer: {
      const bits = integerBits(info.size);
      return bits === undefined
        ? { kind: 'other', name: `integer of ${info.size} bytes` }
        : { kind: 'integer', bits, signed: info.signed };
    }
    case typeClass.float: {
      const bits = floatBits(info.size);
      return bits === undefined ? { kind: 'other', name: `float of ${info.size} bytes` } : { kind: 'float', bits };
    }
    case typeClass.string:
      return {
        kind: 'string',
        length: info.vlen ? 'variable' : info.size,
        padding: paddings[info.strpad ?? 0] ?? 'null-terminated',
      };
    case typeClass.enumeration:
      return isBoolean(info) ? { kind: 'boolean' } : { kind: 'enum', members: enumMembers(info) };
    case typeClass.compound:
      return {
        kind: 'compound',
        fields: (info.compound_type?.members ?? []).map((member) => ({
          name: member.name,
          type: elementType(member),
        })),
      };
    default:
      return { kind: 'other', name: otherNames[info.type] ?? 'unknown' };
  }
}

/** The way that h5py writes booleans: an 8-bit enumeration of FALSE and TRUE. */
export function isBoolean(info: Hdf5TypeInfo): boolean {
  const members = info.enum_type?.members;
  if (members === undefined || info.size !== 1) return false;
  return Object.keys(members).length === 2 && members['FALSE'] === 0 && members['TRUE'] === 1;
}

function enumMembers(info: Hdf5TypeInfo): (readonly [string, bigint])[] {
  return Object.entries(info.enum_type?.members ?? {})
    .map(([name, value]): readonly [string, bigint] => [name, BigInt(value)])
    .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function integerBits(size: number): 8 | 16 | 32 | 64 | undefined {
  return size === 1 ? 8 : size === 2 ? 16 : size === 4 ? 32 : size === 8 ? 64 : undefined;
}

function floatBits(size: number): 16 | 32 | 64 | 128 | undefined {
  return size === 2 ? 16 : size === 4 ? 32 : size === 8 ? 64 : size === 16 ? 128 : undefined;
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
