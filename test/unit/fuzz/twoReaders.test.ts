import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/nexusFiles.ts';
import { readTwice } from '../../support/twoReaders.ts';
import { fuzzing, patience } from './fuzzing.ts';
import { damagedStructure, structuralDamage } from './hdf5Mutants.ts';
import { sources } from './hdf5Sources.ts';

const folder = temporaryFolder();

/** Milliseconds for one answer of the library, which hangs on some of these files. */
const answerMs = 500;
/** Files that are read differently are kept there. */
const kept = join(tmpdir(), `imsc-read-twice-${process.pid}`);

test(
  'NeXus files with damaged structures: what two readers make of them is the same',
  { timeout: patience },
  async () => {
    const seen = { mutants: 0, answers: 0, elements: 0, left: 0, ours: 0, tooSlow: 0, slowest: 0 };
    const faults: string[] = [];
    const ours = new Map<string, number>();
    const property = fc.asyncProperty(
      fc.constantFrom(...sources),
      fc.array(structuralDamage, { minLength: 1, maxLength: 2 }),
      async (source, damages) => {
        seen.mutants += 1;
        const path = join(folder, `${seen.mutants % 8}.nxs`);
        writeFileSync(path, damagedStructure(source, damages));
        const compared = await readTwice(path, 200, answerMs, true);
        seen.answers += compared.answers;
        seen.elements += compared.elements;
        seen.left += compared.left.length;
        seen.ours += compared.ours.length;
        seen.slowest = Math.max(seen.slowest, compared.slowest);
        if (compared.isTooSlow) seen.tooSlow += 1;
        for (const each of compared.ours) {
          const why = each.replaceAll(/ of .*? cannot be read|\d+/g, '');
          ours.set(why, (ours.get(why) ?? 0) + 1);
        }
        if (compared.differences.length === 0) return;
        mkdirSync(kept, { recursive: true });
        const copy = join(kept, `${seen.mutants}.nxs`);
        copyFileSync(path, copy);
        faults.push(`${copy}: ${compared.differences.slice(0, 3).join('; ')}`);
      },
    );
    try {
      await fc.assert(property, {
        ...fuzzing(process.env['FUZZ_RUNS'] === undefined ? 150 : 2000),
        endOnFailure: true,
      });
    } finally {
      console.log(JSON.stringify(seen));
      if (process.env['FUZZ_RUNS'] !== undefined) console.log(Object.fromEntries(ours));
    }
    expect(faults).toEqual([]);
    // Our own reader is never the one that takes long.
    expect(seen.slowest).toBeLessThan(2_000);
    expect(seen.answers).toBeGreaterThan(seen.mutants * 5);
  },
);
