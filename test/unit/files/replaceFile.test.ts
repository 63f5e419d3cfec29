import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFile } from '../../../core/files/replaceFile.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();

describe('a file that is written beside the data', () => {
  it('takes the place of a link of its name', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'victim'), 'kept');
    await symlink('../victim', path.join(await made(folder, 'ingestor'), 'run.sum'));
    await replaceFile(path.join(folder, 'ingestor/run.sum'), 'sum');
    expect(await readFile(path.join(folder, 'victim'), 'utf8')).toBe('kept');
    expect((await lstat(path.join(folder, 'ingestor/run.sum'))).isFile()).toBe(true);
    expect(await readdir(path.join(folder, 'ingestor'))).toEqual(['run.sum']);
  });

  it.each(['ingestor/run.sum', 'ingestor/deeper/run.sum'])(
    'is not written through a linked folder: %s',
    async (name) => {
      const folder = await newFolder();
      const elsewhere = await newFolder();
      await symlink(elsewhere, path.join(folder, 'ingestor'));
      await expect(replaceFile(path.join(folder, name), 'sum')).rejects.toThrow('symbolic link');
      expect(await readdir(elsewhere)).toEqual([]);
      await replaceFile(path.join(folder, name), 'sum', true);
      expect(await readdir(elsewhere)).toHaveLength(1);
    },
  );

  it('has its folder made', async () => {
    const folder = await newFolder();
    await replaceFile(path.join(folder, 'a/b/run.sum'), 'sum');
    expect(await readFile(path.join(folder, 'a/b/run.sum'), 'utf8')).toBe('sum');
  });

  async function made(folder: string, name: string): Promise<string> {
    await mkdir(path.join(folder, name));
    return path.join(folder, name);
  }
});
