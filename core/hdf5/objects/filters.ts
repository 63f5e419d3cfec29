import { fletcher32 } from '../checksum.ts';
import { latin1Text } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';

/** A step that data went through before they were stored. */
export interface Filter {
  readonly id: number;
  readonly name: string;
  readonly values: readonly number[];
}

/** Unpacks what zlib packed, to at most so many bytes. Throws where it is damaged or longer. */
export type Inflate = (bytes: Uint8Array, most: number) => Uint8Array;

/** HDF5 has room for a bit for each of them. */
const MAX_FILTERS = 32;

/** A filter pipeline message (format specification IV.A.2.l "The Data Storage - Filter Pipeline Message"). */
export function readFilters(cursor: Cursor): Filter[] {
  const version = cursor.u8();
  if (version !== 1 && version !== 2) throw new FormatError(`filters are of the unknown version ${version}`);
  const count = cursor.u8();
  if (count > MAX_FILTERS) throw new FormatError('there are too many filters');
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const hasName = version === 1 || id >= 256;
    const length = hasName ? cursor.u16() : 0;
    cursor.skip(2);
    const values = cursor.u16();
    const name = length === 0 ? '' : textOf(cursor, version === 1 ? Math.ceil(length / 8) * 8 : length);
    const filter = { id, name, values: Array.from({ length: values }, () => cursor.u32()) };
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    return filter;
  });
}

function textOf(cursor: Cursor, length: number): string {
  const bytes = cursor.take(length);
  const end = bytes.indexOf(0);
  return latin1Text(end < 0 ? bytes : bytes.subarray(0, end));
}

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const LZF = 32000;

/** Whether all of these can be undone here. */
export function isReadable(filters: readonly Pick<Filter, 'id'>[]): boolean {
  return filters.every(({ id }) => id === DEFLATE || id === SHUFFLE || id === FLETCHER32 || id === LZF);
}

/**
 * Undoes what was done to a chunk, last step first.
 * @param mask a bit for each filter that this chunk was not put through
 * @param length bytes of the chunk itself
 * @throws FormatError for damage, and for filters that are not known here
 */
export function unfiltered(
  bytes: Uint8Array,
  filters: readonly Filter[],
  mask: number,
  length: number,
  inflate: Inflate,
): Uint8Array {
  let data = bytes;
  for (let index = filters.length - 1; index >= 0; index -= 1) {
    const filter = filters[index];
    if (filter === undefined || (mask & (1 << index)) !== 0) continue;
    switch (filter.id) {
      case DEFLATE:
        // A level that there is not says that the description is damaged.
        if (filter.values.length !== 1 || (filter.values[0] ?? 10) > 9) throw new FormatError('a filter is damaged');
        // A checksum may have been packed too.
        data = inflated(data, length + 4 * filters.length, inflate);
        break;
      case SHUFFLE:
        if (filter.values.length !== 1 || filter.values[0] === 0) throw new FormatError('a filter is damaged');
        data = unshuffled(data, filter.values[0] ?? 1);
        break;
      case FLETCHER32:
        data = withoutChecksum(data);
        break;
      case LZF:
        data = unpackedLzf(data, length + 4 * filters.length);
        break;
      default:
        throw new FormatError('a filter is not known here');
    }
  }
  if (data.length !== length) throw new FormatError('a chunk is of another size than it should be');
  return data;
}

function inflated(bytes: Uint8Array, most: number, inflate: Inflate): Uint8Array {
  try {
    return inflate(bytes, most);
  } catch (error) {
    throw new FormatError(`a chunk cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * LZF, the filter of h5py (its `lzf/lzf/lzf_d.c`): a byte below 32 says that so many bytes and one more follow; any other
 * begins with the length, in three bits, of what comes once more, and how far back that lies.
 */
function unpackedLzf(packed: Uint8Array, most: number): Uint8Array {
  const data = new Uint8Array(most);
  let [at, end] = [0, 0];
  const next = (): number => {
    const byte = packed[at];
    if (byte === undefined) throw new FormatError('a chunk ends too early');
    at += 1;
    return byte;
  };
  const requireRoom = (length: number): void => {
    if (end + length > most) throw new FormatError('a chunk is longer than it should be');
  };
  while (at < packed.length) {
    const head = next();
    if (head < 32) {
      const length = head + 1;
      if (at + length > packed.length) throw new FormatError('a chunk ends too early');
      requireRoom(length);
      data.set(packed.subarray(at, at + length), end);
      at += length;
      end += length;
      continue;
    }
    const length = (head >> 5 === 7 ? 7 + next() : head >> 5) + 2;
    const from = end - ((head & 31) * 256 + next()) - 1;
    if (from < 0) throw new FormatError('a chunk is damaged');
    requireRoom(length);
    // What comes once more may reach into itself.
    for (let index = 0; index < length; index += 1) data[end + index] = data[from + index] ?? 0;
    end += length;
  }
  return data.subarray(0, end);
}

/** First bytes of all elements together, then the second ones, …; what is left over stands behind as it was. */
function unshuffled(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.length / size);
  if (size <= 1 || count <= 1) return bytes;
  const data = new Uint8Array(bytes.length);
  for (let byte = 0; byte < size; byte += 1) {
    const from = byte * count;
    for (let index = 0, to = byte; index < count; index += 1, to += size) data[to] = bytes[from + index] ?? 0;
  }
  data.set(bytes.subarray(count * size), count * size);
  return data;
}

function withoutChecksum(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 4;
  if (end < 0) throw new FormatError('the checksum of a chunk is missing');
  const data = bytes.subarray(0, end);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0, true);
  if (stored !== fletcher32(data)) throw new FormatError('the checksum of a chunk is wrong');
  return data;
}
