import { existsSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { UnpackLimits } from '../../../core/packages/archives/allowance.ts';
import { checkBag, isBag } from '../../../core/packages/bags/bag.ts';
import { PackageError } from '../../../core/packages/packageError.ts';
import { unpackArchive } from '../../../core/packages/unpack.ts';
import { stripRoot, unpackWithin } from '../../../core/packages/unpackWithin.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';
import { bytes, namesIn, tarOf, writeTree, zipOf } from './packageCase.ts';
import type { Tree } from './packageCase.ts';

const temporaryFolder = temporaryFolders();

describe('archives within a folder', () => {
  it('become folders, those inside of them too; what cannot be unpacked stays', async () => {
    const inner = zipOf({ 'root/x.txt': 'x' });
    const tree: Tree = {
      'data.tar.gz': gzipSync(await tarOf([{ name: 'y.txt', content: 'y' }])),
      'sub/outer.zip': zipSync({ 'one/inner.zip': inner, 'one/z.txt': bytes('z') }),
      'broken.zip': 'no zip',
      'empty.zip': zipSync({}),
    };
    const folder = writeTree(await temporaryFolder(), tree);
    const findings = await unpackWithin(folder, { keepInRoot: false });
    expect(await namesIn(folder)).toEqual(['broken.zip', 'data/y.txt', 'sub/outer/inner/x.txt', 'sub/outer/z.txt']);
    expect(findings.map(({ code, severity, file }) => ({ code, severity, file }))).toEqual([
      { code: 'unknown-format', severity: 'warning', file: 'broken.zip' },
    ]);
  });

  it('stay where a folder of their name is there already', async () => {
    const folder = writeTree(await temporaryFolder(), { 'a.zip': zipOf({ x: '1' }), 'a/y': '2' });
    const [found] = await unpackWithin(folder);
    expect(found?.code).toBe('duplicate');
    expect(await namesIn(folder)).toEqual(['a.zip', 'a/y']);
  });

  it('stay packed below the depth that is allowed', async () => {
    const deep = zipSync({ 'b.zip': zipOf({ x: '1' }) });
    const folder = writeTree(await temporaryFolder(), { 'a.zip': deep });
    const [found] = await unpackWithin(folder, { limits: { depth: 1 }, keepInRoot: false });
    expect(found?.code).toBe('limit');
    expect(await namesIn(folder)).toEqual(['a/b.zip']);
  });

  it('stay beside their folder where they lie in the folder itself, and not deeper', async () => {
    const folder = writeTree(await temporaryFolder(), {
      'a.zip': zipSync({ 'b.zip': zipOf({ x: '1' }) }),
      'sub/c.zip': zipOf({ y: '1' }),
    });
    expect(await unpackWithin(folder)).toEqual([]);
    expect(await namesIn(folder)).toEqual(['a.zip', 'a/b/x', 'sub/c/y']);
  });

  it('are known by their content; documents that are a zip inside are left alone', async () => {
    const folder = writeTree(await temporaryFolder(), {
      'sub/run.data': zipOf({ x: '1' }),
      'sub/report.docx': zipOf({ y: '1' }),
    });
    expect(await unpackWithin(folder)).toEqual([]);
    expect(await namesIn(folder)).toEqual(['sub/report.docx', 'sub/run.data.unpacked/x']);
  });

  it('share what may be unpacked; what is refused does not count', async () => {
    const tree = { 'a.zip': zipOf({ x: '12345' }), 'b.zip': zipOf({ x: '123456789' }), 'c.zip': zipOf({ x: '12345' }) };
    const folder = writeTree(await temporaryFolder(), tree);
    const findings = await unpackWithin(folder, { limits: { bytes: 10 }, keepInRoot: false });
    expect(findings).toMatchObject([{ code: 'limit', file: 'b.zip' }]);
    expect(await namesIn(folder)).toEqual(['a/x', 'b.zip', 'c/x']);
  });

  it('leave what macOS packs beside a folder', async () => {
    const folder = writeTree(await temporaryFolder(), { 'run/x': '1', '__MACOSX/run/._x': '', '.DS_Store': '' });
    expect(await stripRoot(folder)).toBe(path.join(folder, 'run'));
    writeTree(folder, { other: '' });
    expect(await stripRoot(folder)).toBe(folder);
  });
});

const shared = path.resolve(import.meta.dirname, '../../../../shared/corpus/bagit');
interface Handed {
  readonly outcome: 'ok' | 'failed' | 'kept';
  readonly bag?: boolean;
  readonly payload?: readonly string[];
  readonly error?: string;
}
interface ArchiveCase {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  readonly limits?: Partial<UnpackLimits>;
  readonly isArchive: Handed;
  readonly unpack?: Handed;
  readonly isArchiveAndUnpack?: Handed;
  readonly or?: { readonly isArchive: Handed };
}

describe.skipIf(!existsSync(shared))('archives of the corpus (skipped without the shared folder)', () => {
  const all: readonly ArchiveCase[] = existsSync(shared)
    ? (JSON.parse(readFileSync(path.join(shared, 'cases.json'), 'utf8')) as ArchiveCase[])
    : [];
  const archives = all.filter(({ kind }) => kind === 'archive');

  it.each(archives.filter(({ unpack }) => unpack))('$file among files', async ({ file, limits, unpack }) => {
    const folder = await temporaryFolder();
    const name = path.basename(file);
    mkdirSync(path.join(folder, 'sub'));
    copyFileSync(path.join(shared, file), path.join(folder, 'sub', name));
    const findings = await unpackWithin(folder, { limits });
    if (unpack?.outcome === 'ok')
      expect({ findings, files: await namesIn(folder) }).toEqual({ findings: [], files: [] });
    else {
      expect(findings).toMatchObject([{ code: unpack?.error, severity: 'warning', file: `sub/${name}` }]);
      expect(await namesIn(folder)).toEqual([`sub/${name}`]);
    }
  });

  it.each(archives.filter((one) => one.isArchiveAndUnpack))(
    '$file and those in it',
    async ({ file, isArchiveAndUnpack }) => {
      const into = path.join(await temporaryFolder(), 'into');
      await unpackArchive(path.join(shared, file), into);
      await unpackWithin(into, { keepInRoot: false });
      expect(await namesIn(await stripRoot(into))).toEqual([...(isArchiveAndUnpack?.payload ?? [])].sort());
    },
  );

  it.each(archives)('$file', async ({ file, limits, isArchive, or }) => {
    const into = path.join(await temporaryFolder(), 'into');
    const expected = [isArchive, ...(or ? [or.isArchive] : [])];
    try {
      await unpackArchive(path.join(shared, file), into, { limits });
    } catch (error) {
      if (!(error instanceof PackageError)) throw error;
      const failed = expected.filter(({ outcome }) => outcome === 'failed').map((one) => one.error);
      expect(failed).toContain(error.found.code);
      return;
    }
    const root = await stripRoot(into);
    const bag = await isBag(root);
    const report = bag ? await checkBag(root) : undefined;
    if (report?.valid === false) {
      expect(report.findings.map(({ code }) => code)).toContain(isArchive.error);
      return;
    }
    expect(isArchive.outcome).toBe('ok');
    if (isArchive.bag !== undefined) expect(bag).toBe(isArchive.bag);
    if (isArchive.payload)
      expect(await namesIn(bag ? path.join(root, 'data') : root)).toEqual([...isArchive.payload].sort());
  });
});
