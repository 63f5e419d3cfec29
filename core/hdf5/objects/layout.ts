import type { Cursor, Piece } from '../cursor.ts';
import { readExternalFiles } from './externalFiles.ts';
import { readFilters } from './filters.ts';
import type { Filter } from './filters.ts';
import { FormatError } from '../formatError.ts';
import { findMessage, messageTypes } from './objectHeader.ts';
import type { StoredObject } from './objectHeader.ts';

/** Where the values of a dataset lie; an address that is undefined says that none was ever written. */
export type Layout =
  | { readonly kind: 'compact'; readonly data: Piece }
  | { readonly kind: 'contiguous'; readonly address: number | undefined; /** Bytes, where it says so. */ readonly size: number | undefined } // prettier-ignore
  | ChunkedLayout
  | { readonly kind: 'virtual'; readonly address: number | undefined; readonly index: number };

export interface ChunkedLayout {
  readonly kind: 'chunked';
  /** Lengths of a chunk along each axis. */
  readonly chunk: readonly number[];
  /** Bytes of an element. */
  readonly elementSize: number;
  /** How the addresses of the chunks are listed. */
  readonly index: 'tree' | 'single' | 'implicit' | 'fixed' | 'extensible' | 'tree2';
  readonly address: number | undefined;
  /** Of a single chunk with filters: its bytes as stored, and the filters that it was not put through. */
  readonly single?: { readonly stored: number; readonly mask: number };
  /** Chunks that reach beyond the end of the array were not put through the filters. */
  readonly plainEdges: boolean;
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
export function readStorage(object: StoredObject): Storage {
  const layout = findMessage(object, messageTypes.layout);
  if (layout === undefined) throw new FormatError('a dataset says nowhere how it is stored');
  const filters = findMessage(object, messageTypes.filters);
  const external = findMessage(object, messageTypes.externalFiles);
  return {
    layout: readLayout(layout.cursor()),
    filters: filters === undefined ? [] : readFilters(filters.cursor()),
    externalFiles: external === undefined ? [] : readExternalFiles(object.file, external.cursor()),
  };
}

/** A layout message (format specification IV.A.2.i "The Data Layout Message"). @throws FormatError */
function readLayout(cursor: Cursor): Layout {
  const version = cursor.u8();
  if (version < 3) return readOldLayout(cursor, version);
  if (version > 5) throw new FormatError(`the storage is of the unknown version ${version}`);
  switch (cursor.u8()) {
    case 0:
      return { kind: 'compact', data: cursor.piece(cursor.u16()) };
    case 1:
      return { kind: 'contiguous', address: cursor.address(), size: cursor.length() };
    case 2:
      return version === 3 ? readTreeChunks(cursor) : readChunks(cursor);
    case 3:
      return { kind: 'virtual', address: cursor.address(), index: cursor.u32() };
    default:
      throw new FormatError('the storage is of an unknown kind');
  }
}

function readOldLayout(cursor: Cursor, version: number): Layout {
  if (version === 0) throw new FormatError('the storage is of the unknown version 0');
  const rank = cursor.u8();
  const kind = cursor.u8();
  cursor.skip(5);
  const address = kind === 0 ? undefined : cursor.address();
  const lengths = Array.from({ length: rank }, () => cursor.u32());
  if (kind === 0) return { kind: 'compact', data: cursor.piece(cursor.u32()) };
  if (kind === 1) return { kind: 'contiguous', address, size: undefined };
  if (kind !== 2) throw new FormatError('the storage is of an unknown kind');
  return { kind: 'chunked', ...chunkOf(lengths), index: 'tree', address, plainEdges: false };
}

/** The last length is that of an element. */
function chunkOf(lengths: readonly number[]): Pick<ChunkedLayout, 'chunk' | 'elementSize'> {
  const elementSize = lengths.at(-1) ?? 0;
  if (lengths.length < 2 || lengths.some((length) => length === 0)) throw new FormatError('a chunk is of no size');
  return { chunk: lengths.slice(0, -1), elementSize };
}

function readTreeChunks(cursor: Cursor): Layout {
  const rank = cursor.u8();
  const address = cursor.address();
  const lengths = Array.from({ length: rank }, () => cursor.u32());
  return { kind: 'chunked', ...chunkOf(lengths), index: 'tree', address, plainEdges: false };
}

function readChunks(cursor: Cursor): Layout {
  const flags = cursor.u8();
  const rank = cursor.u8();
  const width = cursor.u8();
  const lengths = Array.from({ length: rank }, () => cursor.uint(width));
  const kind = cursor.u8();
  if (!isIndexKind(kind)) throw new FormatError('the chunks are listed in an unknown way');
  const single = kind === 1 && (flags & 2) !== 0 ? { stored: cursor.length(), mask: cursor.u32() } : undefined;
  if (kind === 3) cursor.skip(1);
  if (kind === 4) cursor.skip(5);
  if (kind === 5) cursor.skip(6);
  return {
    kind: 'chunked',
    ...chunkOf(lengths),
    index: indexKinds[kind],
    address: cursor.address(),
    ...(single && { single }),
    plainEdges: (flags & 1) !== 0,
  };
}

function isIndexKind(kind: number): kind is keyof typeof indexKinds {
  return kind in indexKinds;
}
