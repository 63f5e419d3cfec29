import { expect, test } from 'vitest';
import { lookup3 } from '../../../core/hdf5/checksum.ts';
import { Piece } from '../../../core/hdf5/cursor.ts';
import { FormatError } from '../../../core/hdf5/formatError.ts';
import { FormatFile } from '../../../core/hdf5/formatFile.ts';
import { chunkIndex } from '../../../core/hdf5/objects/chunkIndex.ts';
import { readDatatype } from '../../../core/hdf5/objects/datatype.ts';
import { readFilters } from '../../../core/hdf5/objects/filters.ts';
import { findMessage, messageTypes, readObject } from '../../../core/hdf5/objects/objectHeader.ts';
import type { StoredObject } from '../../../core/hdf5/objects/objectHeader.ts';
import { readVirtualParts } from '../../../core/hdf5/objects/virtual.ts';
import { tree2Records, tree2Total } from '../../../core/hdf5/structures/tree2.ts';
import { storageProblem } from '../../../core/nexus/storage/storageCheck.ts';

/** Numbers that a damaged or hostile file may hold, and that would become a length, a loop or a depth without an end. */
const sizes = { offset: 8, length: 8 };
const u16 = (value: number): number[] => [value & 0xff, value >>> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];
const letters = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const endless = Array.from({ length: 8 }, () => 0xff);

/** Where what a file is made for begins: behind its superblock. */
const FIRST = 64;

/** A file of nothing but a superblock and these bytes; it may say that it is larger than it is. */
function fileOf(bytes: readonly number[], extension = endless, size = FIRST + bytes.length): FormatFile {
  const head = [...letters('\x89HDF\r\n\x1a\n'), 2, 8, 8, 0, ...u64(0), ...extension, ...u64(size), ...u64(FIRST)];
  const whole = Uint8Array.from([...head, ...u32(lookup3(Uint8Array.from(head))), ...Array<number>(FIRST).fill(0)]);
  const file = new Uint8Array(FIRST + bytes.length);
  file.set(whole.subarray(0, FIRST));
  file.set(bytes, FIRST);
  const read = (position: number, length: number): Uint8Array => {
    if (length > 2 ** 31 - 1) throw new RangeError('so much is not read at once');
    return file.slice(position, position + length);
  };
  return new FormatFile({ size, read }, (packed) => packed);
}

/** A heap that holds the parts of a virtual dataset: one part of this selection. */
function virtualFile(selection: readonly number[]): FormatFile {
  const all = [...u32(3), ...u32(1), ...u64(0)];
  const object = [0, ...u64(1), ...letters('.\0d\0'), ...all, ...selection];
  const filled = [...object, ...Array<number>((8 - (object.length % 8)) % 8).fill(0)];
  const head = [...letters('GCOL'), 1, 0, 0, 0, ...u64(32 + filled.length)];
  return fileOf([...head, ...u16(1), ...Array<number>(6).fill(0), ...u64(object.length), ...filled]);
}

const regular = (start: number, stride: number, count: number, block: number): number[] =>
  [...u32(2), ...u32(3), 1, 8, ...u32(1), ...u64(start), ...u64(stride), ...u64(count), ...u64(block)]; // prettier-ignore

test.each([
  ['numbers without a width, and as many blocks as there are numbers', [...u32(2), ...u32(3), 0, 0, ...u32(1)]],
  ['numbers without a width, along four billion axes', [...u32(2), ...u32(3), 1, 0, ...u32(0xffffffff)]],
  ['numbers of a hundred bytes', [...u32(2), ...u32(3), 0, 100, ...u32(1), ...Array<number>(300).fill(1)]],
  ['blocks without an end along no axis', [...u32(2), ...u32(3), 0, 8, ...u32(0), ...endless]],
  ['blocks without an end', [...u32(2), ...u32(3), 0, 8, ...u32(1), ...endless]],
  ['blocks along no axis', [...u32(2), ...u32(1), ...u64(0), ...u32(0), ...u32(0xffffffff)]],
  ['blocks that lie over each other', regular(0, 1, 4_000_000, 4_000_000)],
  ['blocks that all begin at the same place', regular(0, 0, 4_000_000, 1)],
])('a selection is refused: %s', (_, selection) => {
  expect(() => readVirtualParts(virtualFile(selection), FIRST, 1)).toThrow(FormatError);
});

test('a selection of very many blocks is looked at as any other', { timeout: 30_000 }, () => {
  const count = 150_000;
  const blocks = Array.from({ length: count }, (_, index) => [...u32(2 * index), ...u32(2 * index)]).flat();
  const file = virtualFile([...u32(2), ...u32(3), 0, 4, ...u32(1), ...u32(count), ...blocks]);
  const body = Piece.of(Uint8Array.from([3, 3, ...u64(FIRST), ...u32(1)]), sizes);
  const object: StoredObject = {
    file,
    address: FIRST,
    messages: [{ type: messageTypes.layout, shared: false, body, order: undefined }],
    ordersAttributes: false,
  };
  const wanted = { place: undefined, object, shape: [2 * count], most: [2 * count], count: [2 * count], size: 1 };
  const nothing = { addFilter: () => false, refusal: () => undefined, dataset: () => 'which is not there' };
  expect(storageProblem(wanted, nothing)).toBe('a part of it is in d, which is not there');
  const source = { ...wanted, object: { ...object, messages: [compact] } };
  expect(storageProblem(wanted, { ...nothing, dataset: () => source })).toContain('was never written');
});

const compact = {
  type: messageTypes.layout,
  shared: false,
  body: Piece.of(Uint8Array.from([3, 0, 0, 0]), sizes),
  order: undefined,
};

const byte = [0x10, 0, 0, 0, ...u32(1), ...u16(0), ...u16(8)];
const typeOf = (bytes: readonly number[]) => readDatatype(Piece.of(Uint8Array.from(bytes), sizes).cursor());

test('an array of more axes than HDF5 has is refused', () => {
  const array = (rank: number, base: readonly number[]): number[] => [0x3a, 0, 0, 0, ...u32(1), rank, ...Array.from({ length: rank }, () => u32(1)).flat(), ...base]; // prettier-ignore
  expect(typeOf(array(32, byte))).toMatchObject({ class: 'array' });
  expect(() => typeOf(array(255, byte))).toThrow('too many axes');
});

test('a record whose members lie over each other is refused, as by the library', () => {
  const record = (offsets: readonly number[]): number[] => [0x36, offsets.length, 0, 0, ...u32(4), ...offsets.flatMap((at, index) => [...letters(`m${index}\0`), at, ...byte])]; // prettier-ignore
  expect(typeOf(record([2, 0, 1]))).toMatchObject({ class: 'compound' });
  expect(() => typeOf(record([0, 1, 1]))).toThrow('over each other');
});

test('more filters than HDF5 has are refused', () => {
  const filters = (count: number): number[] => [2, count, ...Array.from({ length: count }, () => [...u16(2), ...u16(0), ...u16(0)]).flat()]; // prettier-ignore
  const read = (count: number) => readFilters(Piece.of(Uint8Array.from(filters(count)), sizes).cursor());
  expect(read(32)).toHaveLength(32);
  expect(() => read(33)).toThrow(FormatError);
});

test('a chunk that begins within an element, which the library takes for one that was never written, is refused', () => {
  const tree = (within: number): FormatFile => {
    const key = (at: number, element: number): number[] => [...u32(4), ...u32(0), ...u64(at), ...u64(element)];
    return fileOf([...letters('TREE'), 1, 0, ...u16(1), ...endless, ...endless, ...key(0, within), ...u64(FIRST), ...key(4, 1)]); // prettier-ignore
  };
  const layout = { kind: 'chunked', chunk: [4], elementSize: 1, index: 'tree', address: FIRST, plainEdges: false } as const; // prettier-ignore
  expect(chunkIndex(tree(0), layout, [4], false)([0])).toEqual({ address: FIRST, stored: 4, mask: 0 });
  expect(() => chunkIndex(tree(0xfd00), layout, [4], false)([0])).toThrow(FormatError);
});

test('a table of shared messages that is itself a shared message leads nowhere', () => {
  const shared = [3, 1, ...u64(0)];
  const message = (type: number): number[] => [...u16(type), ...u16(shared.length + 6), 2, 0, 0, 0, ...shared, ...Array<number>(6).fill(0)]; // prettier-ignore
  const messages = [...message(messageTypes.sharedTable), ...message(messageTypes.dataspace)];
  const header = [1, 0, ...u16(2), ...u32(1), ...u32(messages.length), ...u32(0), ...messages];
  const object = readObject(fileOf(header, u64(FIRST)), FIRST);
  expect(() => findMessage(object, messageTypes.dataspace)).toThrow(FormatError);
});

test('data that are longer than anything that is read at once are refused, however large the file', () => {
  const file = fileOf(Array<number>(200).fill(0), endless, 2 ** 40);
  expect(() => file.data(0, 2 ** 39)).toThrow(FormatError);
});

test('a header of more messages than HDF5 counts has no end', () => {
  const messages = Array.from({ length: 70_000 }, () => [...u16(5), ...u16(0), 0, 0, 0, 0]).flat();
  const header = [1, 0, ...u16(0xffff), ...u32(1), ...u32(messages.length), ...u32(0), ...messages];
  expect(() => readObject(fileOf(header), FIRST)).toThrow(FormatError);
});

/** A tree of the newer kind, its root a node whose children are all the same leaf of three records of eight bytes. */
function repeatingTree(children: number, claimed = children - 1 + children * 3): FormatFile {
  const sum = (bytes: readonly number[]): number[] => [...bytes, ...u32(lookup3(Uint8Array.from(bytes)))];
  const [nodeSize, recordSize] = [4096, 8];
  const root = FIRST + 42;
  const record = (value: number): number[] => u64(value);
  const head = sum([...letters('BTHD'), 0, 99, ...u32(nodeSize), ...u16(recordSize), ...u16(1), 100, 40, ...u64(root), ...u16(children - 1), ...u64(claimed)]); // prettier-ignore
  const leaf = sum([...letters('BTLF'), 0, 99, ...[0, 1, 2].flatMap(record)]);
  const nodeBytes = 6 + (children - 1) * recordSize + children * 10 + 4;
  const child = [...u64(root + nodeBytes), ...u16(3)];
  const records = Array.from({ length: children - 1 }, (_, index) => record(index)).flat();
  const node = sum([...letters('BTIN'), 0, 99, ...records, ...Array.from({ length: children }, () => child).flat()]);
  return fileOf([...head, ...Array<number>(42 - head.length).fill(0), ...node, ...leaf]);
}

test('a tree that counts the same node again and again is refused before it is walked', () => {
  expect([...tree2Records(repeatingTree(2), FIRST, 99)]).toHaveLength(7);
  expect(() => tree2Total(repeatingTree(100), FIRST, 99)).toThrow(FormatError);
  expect(() => tree2Total(repeatingTree(2, 2 ** 40), FIRST, 99)).toThrow(FormatError);
});
