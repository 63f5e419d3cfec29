import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import type { UnpackLimits } from '../../../core/packages/archives/allowance.ts';
import { PackageError } from '../../../core/packages/packageError.ts';
import { unpackArchive } from '../../../core/packages/unpack.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';
import { bytes, isThere, namesIn, replaced, tarOf, writeTree, zipOf } from './packageCase.ts';

const temporaryFolder = temporaryFolders();

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
    ['zip with names as Windows writes them', () => replaced(zipOf({ 'a_b.txt': 'b' }), '_', '\\', 'all'), ['a/b.txt']],
    ['zip with names that begin like a home', () => zipOf({ '~$draft.docx': '', '%1': '' }), ['%1', '~$draft.docx']],
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
    [
      'zip with a wrong CRC',
      () => replaced(zipSync({ a: [bytes('content'), { level: 0 }] }), 'content', 'contemt', 'first'),
      'checksum',
    ],
    [
      'zip with another name where the content is',
      () => replaced(zipOf({ 'a.txt': 'text' }), 'a.txt', 'b.txt', 'first'),
      'damaged',
    ],
    ['a name of a thousand folders', () => zipOf({ [`${'n/'.repeat(3000)}x`]: '1' }), 'path'],
    ['zip, cut off', () => zipOf({ 'a.txt': 'text' }).subarray(0, 60), 'damaged'],
    [
      'tar, cut off',
      async () => (await tarOf([{ name: 'a', content: 'x'.repeat(5000) }])).subarray(0, 2000),
      'damaged',
    ],
    [
      'tar, cut off between two members',
      async () => (await tarOf([{ name: 'a', content: 'x' }])).subarray(0, 1024),
      'damaged',
    ],
    [
      'tar.gz, cut off',
      async () => gzipSync(await tarOf([{ name: 'a', content: 'x'.repeat(5000) }])).subarray(0, 60),
      'damaged',
    ],
    [
      'zip with a member that is longer than it says',
      () => {
        const archive = Buffer.from(zipOf({ a: 'x'.repeat(1000) }));
        // The size is told in the header of the member and in the directory, 22 and 24 bytes from where they begin.
        archive.writeUInt32LE(999, archive.indexOf('PK\x01\x02', 0, 'latin1') + 24);
        return archive;
      },
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

const programs: Readonly<Record<string, (folder: string, file: string) => readonly [string, ...string[]]>> = {
  zip: (_, file) => ['zip', '-qr', `${file}.zip`, '.'],
  'tar --format=gnu': (_, file) => ['tar', '--format=gnu', '-cf', `${file}.tar`, '.'],
  'tar --format=pax': (_, file) => ['tar', '--format=pax', '-czf', `${file}.tgz`, '.'],
  '7z a -tzip': (_, file) => ['7z', 'a', '-tzip', '-bd', `${file}.zip`, '.'],
  '7z a': (_, file) => ['7z', 'a', '-bd', `${file}.7z`, '.'],
  'python3 -m tarfile': (folder, file) => [
    'python3',
    '-m',
    'tarfile',
    '-c',
    `${file}.tar.gz`,
    ...readdirSync(folder).map((entry) => `./${entry}`),
  ],
  'python3 -m zipfile': (folder, file) => [
    'python3',
    '-m',
    'zipfile',
    '-c',
    `${file}.zip`,
    ...readdirSync(folder).map((name) => `./${name}`),
  ],
};
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

describe('unpacking', () => {
  it('tells how far it is, and leaves nothing when it is told to stop', async () => {
    const folder = writeTree(await temporaryFolder(), {
      'a.tar': await tarOf(['1', '2', '3'].map((name) => ({ name, content: name.repeat(1_000_000) }))),
    });
    const file = path.join(folder, 'a.tar');
    const seen: unknown[] = [];
    await unpackArchive(file, path.join(folder, 'whole'), { onProgress: (told) => seen.push(told) });
    expect(seen.at(-1)).toEqual({ entries: 3, bytes: 3_000_000 });
    const controller = new AbortController();
    const reason = new Error('Called off.');
    const members = tarOf([{ name: 'small', content: 'x' }]);
    writeTree(folder, { 'b.tar': await members });
    controller.abort(reason);
    const stopped = unpackArchive(path.join(folder, 'b.tar'), path.join(folder, 'stopped'), {
      signal: controller.signal,
    });
    await expect(stopped).rejects.toBe(reason);
    expect(readdirSync(folder).sort()).toEqual(['a.tar', 'b.tar', 'whole']);
  });

  it('stops in the middle of a member', async () => {
    const folder = writeTree(await temporaryFolder(), { 'a.gz': gzipSync(Buffer.alloc(9_000_000)) });
    const controller = new AbortController();
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => performance.now() * 1000);
    const stopped = unpackArchive(path.join(folder, 'a.gz'), path.join(folder, 'a'), {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow('abort');
    clock.mockRestore();
    expect(readdirSync(folder)).toEqual(['a.gz']);
  });

  it('goes on with small members of a zip behind large ones', async () => {
    const large = new Uint8Array(1_000_000).map((_, index) => (index * index) % 251);
    const tree = { a: bytes('1'), b: large, c: bytes('2'), d: large, e: bytes('3') };
    for (const level of [0, 6] as const) {
      const folder = writeTree(await temporaryFolder(), { 'a.zip': zipSync(tree, { level }) });
      await unpackArchive(path.join(folder, 'a.zip'), path.join(folder, 'a'));
      for (const [name, content] of Object.entries(tree))
        expect(readFileSync(path.join(folder, 'a', name)).equals(content)).toBe(true);
    }
  });

  it('clears away what an interrupted one has left', async () => {
    const folder = writeTree(await temporaryFolder(), { 'a.zip': zipOf({ x: '1' }), 'a.unpacking/y': '2' });
    await unpackArchive(path.join(folder, 'a.zip'), path.join(folder, 'a'));
    expect(await namesIn(folder)).toEqual(['a.zip', 'a/x']);
  });
});

it.skipIf(!isThere('tar'))('files with holes are refused as tar stores them (skipped without tar)', async () => {
  const folder = await temporaryFolder();
  const file = openSync(path.join(folder, 'holes'), 'w');
  writeSync(file, 'x', 8_000_000);
  closeSync(file);
  for (const format of ['gnu', 'pax']) {
    execFileSync('tar', ['-S', `--format=${format}`, '-cf', `${format}.tar`, 'holes'], { cwd: folder });
    const refused = unpackArchive(path.join(folder, `${format}.tar`), path.join(folder, format));
    await expect(refused).rejects.toMatchObject({ found: { code: 'unsupported-format' } });
  }
});

it.skipIf(!isThere('tar'))('the oldest form of tar is read (skipped without tar)', async () => {
  const folder = writeTree(await temporaryFolder(), { 'tree/a.txt': 'a' });
  execFileSync('tar', ['--format=v7', '-cf', 'a.tar', 'tree'], { cwd: folder });
  await unpackArchive(path.join(folder, 'a.tar'), path.join(folder, 'a'));
  expect(await namesIn(path.join(folder, 'a'))).toEqual(['tree/a.txt']);
});

describe.skipIf(!isThere('7z'))('a 7z (skipped without 7z)', () => {
  interface SevenZip {
    readonly what: string;
    readonly options?: readonly string[];
    readonly change?: (archive: Buffer) => Buffer;
    /** The code of what is wrong; otherwise it is unpacked. */
    readonly code?: string;
  }
  /** The list of the members is at the end. */
  const flipped = (archive: Buffer, at: number): Buffer => {
    const copy = Buffer.from(archive);
    const place = at < 0 ? copy.length + at : at;
    copy[place] = (copy[place] ?? 0) ^ 1;
    return copy;
  };
  it.each<SevenZip>([
    ...['LZMA', 'LZMA2', 'PPMd', 'BZip2', 'Deflate', 'Copy'].map((method) => ({
      what: `by ${method}`,
      options: [`-m0=${method}`],
    })),
    { what: 'by Deflate64', options: ['-m0=Deflate64'], code: 'unsupported-format' },
    { what: 'with a password', options: ['-pword'], code: 'encrypted' },
    { what: 'with a password for names, too', options: ['-pword', '-mhe=on'], code: 'encrypted' },
    { what: 'cut off', change: (archive) => archive.subarray(0, -20), code: 'damaged' },
    { what: 'with a damaged list of members', change: (archive) => flipped(archive, -20), code: 'damaged' },
    { what: 'with a damaged beginning', change: (archive) => flipped(archive, 13), code: 'damaged' },
    {
      what: 'with a damaged content',
      options: ['-m0=Copy'],
      change: (archive) => flipped(archive, 40),
      code: 'checksum',
    },
  ])('$what', async ({ options = [], change, code }) => {
    const tree = { 'a/b.txt': 'some text '.repeat(50), c: '' };
    const place = writeTree(
      await temporaryFolder(),
      Object.fromEntries(Object.entries(tree).map(([name, text]) => [`tree/${name}`, text])),
    );
    const packed = path.join(place, 'packed.7z');
    execFileSync('7z', ['a', '-bd', ...options, packed, '.'], { cwd: path.join(place, 'tree'), stdio: 'pipe' });
    const archive = readFileSync(packed);
    expect(await unpacked(change?.(archive) ?? archive)).toEqual(code ?? Object.keys(tree));
  });
});
