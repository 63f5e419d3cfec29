import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { checkBag, isBag } from '../../../core/packages/bag.ts';
import { PackageError } from '../../../core/packages/packageError.ts';
import { rootOf, unpackArchive, unpackWithin } from '../../../core/packages/unpack.ts';
import type { UnpackLimits } from '../../../core/packages/unpack.ts';
import { walkFolder } from '../../../core/packages/walk.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';
import { writeTree } from './packageCase.ts';
import type { Tree } from './packageCase.ts';

const temporaryFolder = temporaryFolders();

async function namesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { path: name } of walkFolder(folder)) found.push(name);
  return found.sort();
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const zipOf = (tree: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(tree).map(([name, text]) => [name, bytes(text)])));

type TarMember = Parameters<ReturnType<typeof pack>['entry']>[0] & { readonly content?: string };

async function tarOf(members: readonly TarMember[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of members) archive.entry(header, content);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What comes of an archive: its files, or the code of what is wrong with it. Nothing may be left behind. */
async function unpacked(content: Uint8Array, limits: Partial<UnpackLimits> = {}): Promise<string[] | string> {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'archive');
  writeFileSync(file, content);
  const into = path.join(folder, 'into');
  try {
    await unpackArchive(file, into, { limits });
    expect(readdirSync(folder).sort()).toEqual(['archive', 'into']);
    return await namesIn(into);
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    expect(readdirSync(folder)).toEqual(['archive']);
    return error.found.code;
  }
}

/** A zip with one byte of the first occurrence of a text changed. */
function changed(archive: Uint8Array, text: string): Uint8Array {
  const copy = Buffer.from(archive);
  const at = copy.indexOf(text);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

type ArchiveRow = [
  what: string,
  content: () => Uint8Array | Promise<Uint8Array>,
  expected: string[] | string,
  limits?: Partial<UnpackLimits>,
];

describe('an archive', () => {
  it.each<ArchiveRow>([
    ['zip', () => zipOf({ 'a/b.txt': 'b', 'c.txt': '' }), ['a/b.txt', 'c.txt']],
    [
      'tar',
      () =>
        tarOf([
          { name: './a/', type: 'directory' },
          { name: './a/b.txt', content: 'b' },
        ]),
      ['a/b.txt'],
    ],
    ['tar.gz', async () => gzipSync(await tarOf([{ name: 'x', content: 'y' }])), ['x']],
    ['one file in gzip', () => gzipSync('text'), ['archive']],
    [
      'a long name in pax',
      () => tarOf([{ name: `${'n'.repeat(120)}/${'m'.repeat(120)}`, content: '1' }]),
      [`${'n'.repeat(120)}/${'m'.repeat(120)}`],
    ],
    ['a text', () => Buffer.from('hello'), 'unknown-format'],
    ['nothing at all', () => Buffer.alloc(0), 'unknown-format'],
    ['zip without a member', () => zipSync({}), 'empty'],
    ['bzip2', () => Buffer.from('BZh91AY'), 'unsupported-format'],
    ['zip with a path upwards', () => zipOf({ '../x': '1' }), 'path'],
    ['zip with a path upwards as Windows writes it', () => zipOf({ 'a\\..\\..\\x': '1' }), 'path'],
    ['zip with an absolute path', () => zipOf({ '/x': '1' }), 'path'],
    ['zip with a drive', () => zipOf({ 'C:/x': '1' }), 'path'],
    ['tar with a path upwards', () => tarOf([{ name: 'a/../../x', content: '1' }]), 'path'],
    ['a name of 300 bytes', () => zipOf({ ['n'.repeat(300)]: '1' }), 'path'],
    ['zip with a symbolic link', () => zipSync({ link: [bytes('/etc'), { os: 3, attrs: 0o120777 << 16 }] }), 'symlink'],
    ['tar with a symbolic link', () => tarOf([{ name: 'a', type: 'symlink', linkname: '/etc' }]), 'symlink'],
    ['tar with a hard link', () => tarOf([{ name: 'a', type: 'link', linkname: '/etc/passwd' }]), 'link'],
    ['tar with a device', () => tarOf([{ name: 'a', type: 'character-device' }]), 'special-file'],
    ['tar with a pipe', () => tarOf([{ name: 'a', type: 'fifo' }]), 'special-file'],
    [
      'tar with a file twice',
      () =>
        tarOf([
          { name: 'a', content: '1' },
          { name: './a', content: '2' },
        ]),
      'duplicate',
    ],
    [
      'tar with a file that is a folder, too',
      () =>
        tarOf([
          { name: 'a', content: '1' },
          { name: 'a/b', content: '2' },
        ]),
      'duplicate',
    ],
    ['zip with a wrong CRC', () => changed(zipSync({ a: [bytes('content'), { level: 0 }] }), 'content'), 'checksum'],
    ['zip, cut off', () => zipOf({ 'a.txt': 'text' }).subarray(0, 60), 'damaged'],
    [
      'tar, cut off',
      async () => (await tarOf([{ name: 'a', content: 'x'.repeat(5000) }])).subarray(0, 2000),
      'damaged',
    ],
    [
      'tar.gz, cut off',
      async () => gzipSync(await tarOf([{ name: 'a', content: 'x'.repeat(5000) }])).subarray(0, 60),
      'damaged',
    ],
    ['too many members', () => zipOf({ a: '', b: '', c: '' }), 'limit', { entries: 2 }],
    ['too many bytes', () => zipOf({ a: 'x'.repeat(100) }), 'limit', { bytes: 99 }],
    ['too much from too little', () => gzipSync(Buffer.alloc(20_000_000)), 'limit', { ratio: 10 }],
  ])('%s', async (_, content, expected, limits) => {
    expect(await unpacked(await content(), limits)).toEqual(expected);
  });

  it('is never unpacked over what is there', async () => {
    const folder = writeTree(await temporaryFolder(), { 'into/mine': '1', 'a.zip': zipOf({ mine: '2' }) });
    await expect(unpackArchive(path.join(folder, 'a.zip'), path.join(folder, 'into'))).rejects.toThrow();
    expect(readFileSync(path.join(folder, 'into/mine'), 'utf8')).toBe('1');
  });
});

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
    const findings = await unpackWithin(folder);
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
    const [found] = await unpackWithin(folder, { limits: { depth: 1 } });
    expect(found?.code).toBe('limit');
    expect(await namesIn(folder)).toEqual(['a/b.zip']);
  });
});

const programs: Readonly<Record<string, (folder: string, file: string) => readonly [string, ...string[]]>> = {
  zip: (_, file) => ['zip', '-qr', `${file}.zip`, '.'],
  'tar --format=gnu': (_, file) => ['tar', '--format=gnu', '-cf', `${file}.tar`, '.'],
  'tar --format=pax': (_, file) => ['tar', '--format=pax', '-czf', `${file}.tgz`, '.'],
  '7z a -tzip': (_, file) => ['7z', 'a', '-tzip', '-bd', `${file}.zip`, '.'],
  'python3 -m zipfile': (folder, file) => [
    'python3',
    '-m',
    'zipfile',
    '-c',
    `${file}.zip`,
    ...readdirSync(folder).map((name) => `./${name}`),
  ],
};
const isThere = (program: string): boolean =>
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, program.split(' ')[0] ?? '')));

const name = fc
  .string({ unit: fc.constantFrom('a', 'b', 'ü', ' ', '.', '1', '-'), minLength: 1, maxLength: 9 })
  .filter((text) => !/^[-.]|[ .]$/.test(text));
const randomTree = fc.uniqueArray(fc.tuple(name, name, fc.uint8Array({ maxLength: 2000 })), {
  minLength: 1,
  maxLength: 5,
  selector: ([folder]) => folder.toLowerCase(),
});

describe.each(Object.entries(programs))('what %s packs', (program, command) => {
  it.skipIf(!isThere(program))(`is unpacked as it was (skipped without ${program})`, async () => {
    await fc.assert(
      fc.asyncProperty(randomTree, async (files) => {
        const place = await temporaryFolder();
        const folder = path.join(place, 'tree');
        mkdirSync(folder);
        writeTree(folder, Object.fromEntries(files.map(([above, below, content]) => [`${above}/${below}`, content])));
        const [executable, ...args] = command(folder, path.join(place, 'packed'));
        execFileSync(executable, args, { cwd: folder, stdio: 'pipe' });
        const packed = readdirSync(place).find((entry) => entry.startsWith('packed')) ?? '';
        await unpackArchive(path.join(place, packed), path.join(place, 'out'));
        expect(await namesIn(path.join(place, 'out'))).toEqual(await namesIn(folder));
        for (const file of await namesIn(folder))
          expect(readFileSync(path.join(place, 'out', file)).equals(readFileSync(path.join(folder, file)))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});

const shared = path.resolve(import.meta.dirname, '../../../../shared/corpus/bagit');
interface Handed {
  readonly outcome: 'ok' | 'failed';
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
  readonly or?: { readonly isArchive: Handed };
}

describe.skipIf(!existsSync(shared))('archives of the corpus (skipped without the shared folder)', () => {
  const all: readonly ArchiveCase[] = existsSync(shared)
    ? (JSON.parse(readFileSync(path.join(shared, 'cases.json'), 'utf8')) as ArchiveCase[])
    : [];
  it.each(all.filter(({ kind }) => kind === 'archive'))('$file', async ({ file, limits, isArchive, or }) => {
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
    const root = await rootOf(into);
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
    expect(statSync(root).isDirectory()).toBe(true);
  });
});
