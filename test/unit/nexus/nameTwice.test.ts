import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNexus } from '../../../core/nexus/file.ts';
import { temporaryFolder } from '../../support/nexusFiles.ts';
import { readTwice } from '../../support/twoReaders.ts';

const folder = temporaryFolder();

/** In the group /entry, which has three names, one becomes the same as another. */
function writeNameTwice(source: string, renamed: number, like: number): string {
  const bytes = readFileSync(join(import.meta.dirname, '../../conformance/nexus', source));
  let table = bytes.indexOf('SNOD');
  while (table >= 0 && bytes.readUInt16LE(table + 6) !== 3) table = bytes.indexOf('SNOD', table + 4);
  if (table < 0) throw new Error(`${source} has no group of three names`);
  // Behind a head of 8 bytes come entries of 40, which begin with the place of their name.
  const entry = (index: number): number => table + 8 + 40 * index;
  bytes.copy(bytes, entry(renamed), entry(like), entry(like) + 8);
  const damaged = join(folder, source);
  writeFileSync(damaged, bytes);
  return damaged;
}

test.each([
  ['590e4d582add8689.hdf', 'of a group before a dataset', 1, 2, ['a*b', 'title', 'title']],
  ['972fbef0b295f86a.hdf', 'of a dataset before a group', 1, 0, ['experiment_identifier', 'experiment_identifier', 'title']],
])('in %s a name that stands twice, %s, is told of as the HDF5 library has it, also page by page', async (source, _which, renamed, like, names) => {
  const damaged = writeNameTwice(source, renamed, like);
  const { differences, answers } = await readTwice(damaged, 200, 10_000, true);
  expect(differences).toEqual([]);
  expect(answers).toBeGreaterThan(5);
  const file = await openNexus(damaged);
  const { nodes } = await file.childKinds('/entry');
  expect(nodes.map(({ path }) => path)).toEqual(names.map((name) => `/entry/${name}`));
  // What is asked for by that name is one of the two.
  const twice = `/entry/${String(names[like === 0 ? 0 : 1])}`;
  const { kind } = await file.describe(twice);
  expect(nodes.filter(({ path }) => path === twice).map((node) => node.kind)).toEqual([kind, kind]);
  for (const offset of [0, 1, 2])
    expect((await file.childKinds('/entry', { offset, limit: 1 })).nodes).toEqual([nodes[offset]]);
  await file.close();
}); // prettier-ignore

test('names that stand once are told page by page', async () => {
  const file = await openNexus(join(import.meta.dirname, '../../conformance/nexus/c45eb6d6548a2d9b.hdf'));
  const { names, total } = await file.childNames('/entry');
  expect(total).toBe(6);
  for (const limit of [1, 2, 4]) {
    const pages: string[] = [];
    for (let offset = 0; offset < total; offset += limit)
      pages.push(...(await file.childNames('/entry', { offset, limit })).names);
    expect(pages).toEqual(names);
  }
  await file.close();
});
