import { FormatError } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { FormatFile } from './formatFile.ts';
import { messageBody, messageTypes } from './objectHeader.ts';
import type { Message } from './objectHeader.ts';

/** Where the values of a dataset lie; an address that is undefined says that none was ever written. */
export type Layout =
  | { readonly kind: 'compact' }
  | { readonly kind: 'contiguous'; readonly address: number | undefined }
  | {
      readonly kind: 'chunked';
      /** Lengths of a chunk along each axis. */
      readonly chunk: readonly number[];
      /** Bytes of a chunk, as they are before any filter. */
      readonly bytes: number;
      /** Chunks that reach beyond the end of the dataset are stored without filters. */
      readonly hasPlainEdges: boolean;
      /** How the only chunk is stored, where there can be one only and it has filters. */
      readonly single?: { readonly size: number; readonly mask: number };
      /** How the addresses of the chunks are listed. */
      readonly index: 'tree' | 'single' | 'implicit' | 'fixed' | 'extensible' | 'tree2';
      readonly address: number | undefined;
    }
  | { readonly kind: 'virtual'; readonly address: number | undefined; readonly index: number };

export interface Filter {
  readonly id: number;
  readonly name: string;
  /** What the filter was set up with. */
  readonly values: readonly number[];
}

export interface Storage {
  readonly layout: Layout;
  readonly filters: readonly Filter[];
  /** Names of the files that hold the bytes themselves. */
  readonly externalFiles: readonly string[];
}

const indexKinds = { 1: 'single', 2: 'implicit', 3: 'fixed', 4: 'extensible', 5: 'tree2' } as const;

/**
 * Where and how a dataset is stored, from its header.
 * @throws FormatError
 */
export function readStorage(file: FormatFile, messages: readonly Message[]): Storage {
  const find = (type: number): Cursor | undefined => {
    const message = messages.find((each) => each.type === type);
    return message === undefined ? undefined : file.cursor(messageBody(file, message));
  };
  const layout = find(messageTypes.layout);
  if (layout === undefined) throw new FormatError('a dataset says nowhere how it is stored');
  const filters = find(messageTypes.filters);
  const external = find(messageTypes.externalFiles);
  return {
    layout: readLayout(layout),
    filters: filters === undefined ? [] : readFilters(filters),
    externalFiles: external === undefined ? [] : readExternalFiles(file, external),
  };
}

function readLayout(cursor: Cursor): Layout {
  const version = cursor.u8();
  if (version < 3) return readOldLayout(cursor);
  if (version > 5) throw new FormatError(`the storage is of the unknown version ${version}`);
  switch (cursor.u8()) {
    case 0:
      return { kind: 'compact' };
    case 1:
      return { kind: 'contiguous', address: cursor.address() };
    case 2:
      return version === 3 ? readTreeChunks(cursor) : readChunks(cursor);
    case 3:
      return { kind: 'virtual', address: cursor.address(), index: cursor.u32() };
    default:
      throw new FormatError('the storage is of an unknown kind');
  }
}

function readOldLayout(cursor: Cursor): Layout {
  const rank = cursor.u8();
  const kind = cursor.u8();
  cursor.skip(5);
  if (kind === 0) return { kind: 'compact' };
  const address = cursor.address();
  if (kind === 1) return { kind: 'contiguous', address };
  const lengths = Array.from({ length: rank }, () => cursor.u32());
  return { ...chunked(lengths), index: 'tree', address };
}

/** The last length is that of an element. */
function chunked(lengths: readonly number[]) {
  const bytes = lengths.reduce((product, length) => product * length, 1);
  return { kind: 'chunked', chunk: lengths.slice(0, -1), bytes, hasPlainEdges: false } as const;
}

function readTreeChunks(cursor: Cursor): Layout {
  const rank = cursor.u8();
  const address = cursor.address();
  const lengths = Array.from({ length: rank }, () => cursor.u32());
  return { ...chunked(lengths), index: 'tree', address };
}

function readChunks(cursor: Cursor): Layout {
  const flags = cursor.u8();
  const rank = cursor.u8();
  const width = cursor.u8();
  const lengths = Array.from({ length: rank }, () => cursor.uint(width));
  const kind = cursor.u8();
  if (!isIndexKind(kind)) throw new FormatError('the chunks are listed in an unknown way');
  const single = kind === 1 && (flags & 2) !== 0 ? { size: cursor.length(), mask: cursor.u32() } : undefined;
  if (kind === 3) cursor.skip(1);
  if (kind === 4) cursor.skip(5);
  if (kind === 5) cursor.skip(6);
  return {
    ...chunked(lengths),
    hasPlainEdges: (flags & 1) !== 0,
    ...(single && { single }),
    index: indexKinds[kind],
    address: cursor.address(),
  };
}

function isIndexKind(kind: number): kind is keyof typeof indexKinds {
  return kind in indexKinds;
}

function readFilters(cursor: Cursor): Filter[] {
  const version = cursor.u8();
  const count = cursor.u8();
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const hasName = version === 1 || id >= 256;
    const length = hasName ? cursor.u16() : 0;
    cursor.skip(2);
    const count = cursor.u16();
    const name = length === 0 ? '' : textOf(cursor, version === 1 ? Math.ceil(length / 8) * 8 : length);
    const values = Array.from({ length: count }, () => cursor.u32());
    if (version === 1 && count % 2 === 1) cursor.skip(4);
    return { id, name, values };
  });
}

function textOf(cursor: Cursor, length: number): string {
  const bytes = cursor.take(length);
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function readExternalFiles(file: FormatFile, cursor: Cursor): string[] {
  cursor.skip(4);
  cursor.skip(2);
  const used = cursor.u16();
  const heap = cursor.address();
  if (heap === undefined) throw new FormatError('the names of external files lie nowhere');
  const names = localHeap(file, heap);
  return Array.from({ length: used }, () => {
    names.at = cursor.length();
    cursor.length();
    cursor.length();
    return names.text();
  });
}

/** The data of a local heap, where old structures keep their names. @throws FormatError */
export function localHeap(file: FormatFile, address: number): Cursor {
  const head = file.read(address, 8 + 2 * file.sizes.length + file.sizes.offset);
  head.expect('HEAP');
  head.skip(4);
  const length = head.length();
  head.length();
  const data = head.address();
  if (data === undefined) throw new FormatError('a heap of names is empty');
  return file.read(data, length);
}

/**
 * An object in a global heap, where values of variable length and the parts of virtual datasets lie.
 * @throws FormatError
 */
export function globalHeapObject(file: FormatFile, address: number, index: number): Uint8Array {
  const head = file.read(address, 8 + file.sizes.length);
  head.expect('GCOL');
  head.skip(4);
  const heap = file.read(address, head.length());
  heap.skip(8 + file.sizes.length);
  while (heap.left >= 8 + file.sizes.length) {
    const found = heap.u16();
    heap.skip(6);
    const length = heap.length();
    if (found === index) return heap.take(length);
    // Free space ends the heap.
    if (found === 0) break;
    heap.skip(Math.ceil(length / 8) * 8);
  }
  throw new FormatError('an object is not in its heap');
}
