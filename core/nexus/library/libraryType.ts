import type { Hdf5TypeInfo } from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
import type { Datatype } from '../../hdf5/objects/datatype.ts';
import { FormatError } from '../../hdf5/formatError.ts';
import { enumType, innermost, numberType, otherType } from '../../hdf5/values/storedType.ts';
import type { StoredType } from '../../hdf5/values/storedType.ts';

const paddings = ['null-terminated', 'null-padded', 'space-padded'] as const;

/**
 * A type as its values lie in the library's memory: sizes and offsets are the library's, which differ from the file's
 * where there is something of variable length; what the bits mean is the file's.
 * @param info the library's description of the type
 * @param file the same type as the file has it
 * @throws FormatError where the two do not belong together, or the bits are in no order that is read here
 */
export function storedType(info: Hdf5TypeInfo, file: Datatype): StoredType {
  return join(info, inMemory(file));
}

/**
 * A type by the library's description alone, as if its numbers were of the plain layout for their size: good enough to
 * name it in a list, never to read a value.
 */
export function plainType(info: Hdf5TypeInfo): StoredType {
  return textType(info) ?? join(info, plainDatatype(info));
}

/** Texts, whose bytes mean the same in every file, need not be looked up in it; undefined for all other types. */
export function textType(info: Hdf5TypeInfo): StoredType | undefined {
  if (info.type !== 3) return undefined;
  const padding = paddings[info.strpad ?? 0] ?? 'null-terminated';
  return { kind: 'text', size: info.size, padding, isVariable: info.vlen };
}

function join(info: Hdf5TypeInfo, file: Datatype): StoredType {
  const { size } = info;
  const text = textType(info);
  if (text !== undefined) {
    if (file.class === 'string' ? file.size === size : file.class === 'vlen' && file.isText) return text;
    throw mismatch();
  }
  if (file.class !== 'vlen' && file.class !== 'compound' && file.class !== 'array' && file.size !== size)
    throw mismatch();
  switch (file.class) {
    case 'integer':
    case 'bitfield':
    case 'float':
      return numberType(file);
    case 'string':
      throw mismatch();
    case 'enum':
      return enumType(file);
    case 'compound':
      return { kind: 'compound', size, members: joinMembers(info, file) };
    case 'vlen':
      if (info.vlen_type === undefined) throw mismatch();
      return { kind: 'vlen', size, base: join(info.vlen_type, file.base) };
    case 'array':
      return joinArray(info, file);
    case 'other':
      return otherType(size, file.name);
  }
}

function joinMembers(info: Hdf5TypeInfo, file: Extract<Datatype, { class: 'compound' }>) {
  const members = info.compound_type?.members ?? [];
  if (members.length !== file.members.length) throw mismatch();
  // Both keep the order in which the members were added.
  return file.members.map(({ name, type }, index) => {
    const member = members[index];
    if (member === undefined) throw mismatch();
    return { name, offset: member.offset, type: join(member, type) };
  });
}

function joinArray(info: Hdf5TypeInfo, file: Extract<Datatype, { class: 'array' }>): StoredType {
  const base = info.array_type;
  const isSame =
    base?.shape.length === file.lengths.length && base.shape.every((at, axis) => at === file.lengths[axis]);
  if (base === undefined || !isSame) throw mismatch();
  return { kind: 'array', size: info.size, lengths: file.lengths, base: join(base, file.base) };
}

function mismatch(): FormatError {
  return new FormatError('the library sees another type than the file describes');
}

/**
 * The type that h5wasm asks the library for: that of the file, with the bytes of each number turned round where all of
 * them are big-endian (or in the order of a VAX). The library stops at enumerations, which it leaves as they are.
 */
function inMemory(file: Datatype): Datatype {
  const order = orderOf(file);
  return order === 'big' || order === 'vax' ? turned(file, { stopped: false }) : file;
}

/** As H5Tget_order: of what has none, nothing is said. */
function orderOf(type: Datatype): 'little' | 'big' | 'vax' | 'mixed' | undefined {
  switch (type.class) {
    case 'integer':
    case 'bitfield':
    case 'float':
      return type.order;
    case 'enum':
    case 'array':
    case 'vlen':
      return orderOf(type.base);
    case 'compound': {
      const orders = new Set(type.members.map((member) => orderOf(member.type)));
      orders.delete(undefined);
      return orders.size > 1 ? 'mixed' : [...orders][0];
    }
    default:
      return undefined;
  }
}

/** As H5Tset_order. */
function turned(type: Datatype, progress: { stopped: boolean }): Datatype {
  if (progress.stopped) return type;
  switch (type.class) {
    case 'integer':
    case 'bitfield':
      if (type.size === 1 && type.precision < 8)
        throw new FormatError('readers take big-endian parts of a byte differently');
      return { ...type, order: 'little' };
    case 'float':
      return { ...type, order: 'little' };
    case 'enum':
      progress.stopped = true;
      return type;
    case 'array':
    case 'vlen':
      // The library would turn the numbers, but not the names that stand for them.
      if (innermost(type).class === 'enum')
        throw new FormatError('a list of enumerated numbers is in big-endian order');
      return { ...type, base: turned(type.base, progress) };
    case 'compound':
      return { ...type, members: type.members.map((member) => ({ ...member, type: turned(member.type, progress) })) };
    default:
      return type;
  }
}

/** H5T_class_t */
const classes = [
  'integer',
  'float',
  'time',
  'string',
  'bitfield',
  'opaque',
  'compound',
  'reference',
  'enum',
  'vlen',
  'array',
  'complex',
] as const;

/** Bits of exponent and fraction of IEEE 754's forms, by bytes. */
const ieeeForms: Readonly<Record<number, readonly [exponent: number, fraction: number]>> = {
  2: [5, 10],
  4: [8, 23],
  8: [11, 52],
  16: [15, 112],
};

function plainDatatype(info: Hdf5TypeInfo): Datatype {
  const padding = 'null-terminated';
  const { size } = info;
  const order = info.littleEndian ? 'little' : 'big';
  const name = classes[info.type];
  switch (name) {
    case 'integer':
    case 'bitfield':
      return { class: name, size, order, offset: 0, precision: 8 * size, signed: info.signed };
    case 'float': {
      const [exponent, fraction] = ieeeForms[size] ?? [15, Math.max(8 * size - 16, 1)];
      return {
        class: 'float',
        size,
        order,
        offset: 0,
        precision: 8 * size,
        sign: 8 * size - 1,
        exponent: { at: fraction, size: exponent, bias: 2 ** (exponent - 1) - 1 },
        mantissa: { at: 0, size: fraction },
        leadingBit: 'implied',
      };
    }
    case 'string':
      return info.vlen
        ? { class: 'vlen', size, base: { class: 'string', size: 1, padding }, isText: true, padding }
        : { class: 'string', size, padding };
    case 'enum':
      return plainEnum(info);
    case 'compound': {
      const members = info.compound_type?.members ?? [];
      return {
        class: 'compound',
        size,
        members: members.map((member) => ({ name: member.name, offset: member.offset, type: plainDatatype(member) })),
      };
    }
    case 'vlen':
      return info.vlen_type === undefined
        ? { class: 'other', size, name: 'opaque' }
        : { class: 'vlen', size, base: plainDatatype(info.vlen_type), isText: false, padding };
    case 'array':
      return info.array_type === undefined
        ? { class: 'other', size, name: 'opaque' }
        : { class: 'array', size, lengths: info.array_type.shape, base: plainDatatype(info.array_type) };
    default:
      return { class: 'other', size, name: name ?? 'opaque' };
  }
}

function plainEnum(info: Hdf5TypeInfo): Datatype {
  // The library gives the members' values as 32-bit numbers, whatever they are in the file.
  const members = Object.entries(info.enum_type?.members ?? {}).map(([name, value]) => {
    const bytes = new Uint8Array(Math.max(info.size, 4));
    new DataView(bytes.buffer).setInt32(0, value, true);
    return { name, bytes: bytes.subarray(0, info.size) };
  });
  const { size, signed } = info;
  const base = { class: 'integer', size, order: 'little', offset: 0, precision: 8 * size, signed } as const;
  return { class: 'enum', size, base, members };
}
