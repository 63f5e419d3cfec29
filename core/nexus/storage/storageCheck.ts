import { megabytes } from '../../limits/budget.ts';
import { chunkFault } from '../../hdf5/objects/chunks.ts';
import { readStorage } from '../../hdf5/objects/layout.ts';
import type { Storage } from '../../hdf5/objects/layout.ts';
import { readVirtualParts } from '../../hdf5/objects/virtual.ts';
import type { Selection, VirtualPart } from '../../hdf5/objects/virtual.ts';
import { product } from '../../hdf5/objects/dataspace.ts';
import { filterName, isBuiltIn } from '../library/filters.ts';
import { chunkCheck } from './chunkCheck.ts';
import type { Place } from './linkedFiles.ts';
import type { StoredObject } from '../../hdf5/objects/objectHeader.ts';

/** A dataset whose values are about to be read. */
export interface Wanted<P = Place> {
  readonly place: P;
  readonly object: StoredObject;
  readonly shape: readonly number[];
  /** Lengths that it may grow to. */
  readonly most: readonly number[];
  /** How many elements are read from the start along each axis. */
  readonly count: readonly number[];
  /** Bytes of an element. */
  readonly size: number;
}

/** What the check has to ask others for. */
export interface Around<P = Place> {
  /** Lets the library find the plug-in for a filter; false without one. */
  addFilter(id: number): boolean;
  /** Why a file that holds values is not opened. */
  refusal(path: string): string | undefined;
  /** A dataset in a file that is named beside the one of `place`, or why it cannot be read. */
  dataset(place: P, file: string, path: string): Omit<Wanted<P>, 'count'> | string;
}

/** A chunk is unpacked as a whole, however little of it is asked for. */
const MAX_CHUNK_BYTES = 128 * 1024 * 1024;
/** Virtual datasets of virtual datasets. */
const MAX_DEPTH = 8;
const MAX_SOURCES = 10_000;
const MAX_MARKED = 16_000_000;

/**
 * Why values cannot be read, or would not be those that somebody wrote: the library fills in what is missing, and says
 * nothing.
 * @throws FormatError where the file's structures are not understood
 */
export function storageProblem<P>(wanted: Wanted<P>, around: Around<P>, depth = 0): string | undefined {
  const storage = readStorage(wanted.object);
  const filters = storage.filters.filter(({ id }) => !isBuiltIn(id) && !around.addFilter(id));
  if (filters.length > 0) {
    const names = filters.map(({ id, name }) => filterName(id, name)).join(' and ');
    return `its values are compressed with ${names}, which cannot be unpacked here`;
  }
  for (const path of storage.externalFiles) {
    const refused = around.refusal(path);
    if (refused !== undefined) return refused;
  }
  return layoutProblem(wanted, storage, around, depth);
}

const notWritten = 'was never written; HDF5 would give its fill value instead, which nobody has measured';

function layoutProblem<P>(wanted: Wanted<P>, storage: Storage, around: Around<P>, depth: number): string | undefined {
  const { layout } = storage;
  const { file } = wanted.object;
  switch (layout.kind) {
    case 'compact':
      return undefined;
    case 'contiguous':
      return layout.address === undefined && storage.externalFiles.length === 0 ? `it ${notWritten}` : undefined;
    case 'chunked': {
      const bytes = product(layout.chunk) * wanted.size;
      if (bytes > MAX_CHUNK_BYTES && storage.filters.length > 0)
        return `its values are compressed in pieces of ${megabytes(bytes)}, and at most ${megabytes(MAX_CHUNK_BYTES)} are unpacked`;
      const isWhole = chunkCheck(file, layout, storage.filters);
      switch (chunkFault(file, layout, wanted.most, wanted.count, storage.filters.length > 0, isWhole)) {
        case 'missing':
          return `a part of it ${notWritten}`;
        case 'cut':
          return 'a part of it is shorter than it should be; HDF5 would give what happens to lie in its memory instead';
        case undefined:
          return undefined;
      }
    }
    case 'virtual':
      if (layout.address === undefined) return `it ${notWritten}`;
      if (depth >= MAX_DEPTH) return 'it consists of parts of itself, or of too many levels of others';
      return virtualProblem(wanted, readVirtualParts(file, layout.address, layout.index), around, depth);
  }
}

function virtualProblem<P>(
  wanted: Wanted<P>,
  parts: readonly VirtualPart[],
  around: Around<P>,
  depth: number,
): string | undefined {
  let sources = 0;
  for (const part of parts) {
    for (const { file, dataset } of namesOf(part)) {
      sources += 1;
      if (sources > MAX_SOURCES) return `it consists of more than ${MAX_SOURCES} parts`;
      const source = around.dataset(wanted.place, file, dataset);
      const name = file === '.' ? dataset : `${file}:${dataset}`;
      if (typeof source === 'string') return `a part of it is in ${name}, ${source}`;
      const end = endOf(part.source, source.shape);
      if (end.some((length, axis) => length > (source.shape[axis] ?? 0)))
        return `a part of it is in ${name}, which holds less than it should`;
      const problem = storageProblem({ ...source, count: end }, around, depth + 1);
      if (problem !== undefined) return `a part of it is in ${name}, and ${problem}`;
    }
  }
  return coversAll(wanted, parts) ? undefined : `a part of it ${notWritten}`;
}

/** The sources of a part. Of those with numbers in their names, the library takes as many as there are. */
function namesOf({ file, dataset }: VirtualPart): { file: string; dataset: string }[] {
  const name = (text: string): string =>
    text.replaceAll(/%(%|\d*b)/g, (_, letter: string) => (letter === '%' ? '%' : '0'));
  return [{ file: name(file), dataset: name(dataset) }];
}

/** How far a selection reaches along each axis. */
function endOf(selection: Selection, shape: readonly number[]): number[] {
  if (selection === 'none') return shape.map(() => 0);
  if (selection === 'all') return [...shape];
  return shape.map((length, axis) =>
    selection.reduce((end, { start, stride, count, block }) => {
      const times = count[axis] ?? 1;
      // Without an end: as much as there is.
      if (times === Infinity || block[axis] === Infinity) return Math.max(end, length);
      if (times === 0) return end;
      return Math.max(end, (start[axis] ?? 0) + (times - 1) * (stride[axis] ?? 1) + (block[axis] ?? 1));
    }, 0),
  );
}

/** Whether every element that is read belongs to a part. */
function coversAll(
  { count, shape, object }: Pick<Wanted, 'count' | 'shape' | 'object'>,
  parts: readonly VirtualPart[],
): boolean {
  const total = product(count);
  if (parts.some(({ target }) => target === 'all' || isWhole(target, count))) return true;
  if (total > MAX_MARKED) return true;
  const marked = new Uint8Array(total);
  for (const { target } of parts) {
    if (target === 'none' || target === 'all') continue;
    for (const each of target) {
      const look = (): void => {
        object.file.look();
      };
      look();
      const axes = count.map((length, axis) => indicesOf(each, axis, length, shape[axis] ?? 0));
      mark(marked, axes, count, look);
    }
  }
  return marked.every((bit) => bit === 1);
}

function isWhole(target: Selection, count: readonly number[]): boolean {
  if (target === 'all' || target === 'none') return target === 'all';
  return target.some((each) =>
    count.every((length, axis) => (each.start[axis] ?? 0) === 0 && contiguousEnd(each, axis) >= length),
  );
}

function contiguousEnd(each: Exclude<Selection, string>[number], axis: number): number {
  const block = each.block[axis] ?? 1;
  return each.stride[axis] === block || each.count[axis] === 1 ? block * (each.count[axis] ?? 1) : block;
}

function indicesOf(each: Exclude<Selection, string>[number], axis: number, length: number, most: number): number[] {
  const [start = 0, stride = 1, times = 1, block = 1] = [each.start, each.stride, each.count, each.block].map(
    (values) => values[axis],
  );
  const found: number[] = [];
  const end = Math.min(length, most);
  for (let time = 0; time < times && start + time * stride < end; time += 1) {
    for (let at = start + time * stride; at < Math.min(start + time * stride + block, end); at += 1) found.push(at);
    if (stride <= 0) break;
  }
  return found;
}

function mark(
  marked: Uint8Array,
  axes: readonly number[][],
  count: readonly number[],
  look: () => void,
  axis = 0,
  base = 0,
): void {
  look();
  const step = product(count.slice(axis + 1));
  const last = axis === count.length - 1;
  for (const index of axes[axis] ?? []) {
    if (last) marked[base + index] = 1;
    else mark(marked, axes, count, look, axis + 1, base + index * step);
  }
  if (axes.length === 0) marked[0] = 1;
}
