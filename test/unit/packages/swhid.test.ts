import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { swhidOfFolder } from '../../../core/packages/swhid.ts';
import { unpackArchive } from '../../../core/packages/unpack.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';
import { isThere, writeTree } from './packageCase.ts';

const temporaryFolder = temporaryFolders();

/** As git says, with its repository elsewhere. */
async function byGit(folder: string): Promise<string> {
  const env = {
    ...process.env,
    GIT_DIR: path.join(await temporaryFolder(), 'git'),
    GIT_WORK_TREE: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  git('init', '-q');
  git('add', '--all', '--force', '.');
  return `swh:1:dir:${git('write-tree').trim()}`;
}

const letters = fc.constantFrom('a', 'B', 'ü', '-', '.', '0', ' ', '~');
const name = fc.string({ unit: letters, minLength: 1, maxLength: 5 }).filter((text) => !/^\.{1,2}$|^\.git/i.test(text));
const file = fc.record({
  above: fc.array(name, { maxLength: 3 }),
  name,
  content: fc.uint8Array({ maxLength: 300 }),
  isExecutable: fc.boolean(),
});

describe('the identifier of a folder', () => {
  it('of nothing is that of the empty tree', async () => {
    expect(await swhidOfFolder(await temporaryFolder())).toBe('swh:1:dir:4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  });

  it('leaves out links, empty folders and what it is told to', async () => {
    const folder = writeTree(await temporaryFolder(), { 'a/b.txt': 'b' });
    const before = await swhidOfFolder(folder);
    symlinkSync('/etc/hostname', path.join(folder, 'link'));
    mkdirSync(path.join(folder, 'empty/more'), { recursive: true });
    writeTree(folder, { 'a/meta.csv': 'x' });
    expect(await swhidOfFolder(folder)).not.toBe(before);
    expect(await swhidOfFolder(folder, { skip: (inner) => inner === 'a/meta.csv' })).toBe(before);
  });

  it('tells how far it is, and stops', async () => {
    const folder = writeTree(await temporaryFolder(), { 'a/b': '12', c: '3' });
    const seen: number[] = [];
    await swhidOfFolder(folder, { onProgress: (bytes) => seen.push(bytes) });
    expect(seen.at(-1)).toBe(3);
    await expect(swhidOfFolder(folder, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });

  it('keeps the order of git and the rights of the owner', async () => {
    const folder = writeTree(await temporaryFolder(), { 'a/b': 'x', 'a.b': 'y', 'a-b': 'z', a0: '' });
    chmodSync(path.join(folder, 'a.b'), 0o755);
    // As `git write-tree` says.
    expect(await swhidOfFolder(folder)).toBe('swh:1:dir:d412675e5b0558d3cec64868bdcc8f6a074f5401');
  });

  it.skipIf(!isThere('git'))('is the one that git has for it (skipped without git)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 8 }), async (files) => {
        const folder = await temporaryFolder();
        for (const { above, name: last, content, isExecutable } of files) {
          const target = path.join(folder, ...above, last);
          try {
            mkdirSync(path.dirname(target), { recursive: true });
            writeFileSync(target, content);
            chmodSync(target, isExecutable ? 0o755 : 0o644);
          } catch (error) {
            // A folder where another file is already.
            if (!(error instanceof Error && /EISDIR|EEXIST|ENOTDIR/.test(error.message))) throw error;
          }
        }
        expect(await swhidOfFolder(folder)).toBe(await byGit(folder));
      }),
      { numRuns: 25 },
    );
  });

  it.skipIf(!isThere('git'))('sorts folders as git does (skipped without git)', async () => {
    const folder = writeTree(await temporaryFolder(), { 'a/x': '1', 'a.b': '2', 'a-': '3', a0: '4', ab: '5' });
    expect(await swhidOfFolder(folder)).toBe(await byGit(folder));
  });

  it.skipIf(!isThere('git') || !isThere('zip') || !isThere('tar'))(
    'is the same when it comes out of an archive (skipped without git, zip and tar)',
    async () => {
      const folder = writeTree(await temporaryFolder(), { 'tree/run.sh': '#!/bin/sh\n', 'tree/data/x': '1' });
      chmodSync(path.join(folder, 'tree/run.sh'), 0o755);
      execFileSync('zip', ['-qr', '../a.zip', '.'], { cwd: path.join(folder, 'tree') });
      execFileSync('tar', ['czf', '../a.tgz', '.'], { cwd: path.join(folder, 'tree') });
      const expected = await byGit(path.join(folder, 'tree'));
      for (const archive of ['a.zip', 'a.tgz']) {
        const into = path.join(folder, `${archive}.d`);
        await unpackArchive(path.join(folder, archive), into);
        expect(await swhidOfFolder(into)).toBe(expected);
      }
    },
  );
});
