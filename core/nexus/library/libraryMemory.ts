import type { Memory, Variable } from '../../hdf5/values/decode.ts';
import { product } from '../../hdf5/objects/dataspace.ts';
import { allocates } from '../../hdf5/values/storedType.ts';
import type { StoredType } from '../../hdf5/values/storedType.ts';

/** Texts and lists in the library's memory: in the place of each stands where it is. */
export const inLibrary: Variable = {
  text: ({ bytes, view }, at) => {
    const start = view.getUint32(at, true);
    return start === 0 ? new Uint8Array(0) : bytes.subarray(start, bytes.indexOf(0, start));
  },
  list: (memory, at) => ({
    memory,
    at: memory.view.getUint32(at + 4, true),
    length: memory.view.getUint32(at, true),
  }),
};

/** The memory as it is now: another one after it has grown. */
export function memoryOf(bytes: Uint8Array): Memory {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** Where the library keeps strings and sequences of variable length that it allocated for these elements. */
export function* allocations(memory: Memory, offset: number, count: number, type: StoredType): Generator<number, void> {
  if (!allocates(type)) return;
  const { view } = memory;
  for (let index = 0; index < count; index += 1) {
    const at = offset + index * type.size;
    if (type.kind === 'text') {
      yield view.getUint32(at, true);
    } else if (type.kind === 'vlen') {
      const pointer = view.getUint32(at + 4, true);
      yield* allocations(memory, pointer, view.getUint32(at, true), type.base);
      yield pointer;
    } else if (type.kind === 'array') {
      yield* allocations(memory, at, product(type.lengths), type.base);
    } else if (type.kind === 'compound') {
      for (const member of type.members) yield* allocations(memory, at + member.offset, 1, member.type);
    }
  }
}
