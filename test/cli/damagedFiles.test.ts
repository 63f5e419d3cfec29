import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { fuzzing, patience } from '../unit/fuzz/fuzzing.ts';
import { damagedStructure, structuralDamage, structuresOf } from '../unit/fuzz/hdf5Mutants.ts';
import { imsc } from './imsc.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-damaged-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const samples = path.join(import.meta.dirname, '../../samples/data');
const sources = ['coda/2025/443604/raw/443604_00001017.nxs', 'tbl/2025/443604/raw/443604_00000007.nxs'].map((name) =>
  structuresOf(readFileSync(path.join(samples, name))),
);

test('files with damaged structures: the command line ends in time and says what it found', { timeout: patience }, async () => {
  const { numRuns, seed } = fuzzing(12);
  const mutants = fc.sample(
    fc.tuple(fc.constantFrom(...sources), fc.array(structuralDamage, { minLength: 1, maxLength: 2 })),
    { numRuns, seed },
  );
  const faults: string[] = [];
  let slowest = 0;
  for (const [index, [source, damages]] of mutants.entries()) {
    const file = path.join(folder, `${index}.nxs`);
    writeFileSync(file, damagedStructure(source, damages));
    const before = performance.now();
    const { code, signal, stderr } = await imsc(['inspect', file, '--attributes', '--depth', '20']);
    const took = performance.now() - before;
    slowest = Math.max(slowest, took);
    if (signal !== null || (code !== 0 && code !== 1) || took > 30_000 || /\n +at /.test(stderr)) {
      faults.push(`${JSON.stringify(damages)}: code ${code}, signal ${signal}, ${took} ms: ${stderr.slice(0, 200)}`);
    } else rmSync(file);
  }
  console.log(`${mutants.length} files, the slowest took ${Math.round(slowest)} ms`);
  expect(faults).toEqual([]);
}); // prettier-ignore
