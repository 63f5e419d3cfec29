import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/nexusFiles.ts';
import { readTwice } from '../../support/twoReaders.ts';

/** Every file is read by its structures and by the HDF5 library; what the two read differently is a fault. */
const root = join(import.meta.dirname, '../../..');
const folder = temporaryFolder();
const python = ['python3', '/usr/bin/python3', 'python'].find(
  (command) => spawnSync(command, ['-c', 'import h5py']).status === 0,
);

/** What our reader leaves to the library, besides what it says it leaves. */
const mayBeLeft =
  /a filter is not known|parts of others|bytes lie in other files|a type is not read|has no values|too many links|is shared, which|open for writing/;

/** What the library cannot read: its plug-in for LZF gives up where it was not told how much room a chunk takes. */
const isOursAlone = /of \/\w+_lzf: .* filter returned failure/;

async function expectSame(files: readonly string[], mostNodes?: number): Promise<void> {
  const sum = { files: files.length, answers: 0, elements: 0, left: 0 };
  const differences: string[] = [];
  const left: string[] = [];
  for (const file of files) {
    const compared = await readTwice(file, mostNodes);
    sum.answers += compared.answers;
    sum.elements += compared.elements;
    sum.left += compared.left.length;
    const ours = compared.ours.filter((each) => !isOursAlone.test(each));
    for (const each of [...compared.differences, ...ours]) differences.push(`${basename(file)}: ${each}`);
    for (const each of compared.left) if (!mayBeLeft.test(each)) left.push(`${basename(file)}: ${each}`);
  }
  console.info(JSON.stringify(sum));
  expect(differences).toEqual([]);
  expect(left).toEqual([]);
  expect(sum.answers).toBeGreaterThan(files.length * 10);
}

function filesIn(place: string, pattern: RegExp): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(place, name));
}

test('the files of the project', { timeout: 60_000 }, async () => {
  await expectSame([
    ...filesIn(join(root, 'test/conformance/nexus'), /\.hdf$/),
    ...filesIn(join(root, 'samples/data'), /\.nxs$/),
    ...filesIn(join(root, 'test/unit/nexus/filters'), /\.h5$/),
  ]);
});

/** Real files are not part of the project: they lie beside the checkout, or in the folder that the variable names. */
const corpus = process.env['IMSC_NEXUS_CORPUS'] ?? join(root, '../shared/corpus/nexus');
if (!existsSync(corpus)) console.warn(`Skipped: no real files in ${corpus}.`);
test.skipIf(!existsSync(corpus))('real files (folder in IMSC_NEXUS_CORPUS)', { timeout: 120_000 }, async () => {
  await expectSame(filesIn(corpus, /\.(?:nxs|hdf|h5)$/), 2_000);
});

if (python === undefined) console.warn('Skipped: no Python with h5py to write files with.');
test.skipIf(python === undefined).each(['hdf5Structures', 'hdf5Types', 'hdf5Storage'])(
  'files that h5py writes: %s',
  { timeout: 240_000 },
  async (script) => {
    // One of them names files beside its folder.
    const place = join(folder, script, 'own');
    mkdirSync(place, { recursive: true });
    execFileSync(python ?? '', [join(root, 'test/support', `${script}.py`), place], { maxBuffer: 1e9 });
    await expectSame(filesIn(place, /\.h5$/), 250);
  },
);
