import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDigest } from '../../../../core/files/digest.ts';
import { checkBag } from '../../../../core/packages/bags/bag.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';
import { bagTree, codes, digest, writeTree } from '../packageCase.ts';
import type { Tree } from '../packageCase.ts';

const temporaryFolder = temporaryFolders();

const sums = (algorithm: string, tree: Tree, mark = '  '): string =>
  Object.entries(tree)
    .map(([name, content]) => `${digest(algorithm, content)}${mark}${name}\n`)
    .join('');
const one = { 'data/one.txt': '1' };

interface BagCase {
  readonly what: string;
  readonly tree: Tree;
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
  /** Where it differs from having no errors. */
  readonly complete?: boolean;
}

const cases: readonly BagCase[] = [
  { what: 'sound', tree: bagTree() },
  {
    what: 'digests in capitals',
    tree: bagTree(
      { 'manifest-sha256.txt': sums('sha256', one).toUpperCase().replace('DATA/ONE.TXT', 'data/one.txt') },
      one,
    ),
  },
  { what: 'a changed file', tree: bagTree({ 'data/counts.txt': '4 8 16\n' }), errors: ['checksum'], complete: true },
  { what: 'a file too few', tree: bagTree({ 'data/counts.txt': undefined }), errors: ['missing'] },
  { what: 'a file too many', tree: bagTree({ 'data/more.txt': '' }), errors: ['unlisted'] },
  { what: 'no bagit.txt', tree: bagTree({ 'bagit.txt': undefined }), errors: ['declaration'] },
  {
    what: 'blanks before the colons of version 1.0',
    tree: bagTree({ 'bagit.txt': 'BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n' }),
    errors: ['declaration'],
  },
  {
    what: 'a version that nobody knows',
    tree: bagTree({ 'bagit.txt': 'BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n' }),
    errors: ['declaration'],
  },
  {
    what: 'a third line in bagit.txt',
    tree: bagTree({ 'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: x\n' }),
    errors: ['declaration'],
  },
  {
    what: 'an encoding that nobody knows',
    tree: bagTree({ 'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: EBCDIC-X\n' }),
    errors: ['encoding', 'unlisted'],
  },
  {
    what: 'a manifest that is not UTF-8',
    tree: bagTree({ 'manifest-sha256.txt': new Uint8Array([0xff, 0xfe, 0xff]) }),
    errors: ['encoding', 'unlisted'],
  },
  { what: 'no manifest', tree: bagTree({ 'manifest-sha256.txt': undefined }), errors: ['no-manifest', 'unlisted'] },
  {
    what: 'no data folder',
    tree: { 'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n', 'manifest-sha256.txt': '' },
    errors: ['no-data-folder'],
  },
  {
    what: 'a line without a path',
    tree: bagTree({ 'manifest-sha256.txt': `${sums('sha256', one)}abcd\n` }, one),
    errors: ['manifest-line'],
  },
  {
    what: 'a digest that is cut off',
    tree: bagTree({ 'manifest-sha256.txt': sums('sha256', one).slice(4) }, one),
    errors: ['manifest-line', 'unlisted'],
  },
  {
    what: 'a path upwards',
    tree: bagTree({ 'manifest-sha256.txt': `${sums('sha256', one)}${digest('sha256', '')}  data/../../etc/x\n` }, one),
    errors: ['path'],
  },
  {
    what: 'a path of Windows',
    tree: bagTree({ 'manifest-sha256.txt': `${sums('sha256', one)}${digest('sha256', '')}  D:\\x\n` }, one),
    errors: ['path'],
  },
  {
    what: 'a path of Windows upwards',
    tree: bagTree({ 'manifest-sha256.txt': `${sums('sha256', one)}${digest('sha256', '')}  data\\..\\..\\x\n` }, one),
    errors: ['path'],
  },
  {
    what: 'listed twice in version 1.0',
    tree: bagTree({ 'manifest-sha256.txt': sums('sha256', one).repeat(2) }, one),
    errors: ['duplicate'],
  },
  {
    what: 'two manifests, a file in one of them',
    tree: bagTree({ 'manifest-sha512.txt': sums('sha512', { 'data/counts.txt': '4 8 15\n' }) }),
    errors: ['manifests-disagree'],
  },
  {
    what: 'md5 alone',
    tree: bagTree({ 'manifest-sha256.txt': undefined, 'manifest-md5.txt': sums('md5', one) }, one),
    warnings: ['weak-algorithm'],
  },
  { what: 'md5 beside sha256', tree: bagTree({ 'manifest-md5.txt': sums('md5', one) }, one) },
  {
    what: 'an algorithm that nobody knows',
    tree: bagTree({ 'manifest-crc7.txt': '00  data/one.txt\n' }, one),
    errors: ['algorithm'],
  },
  {
    what: 'adler32, misspelt',
    tree: bagTree({ 'manifest-sha256.txt': undefined, 'manifest-alder32.txt': '00320032  data/one.txt\n' }, one),
    warnings: ['misspelled-manifest', 'weak-algorithm'],
  },
  {
    what: 'a Payload-Oxum that is not right',
    tree: bagTree({ 'bag-info.txt': 'Payload-Oxum: 12.2\n' }),
    errors: ['oxum'],
    complete: true,
  },
  { what: 'a Payload-Oxum that is right', tree: bagTree({ 'bag-info.txt': 'Payload-Oxum: 13.2\n' }) },
  {
    what: 'two of them',
    tree: bagTree({ 'bag-info.txt': 'Payload-Oxum: 13.2\nPayload-Oxum: 13.2\n' }),
    errors: ['bag-info'],
  },
  {
    what: 'a line of bag-info.txt without a colon',
    tree: bagTree({ 'bag-info.txt': 'hello\n' }),
    errors: ['bag-info'],
  },
  { what: 'bag-info.txt with a line that goes on', tree: bagTree({ 'bag-info.txt': 'Contact: one\n   two\n' }) },
  {
    what: 'a changed tag file',
    tree: bagTree({
      'bag-info.txt': 'A: b\n',
      'tagmanifest-sha256.txt': `${digest('sha256', 'A: c\n')}  bag-info.txt\n`,
    }),
    errors: ['checksum'],
    complete: true,
  },
  {
    what: 'a tag manifest that lists the payload',
    tree: bagTree({ 'tagmanifest-sha256.txt': sums('sha256', one) }, one),
    errors: ['tag-manifest'],
  },
  {
    what: 'a file that would be fetched',
    tree: bagTree({ 'fetch.txt': 'http://example.org/x 4 data/far.txt\n' }),
    errors: ['fetch'],
  },
  { what: 'a fetched file that is here', tree: bagTree({ 'fetch.txt': 'http://example.org/x - data/one.txt\n' }, one) },
  {
    what: 'names with marks of md5sum',
    tree: bagTree({ 'manifest-sha256.txt': sums('sha256', one, ' *') }, one),
    warnings: ['md5sum-mark'],
  },
  {
    what: './ in version 1.0',
    tree: bagTree({ 'manifest-sha256.txt': sums('sha256', { './data/one.txt': '1' }) }, one),
    errors: ['path', 'unlisted'],
  },
  {
    what: './ before version 1.0',
    tree: bagTree(
      {
        'bagit.txt': 'BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n',
        'manifest-sha256.txt': sums('sha256', { './data/one.txt': '1' }),
      },
      one,
    ),
    warnings: ['dot-slash'],
  },
  {
    what: 'listed twice before version 1.0',
    tree: bagTree(
      {
        'bagit.txt': 'BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n',
        'manifest-sha256.txt': sums('sha256', one).repeat(2),
      },
      one,
    ),
    warnings: ['duplicate'],
  },
  {
    what: 'escapes of line ends and per cent signs',
    tree: bagTree(
      { 'manifest-sha256.txt': `${digest('sha256', 'x')}  data/50%25%0Aoff%7E.txt\n`, 'data/50%\noff%7E.txt': 'x' },
      {},
    ),
  },
  { what: 'capitals alone apart', tree: bagTree({}, { 'data/A.txt': '', 'data/a.txt': '' }), warnings: ['case'] },
  {
    what: 'letters composed in another way',
    tree: bagTree({ 'manifest-sha256.txt': sums('sha256', { 'data/u\u0308.txt': '1' }), 'data/\u00fc.txt': '1' }, {}),
    warnings: ['normalization'],
  },
  { what: 'a file that a system made', tree: bagTree({}, { 'data/Thumbs.db': '' }), warnings: ['system-file'] },
  { what: 'a name that Windows cannot have', tree: bagTree({}, { 'data/aux.txt': '' }), warnings: ['unportable-name'] },
  { what: 'a table of metadata beside bagit.txt', tree: bagTree({ 'ark-file-meta.csv': 'id,type,parent_id\n' }) },
  {
    what: 'CR LF and no last line end',
    tree: bagTree(
      {
        'bagit.txt': 'BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8',
        'manifest-sha256.txt': sums('sha256', one).trimEnd(),
      },
      one,
    ),
  },
  {
    what: 'Latin-1',
    tree: bagTree(
      {
        'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: ISO-8859-1\n',
        'manifest-sha256.txt': Buffer.from(sums('sha256', { 'data/\u00fc.txt': '1' }), 'latin1'),
        'data/\u00fc.txt': '1',
      },
      {},
    ),
  },
  {
    what: 'UTF-16 with a mark',
    tree: bagTree(
      {
        'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n',
        'manifest-sha256.txt': Buffer.from(`\ufeff${sums('sha256', one)}`, 'utf16le'),
      },
      one,
    ),
  },
];

describe('a bag', () => {
  it.each(cases)('$what', async ({ tree, errors = [], warnings = [], complete = errors.length === 0 }) => {
    const report = await checkBag(writeTree(await temporaryFolder(), tree));
    expect({ errors: codes(report, 'error'), warnings: codes(report, 'warning') }).toEqual({ errors, warnings });
    expect({ complete: report.complete, valid: report.valid }).toEqual({ complete, valid: errors.length === 0 });
  });

  it('is refused with md5 where strict checksums are asked for', async () => {
    const tree = bagTree({ 'manifest-sha256.txt': undefined, 'manifest-md5.txt': sums('md5', one) }, one);
    const report = await checkBag(writeTree(await temporaryFolder(), tree), { strictChecksums: true });
    expect(codes(report, 'error')).toEqual(['algorithm']);
  });

  it('does not follow a link in its payload', async () => {
    const folder = writeTree(await temporaryFolder(), bagTree());
    rmSync(path.join(folder, 'data/counts.txt'));
    symlinkSync('/etc/hostname', path.join(folder, 'data/counts.txt'));
    expect(codes(await checkBag(folder), 'error')).toContain('symlink');
  });

  it('says where a mistake is', async () => {
    const folder = writeTree(
      await temporaryFolder(),
      bagTree({ 'manifest-sha256.txt': `${sums('sha256', one)}nonsense\n` }, one),
    );
    const [found] = (await checkBag(folder)).findings;
    expect(found).toMatchObject({ file: 'manifest-sha256.txt', line: 2 });
  });

  it('tells each of 200,000 mistakes', async () => {
    const manifest = sums('sha256', one) + 'nonsense\n'.repeat(200_000);
    const folder = writeTree(await temporaryFolder(), bagTree({ 'manifest-sha256.txt': manifest }, one));
    expect((await checkBag(folder)).findings).toHaveLength(200_000);
  });

  it('tells how far it is, and stops when it is told to', async () => {
    const folder = writeTree(await temporaryFolder(), bagTree());
    const seen: number[] = [];
    await checkBag(folder, { onProgress: ({ bytesDone }) => seen.push(bytesDone) });
    expect(seen.at(-1)).toBe(13);
    await expect(checkBag(folder, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  });
});

describe('checksums of bags', () => {
  const known: Readonly<Record<string, string>> = {
    md5: '900150983cd24fb0d6963f7d28e17f72',
    sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    adler32: '024d0127',
  };
  it.each(Object.entries(known))('%s of “abc”, in pieces', (algorithm, expected) => {
    const running = startDigest(algorithm, 3);
    running?.update(Buffer.from('a'));
    running?.update(Buffer.from('bc'));
    expect(running?.digest()).toBe(expected);
  });

  it('adler32 of a megabyte of the highest bytes', () => {
    const running = startDigest('adler32', 1_000_000);
    running?.update(new Uint8Array(1_000_000).fill(255));
    // As zlib.adler32 of Python says.
    expect(running?.digest()).toBe('3843e1be');
  });
});

const shared = path.resolve(import.meta.dirname, '../../../../../shared/corpus/bagit');
interface Expected {
  readonly complete: boolean;
  readonly valid: boolean;
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[];
}

describe.skipIf(!existsSync(shared))('bags of the corpus (skipped without the shared folder)', () => {
  async function compare(folder: string, expected: Expected): Promise<void> {
    const report = await checkBag(folder);
    expect({ complete: report.complete, valid: report.valid }).toEqual({
      complete: expected.complete,
      valid: expected.valid,
    });
    expect(codes(report, 'error')).toEqual(expect.arrayContaining([...(expected.errors ?? [])]));
    if (expected.warnings) expect(codes(report, 'warning')).toEqual([...expected.warnings].sort());
  }

  it('the public conformance suite', async () => {
    const folder = await temporaryFolder();
    execFileSync('tar', ['xf', path.join(shared, 'suite.tar'), '-C', folder]);
    const all = JSON.parse(readFileSync(path.join(shared, 'suite.json'), 'utf8')) as (Expected & {
      readonly bag: string;
    })[];
    for (const expected of all) await compare(path.join(folder, expected.bag), expected);
    expect(all).toHaveLength(60);
  });

  it('our own cases', async () => {
    const all = JSON.parse(readFileSync(path.join(shared, 'cases.json'), 'utf8')) as (Expected & {
      readonly kind: string;
      readonly name: string;
      readonly file: string;
      readonly root: string;
    })[];
    for (const expected of all.filter(({ kind }) => kind === 'bag')) {
      const folder = path.join(await temporaryFolder(), expected.name);
      mkdirSync(folder);
      execFileSync('tar', ['xf', path.join(shared, expected.file), '-C', folder]);
      await compare(path.join(folder, expected.root), expected);
    }
  });
});
