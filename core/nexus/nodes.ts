import { product } from '../hdf5/objects/dataspace.ts';
import { megabytes } from '../limits/budget.ts';
import { NexusError } from './model.ts';
import type { NexusNode } from './model.ts';

/** Reads of more bytes than this are refused: the library's memory is limited to 2 GiB, and never given back. */
export const MAX_BYTES = 128 * 1024 * 1024;

/** A type that has a name of its own. */
export function namedType(path: string): NexusNode {
  return { kind: 'dataset', path, type: { kind: 'other', name: 'named type' }, shape: null, units: undefined };
}

/** A child that a group lists, and that cannot be asked for by its name. */
export function unreadableName(path: string): NexusNode {
  return { kind: 'broken-link', path, target: 'a name that is not UTF-8 and cannot be looked up' };
}

export function unreadable(path: string, reason: string): NexusError {
  return new NexusError('unreadable-data', `${path} cannot be read: ${reason}.`, path);
}

export function tooLarge(path: string, bytes: number): NexusError {
  const message = `${path} holds ${megabytes(bytes)}; at most ${megabytes(MAX_BYTES)} are read at once.`;
  return new NexusError('too-large', message, path);
}

export function tooMuchText(path: string): NexusError {
  return new NexusError('too-large', `${path} holds more than ${megabytes(MAX_BYTES)} of text or lists.`, path);
}

/**
 * The smallest block at the start of an array that holds its first `limit` elements in row-major order.
 * @returns undefined where that is all of it
 */
export function boxOf(shape: readonly number[], limit: number): { count: number[]; size: number } | undefined {
  if (limit === 0 || product(shape) <= limit) return undefined;
  const count = shape.map(() => 1);
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0 && inner < limit; axis -= 1) {
    const length = Math.min(shape[axis] ?? 1, Math.ceil(limit / inner));
    count[axis] = length;
    inner *= length;
  }
  return { count, size: inner };
}

/** A file that is cut while it is read, which a network file system does not always tell at once, is not damaged. */
export function cutShort(path: string): NexusError {
  return new NexusError('file-not-readable', `${path} cannot be read: it ends before the end that it has.`);
}
