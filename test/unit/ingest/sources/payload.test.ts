import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Batches } from '../../../../core/files/expandPaths.ts';
import { chooseDataFile, choosePayload } from '../../../../core/ingest/sources/payload.ts';
import type { PayloadOptions } from '../../../../core/ingest/sources/payload.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const hdf5 = '\x89HDF\r\n\x1a\n';

/** A folder with these files; those that are said to be HDF5 begin as such files do. */
async function folderWith(names: readonly string[], isHdf5: (name: string) => boolean = () => false): Promise<string> {
  const folder = await realpath(await newFolder());
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), isHdf5(name) ? Buffer.from(hdf5, 'latin1') : 'text');
  }
  return folder;
}

async function namesIn(files: Batches<string>, folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of files) names.push(...batch.map((file) => path.relative(folder, file)));
  return names;
}

describe('the payload of a folder', () => {
  it('is all below it in the order in which people count, without links and what imsc keeps there', async () => {
    const names = ['a10.txt', 'a2.txt', 'b/run10/x', 'b/run9/x', 'C.txt', '.hidden'];
    const folder = await folderWith([...names, '.imsc-jobs/1/job.json', 'b/.imsc', 'b/run9/.imsc.lock']);
    await symlink('b', path.join(folder, 'c'));
    await symlink('a2.txt', path.join(folder, 'd.txt'));
    const payload = choosePayload(folder);
    const expected = ['.hidden', 'a2.txt', 'a10.txt', 'b/run9/x', 'b/run10/x', 'C.txt'];
    expect(await namesIn(payload, folder)).toEqual(expected);
    expect(await namesIn(payload, folder)).toEqual(expected);
  });

  it('is without its metadata file and the tag files of a bag, exactly those', async () => {
    const folder = await folderWith(['bagit.txt', 'data/bagit.txt', 'ark-file-meta.csv', 'data/ark-file-meta.csv']);
    const leftOut: PayloadOptions = {
      leftOut: [path.join(folder, 'bagit.txt'), path.join(folder, './data/../ark-file-meta.csv')],
    };
    expect(await namesIn(choosePayload(folder, leftOut), folder)).toEqual(['data/ark-file-meta.csv', 'data/bagit.txt']);
  });
});

interface Case {
  readonly name: string;
  readonly files: readonly string[];
  readonly hdf5: readonly string[];
  readonly pattern?: string;
  readonly dataFile: string | undefined;
  /** What the warning says; absent: there is none. */
  readonly warning?: RegExp;
}

describe('the data file of a folder', () => {
  it.each<Case>([
    { name: 'none', files: ['a.txt', 'b.nxs'], hdf5: [], dataFile: undefined },
    {
      name: 'the only one',
      files: ['a.txt', 'deep/er/b.nxs', 'c.nxs'],
      hdf5: ['deep/er/b.nxs'],
      dataFile: 'deep/er/b.nxs',
    },
    { name: 'by the ending before others', files: ['a', 'b.NXS'], hdf5: ['a', 'b.NXS'], dataFile: 'b.NXS' },
    { name: 'without any ending', files: ['a', 'b', 'c.nxs'], hdf5: ['b'], dataFile: 'b' },
    {
      name: 'the first of several',
      files: ['run10.nxs', 'run2.h5', 'run3.nx5'],
      hdf5: ['run10.nxs', 'run2.h5', 'run3.nx5'],
      dataFile: 'run2.h5',
      warning: /several data files: the values come from run2\.h5, and not from run3\.nx5, run10\.nxs\./,
    },
    {
      name: 'the first of very many',
      files: Array.from({ length: 40 }, (_, index) => `${index}.nxs`),
      hdf5: Array.from({ length: 40 }, (_, index) => `${index}.nxs`),
      dataFile: '0.nxs',
      warning: /from 0\.nxs, and not from 1\.nxs, 2\.nxs, 3\.nxs, 4\.nxs and more/,
    },
    {
      name: 'by a pattern',
      files: ['a.nxs', 'raw/b.dat'],
      hdf5: ['a.nxs'],
      pattern: 'raw/*.dat',
      dataFile: 'raw/b.dat',
    },
    { name: 'by a pattern that takes none', files: ['a.nxs'], hdf5: ['a.nxs'], pattern: '*.dat', dataFile: undefined },
    {
      name: 'by a pattern that leads out',
      files: ['a.nxs'],
      hdf5: ['a.nxs'],
      pattern: '../**/*.nxs',
      dataFile: undefined,
    },
    {
      name: 'by a pattern that takes several',
      files: ['b10.dat', 'b9.dat'],
      hdf5: [],
      pattern: '*.dat',
      dataFile: 'b9.dat',
      warning: /b9\.dat.*b10\.dat/,
    },
  ])('is $name', async ({ files, hdf5: those, pattern, dataFile, warning }) => {
    const folder = await folderWith(files, (name) => those.includes(name));
    const payload = choosePayload(folder);
    const chosen = await chooseDataFile(folder, payload, pattern);
    expect(chosen.dataFile).toBe(dataFile === undefined ? undefined : path.join(folder, dataFile));
    if (warning) expect(chosen.problems).toMatchObject([{ code: 'several-data-files', severity: 'warning' }]);
    else expect(chosen.problems).toEqual([]);
    if (warning) expect(chosen.problems[0]?.message).toMatch(warning);
    const rest = await namesIn(
      choosePayload(folder, { besides: chosen.dataFile === undefined ? [] : [chosen.dataFile] }),
      folder,
    );
    expect(rest).toEqual((await namesIn(payload, folder)).filter((name) => name !== dataFile));
  });

  it('may lie behind a user block', async () => {
    const folder = await folderWith(['a.h5']);
    await writeFile(path.join(folder, 'a.h5'), Buffer.concat([Buffer.alloc(1024), Buffer.from(hdf5, 'latin1')]));
    expect((await chooseDataFile(folder, choosePayload(folder))).dataFile).toBe(path.join(folder, 'a.h5'));
  });

  it('is not looked for any more once that is called off', async () => {
    const folder = await folderWith(['a.txt']);
    const signal = AbortSignal.abort(new Error('called off'));
    await expect(chooseDataFile(folder, choosePayload(folder), undefined, signal)).rejects.toThrow('called off');
  });
});
