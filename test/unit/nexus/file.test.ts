import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openNexus } from '../../../core/nexus/file.ts';
import { NexusError } from '../../../core/nexus/model.ts';
import type { NexusFile } from '../../../core/nexus/model.ts';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { temporaryFolder, walk } from '../../support/nexusFiles.ts';

const folder = temporaryFolder();
const conformanceFiles = join(import.meta.dirname, '../../conformance/nexus');

async function written(name: string, items: Parameters<typeof writeNexus>[1]): Promise<NexusFile> {
  await writeNexus(join(folder, name), items);
  return openNexus(join(folder, name));
}

describe('files that cannot be opened', () => {
  const cases: [string, string, (path: string) => void, RegExp][] = [
    ['missing', 'file-missing', () => undefined, /no file/],
    [
      'folder',
      'file-not-readable',
      (path) => {
        mkdirSync(path);
      },
      /folder/,
    ],
    [
      'empty',
      'file-not-hdf5',
      (path) => {
        writeFileSync(path, '');
      },
      /empty/,
    ],
    [
      'text',
      'file-not-hdf5',
      (path) => {
        writeFileSync(path, 'hello');
      },
      /not an HDF5 file/,
    ],
    [
      'netcdf',
      'file-not-hdf5',
      (path) => {
        writeFileSync(path, 'CDF\x01');
      },
      /netCDF-3/,
    ],
    [
      'truncated',
      'file-damaged',
      (path) => {
        copyFileSync(join(conformanceFiles, 'fee3a10e93d52741.hdf'), path);
        truncateSync(path, 500);
      },
      /truncated/,
    ],
  ];
  test.each(cases)('%s', async (name, code, make, message) => {
    const path = join(folder, name);
    make(path);
    const error: unknown = await openNexus(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NexusError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    expect(String(error)).toContain(path);
  });

  test.skipIf(process.getuid?.() === 0)('no permission', async () => {
    const path = join(folder, 'secret');
    writeFileSync(path, 'x');
    chmodSync(path, 0);
    await expect(openNexus(path)).rejects.toMatchObject({ code: 'file-not-readable' });
  });

  test.each([
    ['written in the usual way', 3, 1],
    ['written while others may read it', 3, 5],
    ['the same in the format before', 2, 1],
  ])('open for writing: %s', async (_, version, flags) => {
    // Newer superblocks keep flags while a program writes, which stay where it was killed.
    const path = join(folder, 'writing');
    const superblock = Buffer.alloc(2048);
    superblock.write('\x89HDF\r\n\x1a\n', 'latin1');
    superblock.set([version, 8, 8, flags], 8);
    writeFileSync(path, superblock);
    await expect(openNexus(path)).rejects.toMatchObject({ code: 'file-being-written' });
  });
});

describe('paths', () => {
  test.each([
    ['/entry/title', undefined],
    ['entry//title/', undefined],
    ['./entry/./title', undefined],
    ['/entry/nothing', 'path-missing'],
    ['/entry/../entry/title', 'path-missing'],
    ['/entry/title/below', 'path-missing'],
    ['/entry', 'path-is-group'],
    ['/', 'path-is-group'],
    ['/dangling', 'broken-link'],
    ['/dangling/below', 'broken-link'],
    ['/elsewhere', 'broken-link'],
    ['/loop', 'broken-link'],
    ['/again/again/again/title', undefined],
  ])('%s', async (path, code) => {
    const file = await written('paths.nxs', [
      { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
      { path: '/entry/title', kind: 'dataset', value: 'A title' },
      { path: '/dangling', kind: 'softlink', target: '/entry/gone' },
      { path: '/elsewhere', kind: 'external', file: 'gone.h5', target: '/x' },
      { path: '/loop', kind: 'softlink', target: '/loop' },
      { path: '/again', kind: 'softlink', target: '/entry' },
      { path: '/entry/again', kind: 'softlink', target: '/entry' },
    ]);
    const result = file.read(path);
    if (code === undefined) expect((await result).elements).toEqual(['A title']);
    else await expect(result).rejects.toMatchObject({ code });
    await file.close();
  });

  test('links say where they lead', async () => {
    const file = await openNexus(join(folder, 'paths.nxs'));
    expect(await file.describe('dangling')).toMatchObject({ kind: 'broken-link', target: '/entry/gone' });
    expect(await file.describe('elsewhere')).toMatchObject({ kind: 'broken-link', target: 'gone.h5:/x' });
    await file.close();
  });

  test('external links are followed, with their texts and units', async () => {
    // The first file has texts of its own at the same addresses.
    await writeNexus(join(folder, 'other.nxs'), [
      { path: '/g', kind: 'group', attrs: { NX_class: 'NXdata' } },
      { path: '/g/x', kind: 'dataset', value: 5, attrs: { units: 'mm' } },
      { path: '/g/z', kind: 'dataset', value: 7, attrs: { units: 'nm' } },
      { path: '/g/t', kind: 'dataset', value: ['far', 'away'] },
    ]);
    const file = await written('external.nxs', [
      { path: '/h', kind: 'group', attrs: { NX_class: 'NXnote' } },
      { path: '/h/x', kind: 'dataset', value: 6, attrs: { units: 'K' } },
      { path: '/h/t', kind: 'dataset', value: ['here', 'near'] },
      { path: '/far', kind: 'external', file: 'other.nxs', target: '/g' },
      { path: '/h/soft', kind: 'softlink', target: '/far/x' },
      { path: '/h/relative', kind: 'softlink', target: 'x' },
    ]);
    expect(await file.describe('/far')).toMatchObject({ kind: 'group', nxClass: 'NXdata' });
    expect(await file.read('/far/x')).toMatchObject({ elements: [5], dataset: { units: 'mm' } });
    // The other file is open by now.
    expect(await file.read('/far/z')).toMatchObject({ elements: [7], dataset: { units: 'nm' } });
    expect(await file.read('/h/soft')).toMatchObject({ elements: [5], dataset: { units: 'mm' } });
    expect(await file.read('/h/relative')).toMatchObject({ elements: [6], dataset: { units: 'K' } });
    expect((await file.read('/far/t')).elements).toEqual(['far', 'away']);
    expect((await file.read('/h/t')).elements).toEqual(['here', 'near']);
    await file.close();
  });
});

test('children come by name, or in the order of their making where the group keeps it', async () => {
  const names = ['b', 'a', 'B', '10', '9', 'Ø'];
  const file = await written('order.nxs', [
    ...names.map((name) => ({ path: `/sorted/${name}`, kind: 'group' as const })),
    { path: '/tracked', kind: 'group', track_order: true },
    ...names.map((name) => ({ path: `/tracked/${name}`, kind: 'group' as const })),
  ]);
  expect(await file.childNames('/sorted')).toEqual({ total: 6, names: ['10', '9', 'B', 'a', 'b', 'Ø'] });
  expect((await file.childNames('/tracked')).names).toEqual(names);
  const page = await file.children('/sorted', { offset: 2, limit: 2 });
  expect([page.total, ...page.nodes.map(({ path }) => path)]).toEqual([6, '/sorted/B', '/sorted/a']);
  await expect(file.childNames('/sorted/none')).rejects.toMatchObject({ code: 'path-missing' });
  await file.close();
});

test.each([
  ['text', 'mm', 'mm'],
  ['fixed', { dtype: 'fixed-ascii:4', shape: [], value: 'K' }, 'K'],
  ['array', { dtype: 'vlen-utf8', shape: [1], value: ['Å'] }, 'Å'],
  ['fixed array', { dtype: 'fixed-ascii:2', shape: [1], value: ['Hz'] }, 'Hz'],
  ['number', 5, undefined],
  ['none', undefined, undefined],
])('units as %s', async (name, units, expected) => {
  const attrs = units === undefined ? {} : { units };
  const file = await written(`units ${name}.nxs`, [{ path: '/x', kind: 'dataset', value: 1, attrs }]);
  expect(await file.describe('/x')).toMatchObject({ units: expected });
  await file.close();
});

test('a limit reads the first elements only', async () => {
  const value = [
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ];
  const file = await written('limit.nxs', [{ path: '/x', kind: 'dataset', dtype: 'i8', value }]);
  const counted = async (limit: number) => {
    const { elements, truncated } = await file.read('/x', limit);
    return [elements.map(Number), truncated];
  };
  expect(await counted(0)).toEqual([[], true]);
  expect(await counted(2)).toEqual([[0, 1], true]);
  expect(await counted(5)).toEqual([[0, 1, 2, 3, 4], true]);
  expect(await counted(9)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8], false]);
  await file.close();
});

test('a big dataset is opened at once, read in part, and refused as a whole', async () => {
  const file = await written('big.nxs', [
    { path: '/big', kind: 'dataset', dtype: 'f8', shape: [800_000_000] },
    { path: '/behind', kind: 'dataset', value: 7.5 },
  ]);
  expect((await file.read('/behind')).elements).toEqual([7.5]);
  expect((await file.read('/big', 3)).elements).toEqual([0, 0, 0]);
  await expect(file.read('/big')).rejects.toMatchObject({ code: 'too-large' });
  await file.close();
});

test('missing attributes and names, asked for very often, exhaust nothing', async () => {
  const file = await written('often.nxs', [{ path: '/x', kind: 'dataset', value: 'a text' }]);
  for (let round = 0; round < 30_000; round += 1) await file.describe('/x');
  for (let round = 0; round < 500; round += 1) await file.read('/none').catch(() => undefined);
  expect((await file.read('/x')).elements).toEqual(['a text']);
  await file.close();
});

test('a file that is replaced meanwhile is said to have changed, and reads anew', async () => {
  const file = await written('changing.nxs', [{ path: '/x', kind: 'dataset', value: 1 }]);
  const later = await written('changing.nxs', [
    { path: '/y', kind: 'dataset', value: 2 },
    { path: '/z', kind: 'group' },
  ]);
  await expect(file.describe('/nothing')).rejects.toMatchObject({ code: 'file-changed' });
  await Promise.all([file.close(), later.close()]);
  const again = await openNexus(join(folder, 'changing.nxs'));
  expect((await again.read('/y')).elements).toEqual([2]);
  await again.close();
  await expect(again.read('/y')).rejects.toThrow(/closed/);
});

/** Real files are not part of the project: they lie beside the checkout, or in the folder that the variable names. */
const corpus = process.env['IMSC_NEXUS_CORPUS'] ?? join(import.meta.dirname, '../../../../shared/corpus/nexus');
test.skipIf(!existsSync(corpus))('real files (folder in IMSC_NEXUS_CORPUS) can be walked through', async () => {
  for (const name of readdirSync(corpus))
    expect(await walk(() => openNexus(join(corpus, name))), name).toBeGreaterThan(10);
});
