import { copyFile, link, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareDataFiles, identifyDataFile } from '../../../core/files/dataFileIdentity.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();

/** What becomes of `a/run.nxs`, and under which name the file is given then. */
const cases: readonly [
  what: string,
  expected: 'same' | 'replaced' | 'other',
  name: string,
  change: (folder: string) => Promise<void>,
][] = [
  ['nothing', 'same', 'a/run.nxs', () => Promise.resolve()],
  ['a link to it', 'same', 'link.nxs', (folder) => symlink('a/run.nxs', path.join(folder, 'link.nxs'))],
  ['a link to its folder', 'same', 'b/run.nxs', (folder) => symlink('a', path.join(folder, 'b'))],
  ['a hard link', 'same', 'hard.nxs', (folder) => link(path.join(folder, 'a/run.nxs'), path.join(folder, 'hard.nxs'))],
  ['it was moved', 'same', 'moved.nxs', (folder) => rename(path.join(folder, 'a/run.nxs'), path.join(folder, 'moved.nxs'))], // prettier-ignore
  ['it was written to', 'same', 'a/run.nxs', (folder) => writeFile(path.join(folder, 'a/run.nxs'), 'longer than before')], // prettier-ignore
  ['a file of its own', 'other', 'c.nxs', (folder) => copyFile(path.join(folder, 'a/run.nxs'), path.join(folder, 'c.nxs'))], // prettier-ignore
  [
    'another one in its place',
    'replaced',
    'a/run.nxs',
    async (folder) => {
      await writeFile(path.join(folder, 'new'), 'something else');
      await rename(path.join(folder, 'new'), path.join(folder, 'a/run.nxs'));
    },
  ],
  [
    'a copy was put back in its place',
    'same',
    'a/run.nxs',
    async (folder) => {
      await copyFile(path.join(folder, 'a/run.nxs'), path.join(folder, 'copy'));
      await utimes(path.join(folder, 'copy'), 1_700_000_000, 1_700_000_000);
      await rename(path.join(folder, 'copy'), path.join(folder, 'a/run.nxs'));
    },
  ],
  [
    'a link to it that leads to another one now',
    'other',
    'latest.nxs',
    async (folder) => {
      await writeFile(path.join(folder, 'next.nxs'), 'next');
      await symlink('next.nxs', path.join(folder, 'latest.nxs'));
    },
  ],
];

describe('a data file', () => {
  it.each(cases)('%s: %s', async (_, expected, name, change) => {
    const folder = await newFolder();
    const file = path.join(folder, 'a/run.nxs');
    await mkdir(path.dirname(file));
    await writeFile(file, 'data');
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const before = await identifyDataFile(file);
    const { path: given, size, mtimeMs, ino } = before;
    await change(folder);
    const now = await identifyDataFile(path.join(folder, name));
    expect(await compareDataFiles(before, now)).toBe(expected);
    // As an older version has written it.
    const older = { path: given, size, mtimeMs, ino };
    if (expected !== 'other' || name === 'c.nxs') expect(await compareDataFiles(older, now)).toBe(expected);
  });

  it('is not another one that got its inode when it was gone', async () => {
    const folder = await newFolder();
    const before = await identifyDataFile(await written(path.join(folder, 'first.nxs'), 'data'));
    await rm(before.path);
    const next = await identifyDataFile(await written(path.join(folder, 'second.nxs'), 'other data'));
    expect(await compareDataFiles({ ...before, ino: next.ino }, next)).toBe('other');
    const sameAge = { ...before, ino: next.ino, size: next.size, mtimeMs: next.mtimeMs };
    const born = { ...next, birth: '17' };
    expect(await compareDataFiles({ ...sameAge, birth: '16' }, born)).toBe('other');
  });

  async function written(file: string, text: string): Promise<string> {
    await writeFile(file, text);
    return file;
  }
});
