import type { Hdf5Module } from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { product } from '../../hdf5/objects/dataspace.ts';
import { decodeElements } from '../../hdf5/values/decode.ts';
import type { Decoded } from '../../hdf5/values/decode.ts';
import { allocates } from '../../hdf5/values/storedType.ts';
import type { StoredType } from '../../hdf5/values/storedType.ts';
import type { Element } from '../model.ts';
import { MAX_BYTES, tooLarge, tooMuchText, unreadable } from '../nodes.ts';
import type { Outcome } from './h5wasm.ts';
import { allocations, inLibrary, memoryOf } from './libraryMemory.ts';

/** Elements of variable length that are read at a time. */
const PIECE = 512;

/** Has the library do something with an open file. What goes wrong on the way without consequence is tolerated. */
export type Attempt = <T>(run: (module: Hdf5Module, file: bigint) => T, tolerant?: boolean) => Outcome<T>;

/**
 * Reads the first elements along each axis. What is of variable length is read in pieces: a small file may name the
 * same long text very often, and nothing tells before how much memory the library takes for all of them.
 */
export function readBox(
  attempt: Attempt,
  path: string,
  type: StoredType,
  counts: readonly number[],
  total: number,
): Decoded {
  if (total === 0) return { elements: [], invalidUtf8: false };
  const [rows = 1, ...inner] = counts;
  const perRow = product(inner);
  const step = allocates(type) ? Math.max(1, Math.floor(PIECE / perRow)) : rows;
  const elements: Element[] = [];
  let [invalidUtf8, characters] = [false, 0];
  for (let row = 0; row < rows; row += step) {
    const count = [Math.min(step, rows - row), ...inner];
    const decoded = readElements(attempt, path, type, product(count), (module, file, pointer) =>
      module.get_dataset_data(
        file,
        path,
        counts.length === 0 ? null : count.map(BigInt),
        counts.length === 0 ? null : [BigInt(row), ...inner.map(() => 0n)],
        counts.length === 0 ? null : count.map(() => 1n),
        pointer,
      ),
    );
    for (const element of decoded.elements) elements.push(element);
    invalidUtf8 ||= decoded.invalidUtf8;
    if (allocates(type)) characters += lengthOf(decoded.elements);
    if (characters > MAX_BYTES) throw tooMuchText(path);
  }
  return { elements, invalidUtf8 };
}

/** Has the library read `count` elements into its memory, decodes them, and frees them. */
export function readElements(
  attempt: Attempt,
  path: string,
  type: StoredType,
  count: number,
  read: (module: Hdf5Module, file: bigint, pointer: bigint) => number,
): Decoded {
  if (count === 0) return { elements: [], invalidUtf8: false };
  const bytes = count * type.size;
  if (!(bytes <= MAX_BYTES)) throw tooLarge(path, bytes);
  // Big-endian enumerations make the library complain on the way without consequence; the status decides.
  const outcome = attempt((module, file) => {
    const pointer = module._malloc(Math.max(bytes, 1));
    if (pointer === 0) throw new Error('there is not enough memory');
    // A failed read leaves the memory as it is: without this, as garbage that would be taken for pointers.
    module.HEAPU8.fill(0, pointer, pointer + bytes);
    try {
      const status = read(module, file, BigInt(pointer));
      if (status < 0) throw new Error('reading failed');
      const memory = memoryOf(module.HEAPU8);
      const decoded = decodeElements(memory, pointer, count, type, inLibrary);
      for (const address of allocations(memory, pointer, count, type)) module._free(address);
      return decoded;
    } finally {
      module._free(pointer);
    }
  }, true);
  if (!outcome.ok) throw unreadable(path, outcome.reason);
  if (outcome.refused !== undefined) throw unreadable(path, outcome.refused);
  return outcome.value;
}

/** Characters of texts and bytes of numbers, roughly. */
function lengthOf(element: Element): number {
  if (typeof element === 'string') return element.length;
  if (element instanceof Uint8Array) return element.length;
  if (typeof element !== 'object') return 8;
  return Object.values(element).reduce<number>((sum, item: Element) => sum + lengthOf(item), 8);
}
