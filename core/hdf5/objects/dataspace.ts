import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';

/** Lengths of an array along each axis (format specification IV.A.2.b "The Dataspace Message"). */
export interface Dataspace {
  /** `[]` for a single element, null for none at all. */
  readonly lengths: readonly number[] | null;
  /** Lengths that it may grow to, Infinity for without an end. */
  readonly most: readonly number[];
}

/** HDF5 knows no more axes. */
export const MAX_RANK = 32;

/** @throws FormatError */
export function readDataspace(cursor: Cursor): Dataspace {
  const version = cursor.u8();
  if (version !== 1 && version !== 2) throw new FormatError(`a dataspace is of the unknown version ${version}`);
  const rank = cursor.u8();
  const flags = cursor.u8();
  const type = cursor.u8();
  if (version === 1) cursor.skip(4);
  if (rank > MAX_RANK) throw new FormatError('an array has too many axes');
  // In version 1 this byte means nothing, and there is no array without elements.
  if (version === 2 && (type > 2 || (type !== 1 && rank > 0))) throw new FormatError('a dataspace is damaged');
  const lengths: number[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    const length = cursor.length();
    if (length === Infinity) throw new FormatError('an array has no end');
    lengths.push(length);
  }
  const most: number[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    const length = lengths[axis] ?? 0;
    const limit = (flags & 1) !== 0 ? cursor.length() : length;
    if (limit < length) throw new FormatError('an array is longer than it may be');
    most.push(limit);
  }
  return { lengths: version === 2 && type === 2 ? null : lengths, most };
}

/** How many elements there are. */
export function elementsOf(lengths: readonly number[] | null): number {
  return lengths === null ? 0 : product(lengths);
}

export function product(lengths: readonly number[]): number {
  let total = 1;
  for (const length of lengths) total *= length;
  return total;
}
