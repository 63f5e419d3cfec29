import { compareBytes } from '../../hdf5/bytes.ts';
import { inflate } from '../storage/inflate.ts';

const dataError = -3;

/**
 * What the plug-ins take from the C library and the HDF5 library was built without: it is called in the middle of
 * unpacking, and the library dies where it is not there.
 * @param heap the memory of the library, which is another one after it has grown
 * @param allocate takes some bytes of it
 */
export function pluginImports(
  heap: () => Uint8Array,
  allocate: (bytes: number) => number,
): Readonly<Record<string, (...args: number[]) => number>> {
  let errorNumber = 0;
  return {
    // LZF says there that it needs more room than a chunk was said to take, as for texts and lists of any length.
    __errno_location: () => (errorNumber ||= allocate(4)),
    memcmp: (one = 0, other = 0, length = 0) =>
      compareBytes(heap().subarray(one, one + length), heap().subarray(other, other + length)),
    // Blosc with the codec of zlib.
    uncompress: (target = 0, lengthAt = 0, source = 0, length = 0) => {
      const memory = heap();
      const view = new DataView(memory.buffer, memory.byteOffset);
      try {
        const unpacked = inflate(memory.subarray(source, source + length), view.getUint32(lengthAt, true));
        memory.set(unpacked, target);
        view.setUint32(lengthAt, unpacked.length, true);
        return 0;
      } catch {
        return dataError;
      }
    },
  };
}
