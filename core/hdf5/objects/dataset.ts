import { chunkIndex } from './chunkIndex.ts';
import { elementsOf, product, readDataspace } from './dataspace.ts';
import type { Dataspace } from './dataspace.ts';
import { readDatatype } from './datatype.ts';
import type { Datatype } from './datatype.ts';
import { isReadable, unfiltered } from './filters.ts';
import { FormatError } from '../formatError.ts';
import { readStorage } from './layout.ts';
import type { ChunkedLayout, Storage } from './layout.ts';
import { findMessage, messageTypes } from './objectHeader.ts';
import type { StoredObject } from './objectHeader.ts';

/** Type and lengths of a dataset. */
export interface Dataset {
  readonly type: Datatype;
  readonly space: Dataspace;
}

/** Larger chunks with filters would have to be unpacked as a whole, however little of them is asked for. */
const MAX_CHUNK_BYTES = 128 * 1024 * 1024;

/** @throws FormatError */
export function readDataset(object: StoredObject): Dataset {
  const type = findMessage(object, messageTypes.datatype);
  const space = findMessage(object, messageTypes.dataspace);
  if (type === undefined || space === undefined) throw new FormatError('an object is no dataset');
  return { type: readDatatype(type.cursor()), space: readDataspace(space.cursor()) };
}

/**
 * The bytes of the first elements along each axis, in row-major order, as the file has them.
 * @param count at least one along each axis
 * @throws FormatError where some of them were never written, and for what is not read here
 */
export function readFirst(object: StoredObject, { type, space }: Dataset, count: readonly number[]): Uint8Array {
  const storage = readStorage(object);
  const { layout } = storage;
  const { file } = object;
  if (storage.externalFiles.length > 0) throw new FormatError('its bytes lie in other files');
  const { lengths } = space;
  if (lengths === null || count.some((length, axis) => !(length >= 1 && length <= (lengths[axis] ?? 0))))
    throw new FormatError('there are no such elements');
  const bytes = elementsOf(lengths) * type.size;
  switch (layout.kind) {
    case 'compact':
      if (layout.data.length < bytes) throw new FormatError('a dataset is shorter than it says');
      return firstOf(lengths, count, type.size, (at, length) => layout.data.bytes.subarray(at, at + length));
    case 'contiguous': {
      const { address, size = bytes } = layout;
      if (address === undefined) throw new FormatError('it was never written');
      if (size < bytes || file.bytesFrom(address) < bytes) throw new FormatError('a dataset is shorter than it says');
      return firstOf(lengths, count, type.size, (at, length) => file.data(address + at, length));
    }
    case 'chunked':
      return readChunks(object, layout, storage, { type, space }, count);
    case 'virtual':
      throw new FormatError('it consists of parts of others');
  }
}

/** Puts rows together that lie apart, the longest ones there are. */
function firstOf(
  lengths: readonly number[],
  count: readonly number[],
  size: number,
  read: (at: number, length: number) => Uint8Array,
): Uint8Array {
  // The axes from here on lie in one row.
  let axis = lengths.length;
  while (axis > 0 && count[axis - 1] === lengths[axis - 1]) axis -= 1;
  const inRow = product(count.slice(Math.max(axis - 1, 0))) * size;
  const outer = count.slice(0, Math.max(axis - 1, 0));
  if (product(outer) === 1) return read(0, inRow);
  const bytes = new Uint8Array(product(outer) * inRow);
  let done = 0;
  for (const place of placesOf(outer)) {
    bytes.set(read(offsetOf(place, lengths) * size, inRow), done);
    done += inRow;
  }
  return bytes;
}

/** All places in a box, the last axis fastest. */
export function* placesOf(counts: readonly number[]): Generator<readonly number[], void> {
  const place = counts.map(() => 0);
  for (;;) {
    yield place;
    let axis = counts.length - 1;
    for (; axis >= 0; axis -= 1) {
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (counts[axis] ?? 0)) break;
      place[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** The number of an element, counted in row-major order; axes that are not given are zero. */
function offsetOf(place: readonly number[], lengths: readonly number[]): number {
  let offset = 0;
  for (const [axis, length] of lengths.entries()) offset = offset * length + (place[axis] ?? 0);
  return offset;
}

function readChunks(
  { file }: StoredObject,
  layout: ChunkedLayout,
  { filters }: Storage,
  { type, space }: Dataset,
  count: readonly number[],
): Uint8Array {
  const { chunk, elementSize } = layout;
  const lengths = space.lengths ?? [];
  const chunkBytes = product(chunk) * elementSize;
  if (chunk.length !== lengths.length || elementSize !== type.size) throw new FormatError('its chunks are damaged');
  if (!isReadable(filters)) throw new FormatError('a filter is not known here');
  if (filters.length > 0 && chunkBytes > Math.min(MAX_CHUNK_BYTES, file.mostData))
    throw new FormatError('its chunks are too large');
  if (layout.address === undefined) throw new FormatError('it was never written');
  const find = chunkIndex(file, layout, space.most, filters.length > 0);
  const wanted = product(count) * elementSize;
  if (wanted > file.mostData) throw new FormatError(`data of ${wanted} bytes are too large`);
  const target = new Uint8Array(wanted);
  for (const place of placesOf(count.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1))))) {
    file.look();
    const found = find(place);
    if (found === undefined) throw new FormatError('a part of it was never written');
    const isEdge = place.some((at, axis) => (at + 1) * (chunk[axis] ?? 1) > (lengths[axis] ?? 0));
    const isPlain = filters.length === 0 || (layout.plainEdges && isEdge);
    if (isPlain) {
      // Old lists say of each chunk how long it is.
      if (found.stored < chunkBytes) throw new FormatError('a chunk is shorter than it should be');
      if (file.bytesFrom(found.address) < chunkBytes) throw new FormatError('a chunk lies beyond the end of the file');
      copyPart(target, count, place, layout, (at, length) => file.data(found.address + at, length));
      continue;
    }
    const stored = file.data(found.address, Math.min(found.stored, file.bytesFrom(found.address) + 1));
    const data = unfiltered(stored, filters, found.mask, chunkBytes, file.inflate);
    copyPart(target, count, place, layout, (at, length) => {
      // A row may be a single byte, and a chunk millions of them.
      file.look();
      return data.subarray(at, at + length);
    });
  }
  return target;
}

/** Copies the part of a chunk that belongs to the first elements of an array. */
function copyPart(
  target: Uint8Array,
  count: readonly number[],
  place: readonly number[],
  { chunk, elementSize }: ChunkedLayout,
  read: (at: number, length: number) => Uint8Array,
): void {
  const start = place.map((at, axis) => at * (chunk[axis] ?? 1));
  const part = count.map((length, axis) => Math.min(chunk[axis] ?? 1, length - (start[axis] ?? 0)));
  // What is copied at once: as many of the last axes as are whole on both sides.
  let axis = part.length - 1;
  while (axis > 0 && part[axis] === chunk[axis] && part[axis] === count[axis]) axis -= 1;
  const inRow = product(part.slice(axis)) * elementSize;
  const outer = part.slice(0, axis);
  for (const inner of placesOf(outer)) {
    const to = offsetOf(
      start.map((from, each) => from + (inner[each] ?? 0)),
      count,
    );
    target.set(read(offsetOf(inner, chunk) * elementSize, inRow), to * elementSize);
  }
}
