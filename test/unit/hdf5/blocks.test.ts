import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Blocks } from '../../../core/hdf5/blocks.ts';
import { FormatError } from '../../../core/hdf5/formatError.ts';

/** A file of so many bytes, each of which tells where it is; it counts how it is read. */
function counted(size: number) {
  const byteAt = (position: number): number => (position * 31 + (position >> 8) * 7 + (position >> 16)) & 0xff;
  const seen = { reads: 0, bytes: 0 };
  const source = {
    size,
    read: (position: number, length: number): Uint8Array => {
      seen.reads += 1;
      seen.bytes += length;
      return Uint8Array.from({ length: Math.min(length, size - position) }, (_, index) => byteAt(position + index));
    },
  };
  return { byteAt, seen, blocks: new Blocks(source) };
}

test('whatever is asked for, in whichever order, the bytes are those of the file', () => {
  const size = 3_000_001;
  const question = fc.tuple(fc.nat(size), fc.oneof(fc.nat(64), fc.nat(20_000), fc.nat(600_000)), fc.boolean());
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 150 }), (questions) => {
      const { blocks, byteAt } = counted(size);
      for (const [position, length, isCopy] of questions) {
        if (position + length > size) {
          expect(() => blocks.at(position, length)).toThrow(FormatError);
          continue;
        }
        const { block, start } = isCopy
          ? { block: { bytes: blocks.bytes(position, length) }, start: 0 }
          : blocks.at(position, length);
        expect(block.bytes.length - start).toBeGreaterThanOrEqual(length);
        for (const at of [0, length >> 1, length - 1])
          if (at >= 0 && at < length) expect(block.bytes[start + at]).toBe(byteAt(position + at));
      }
    }),
    { numRuns: 30, seed: 20_260_101 },
  );
});

test('what lies beside each other takes few reads, what lies far apart again and again takes short ones', () => {
  const near = counted(8_000_000);
  for (let position = 0; position < 2_000_000; position += 500) near.blocks.at(position, 100);
  expect(near.seen.reads).toBeLessThan(10);

  const far = counted(100_000_000);
  for (let index = 0; index < 5_000; index += 1) far.blocks.at((index * 7_919_993) % 99_000_000, 100);
  expect(far.seen.bytes).toBeLessThan(5_000 * 2 * 16_384 + 64 * 262_144);
});
