import { link, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../core/problems/problem.ts';
import { expandPaths } from '../../../core/files/expandPaths.ts';
import type { Batches } from '../../../core/files/expandPaths.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();

async function folderWith(names: readonly string[]): Promise<string> {
  const folder = await newFolder();
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), '');
  }
  return folder;
}

async function namesIn(files: Batches<string>, folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of files) names.push(...batch.map((file) => path.relative(folder, file)));
  return names;
}

describe('the files that paths stand for', () => {
  it('are all below a folder, in the order of their whole paths', async () => {
    const names = ['b/x', '.hidden/f', 'a/c/x', 'a b', 'a.b', 'a/y', 'é', 'a-b/z', 'ab/z', '.f'];
    const folder = await folderWith(names);
    await mkdir(path.join(folder, 'empty'));
    expect(await namesIn(expandPaths([folder]), folder)).toEqual([...names].sort());
  });

  it('are the same each time they are gone through, and in the order in which they were named', async () => {
    const folder = await folderWith(['1', '2', 'sub/3']);
    const files = expandPaths([path.join(folder, 'sub'), path.join(folder, '2'), path.join(folder, '1')]);
    expect(await namesIn(files, folder)).toEqual(['sub/3', '2', '1']);
    expect(await namesIn(files, folder)).toEqual(['sub/3', '2', '1']);
  });

  it('follow links by the name of the link, but not in circles', async () => {
    const folder = await folderWith(['a/x', 'b/z']);
    await symlink('../a', path.join(folder, 'b/other'));
    await symlink('..', path.join(folder, 'b/up'));
    await symlink('a/x', path.join(folder, 'link'));
    await symlink('nowhere', path.join(folder, 'broken'));
    await symlink('../b', path.join(folder, 'a/inner'));
    expect(await namesIn(expandPaths([path.join(folder, 'b')]), folder)).toEqual(['b/other/x', 'b/z']);
    expect(await namesIn(expandPaths([path.join(folder, 'link')]), folder)).toEqual(['link']);
  });

  it.each([
    ['the folder again', ['.', '.']],
    ['a folder in it', ['.', 'a']],
    ['a file in it', ['.', 'a/x']],
    ['the file first', ['a/x', '.']],
    ['other spellings', ['.', './a/../a/x', 'a//x', 'a/./x']],
    ['links', ['.', 'c', 'link']],
    ['a pattern', ['.', 'a/*']],
  ])('are listed once: %s', async (_, named) => {
    const folder = await folderWith(['a/x', 'b/z']);
    await symlink('a', path.join(folder, 'c'));
    await symlink('a/x', path.join(folder, 'link'));
    const paths = named.map((name) => `${folder}/${name}`);
    expect((await namesIn(expandPaths(paths), folder)).map((name) => path.basename(name)).sort()).toEqual(['x', 'z']);
  });

  it('are without those that are listed besides, by whatever name', async () => {
    const folder = await folderWith(['run.nxs', 'log.txt']);
    await symlink(folder, `${folder}-link`);
    const besides = [`${folder}-link/run.nxs`, path.join(folder, 'not-yet.b2b')];
    expect(await namesIn(expandPaths([folder], { besides }), folder)).toEqual(['log.txt']);
    await rm(`${folder}-link`);
  });

  it('are without further names of what is listed besides; other files have each of their names', async () => {
    const folder = await folderWith(['run.nxs', 'a/x']);
    await link(path.join(folder, 'run.nxs'), path.join(folder, 'a/copy.nxs'));
    await link(path.join(folder, 'a/x'), path.join(folder, 'y'));
    const besides = [path.join(folder, 'run.nxs')];
    for (const named of [[folder], ['a/copy.nxs', 'a/x', 'y'], ['a/*', 'y']]) {
      const paths = named.map((name) => path.resolve(folder, name));
      expect(await namesIn(expandPaths(paths, { besides }), folder)).toEqual(['a/x', 'y']);
    }
    expect(await namesIn(expandPaths([folder]), folder)).toEqual(['a/copy.nxs', 'a/x', 'run.nxs', 'y']);
  });

  it('are named without “..”, and are those that it leads to, also behind a link', async () => {
    const folder = await folderWith(['a/b/x', 'a/y', 'y', 'b/other']);
    await symlink('a/b', path.join(folder, 'l'));
    const named = async (...paths: string[]): Promise<string[]> =>
      namesIn(expandPaths(paths.map((name) => `${folder}/${name}`)), folder);
    expect(await named('a/b/../y')).toEqual(['a/y']);
    expect(await named('a/../a/b')).toEqual(['a/b/x']);
    expect(await named('l/../y')).toEqual(['a/y']);
    expect(await named('l/../b')).toEqual(['a/b/x']);
    expect(await named('l/x', 'a/b')).toEqual(['l/x']);
    expect(await named('none/../y')).toEqual(['y']);
  });

  it('are told of a pattern that nothing matches, once', async () => {
    const folder = await folderWith(['a.tif']);
    const problems: Problem[] = [];
    const files = expandPaths([path.join(folder, '*.tiff'), path.join(folder, '*.tif')], {
      onProblem: (found) => problems.push(found),
    });
    for (let turn = 0; turn < 2; turn++) expect(await namesIn(files, folder)).toEqual(['a.tif']);
    expect(problems).toMatchObject([{ severity: 'warning' }]);
    expect(problems[0]?.message).toContain('No file matches');
  });

  it.runIf(process.platform === 'linux')('are without names that are not text, which is said once', async () => {
    const folder = await folderWith(['b.txt', '\uFFFD.txt', 'deep/c.txt']);
    const latin1 = (name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
    await writeFile(latin1('größe.dat'), '');
    await mkdir(latin1('prüf'));
    const problems: Problem[] = [];
    const files = expandPaths([folder], { onProblem: (found) => problems.push(found) });
    for (let turn = 0; turn < 2; turn++)
      expect(await namesIn(files, folder)).toEqual(['b.txt', 'deep/c.txt', '\uFFFD.txt']);
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['file-unreadable', 'warning'],
      ['file-unreadable', 'warning'],
    ]);
  });

  it('match a pattern; a name that is not there stays, to be said when it is read', async () => {
    const folder = await folderWith(['b.tif', 'a.tif', 'c.txt']);
    expect(await namesIn(expandPaths([path.join(folder, '*.tif'), path.join(folder, 'none')]), folder)).toEqual([
      'a.tif',
      'b.tif',
      'none',
    ]);
  });

  it('are not listed any further when aborted', async () => {
    const folder = await folderWith(['a/1', 'b/1']);
    const controller = new AbortController();
    const listing = (async () => {
      for await (const batch of expandPaths([folder], { signal: controller.signal })) {
        if (batch.length > 0) controller.abort(new Error('enough'));
      }
    })();
    await expect(listing).rejects.toThrow('enough');
  });
});
