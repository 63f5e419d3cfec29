import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../../core/files/fileError.ts';
import { checkBag } from '../../../../core/packages/bags/bag.ts';
import { makeBag } from '../../../../core/packages/bags/makeBag.ts';
import { canMount } from '../../../support/mounting.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';
import { bagTree, codes, writeTree } from '../packageCase.ts';

const temporaryFolder = temporaryFolders();

const names = fc
  .string({
    unit: fc.constantFrom('a', 'B', ' ', '%', '.', 'ü', '\n', '-', '2', '\\', '"'),
    minLength: 1,
    maxLength: 8,
  })
  .filter((name) => !name.split('\\').some((part) => /^\.{1,2}$/.test(part)));
const trees = fc.uniqueArray(fc.tuple(names, names, fc.uint8Array({ maxLength: 50 })), {
  minLength: 1,
  maxLength: 6,
  selector: ([folder]) => folder.toLowerCase(),
});

describe('making a bag', () => {
  it('makes valid ones, whatever the names', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (files) => {
        const folder = await temporaryFolder();
        writeTree(folder, Object.fromEntries(files.map(([above, name, content]) => [`${above}/${name}`, content])));
        const made = await makeBag(folder, { algorithms: ['sha512', 'md5', 'adler32'] });
        const report = await checkBag(folder);
        expect(codes(report, 'error')).toEqual([]);
        expect(report.payload).toHaveLength(files.length);
        expect(made.files).toBe(files.length);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves a folder as it was when a file cannot be packed', async () => {
    const folder = writeTree(await temporaryFolder(), { 'one.txt': '1' });
    symlinkSync('/etc/hostname', path.join(folder, 'link'));
    await expect(makeBag(folder, { algorithms: ['sha256'] })).rejects.toThrow(FileError);
    expect(readdirSync(folder).sort()).toEqual(['link', 'one.txt']);
  });

  it('says what an interrupted attempt has left', async () => {
    const folder = writeTree(await temporaryFolder(), { '.imsc-bag/data/one.txt': '1' });
    await expect(makeBag(folder, { algorithms: ['sha256'] })).rejects.toThrow('Put back what is in .imsc-bag/data');
    expect(readdirSync(path.join(folder, '.imsc-bag/data'))).toEqual(['one.txt']);
  });

  it.skipIf(!canMount())(
    'takes back what was moved when a part cannot be (skipped where nothing may be mounted)',
    async () => {
      const folder = writeTree(await temporaryFolder(), { 'a.txt': '1', 'z.txt': '2' });
      const fixed = path.join(folder, 'fixed');
      mkdirSync(fixed);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', fixed]);
      try {
        await expect(makeBag(folder, { algorithms: ['sha256'] })).rejects.toThrow('it is in use');
        expect(readdirSync(folder).sort()).toEqual(['a.txt', 'fixed', 'z.txt']);
      } finally {
        execFileSync('umount', [fixed]);
      }
    },
  );

  it.skipIf(!canMount())(
    'leaves a folder as it was on a full disk (skipped where nothing may be mounted)',
    async () => {
      const folder = await temporaryFolder();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
      try {
        writeTree(folder, { 'a.txt': '1', 'b.dat': new Uint8Array(60_000) });
        await expect(makeBag(folder, { algorithms: ['sha256'] })).rejects.toThrow('the disk is full');
        expect(readdirSync(folder).sort()).toEqual(['a.txt', 'b.dat']);
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );

  it('does not put a bag into a bag', async () => {
    const folder = writeTree(await temporaryFolder(), bagTree());
    await expect(makeBag(folder, { algorithms: ['sha256'] })).rejects.toThrow('a bag already');
  });
});
