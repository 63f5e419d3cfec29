import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Kept } from '../../../core/hdf5/kept.ts';

test('what is kept is what came last, and never more than so many bytes but for the last', () => {
  const items = fc.array(fc.record({ address: fc.nat(20), bytes: fc.nat(60) }), { maxLength: 60 });
  fc.assert(
    fc.property(items, fc.integer({ min: 1, max: 100 }), (all, most) => {
      const kept = new Kept<number>(most);
      for (const [index, { address, bytes }] of all.entries()) {
        kept.set(address, index, bytes);
        expect(kept.get(address)).toBe(index);
        expect(kept.bytes).toBeLessThanOrEqual(Math.max(most, bytes));
        const there = all.slice(0, index + 1).filter((each, at) => kept.get(each.address) === at);
        expect(there.reduce((sum, each) => sum + each.bytes, 0)).toBe(kept.bytes);
      }
      kept.clear();
      expect([kept.bytes, kept.get(all[0]?.address ?? 0)]).toEqual([0, undefined]);
    }),
  );
});
