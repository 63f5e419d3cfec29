import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/temporaryFolder.ts';
import { isThere } from '../unit/packages/packageCase.ts';
import { imsc, imscProgram } from './imsc.ts';

const temporaryFolder = temporaryFolders();

it('a bag that is made is valid; changed, it is not', async () => {
  const folder = await temporaryFolder();
  writeFileSync(path.join(folder, 'run.txt'), 'one');
  const made = await imsc(['bag', 'make', folder, '--info', 'Contact-Name=Jo', '--algorithm', 'sha512', 'adler32']);
  expect(made).toMatchObject({ code: 0, stdout: `${folder} is a bag now (1 file, 3 bytes).\n` });
  expect(readFileSync(path.join(folder, 'bag-info.txt'), 'utf8')).toContain('Contact-Name: Jo\n');
  expect((await imsc(['bag', 'check', folder])).stdout).toBe(`${folder}: valid (version 1.0, 1 file, 3 bytes)\n`);
  writeFileSync(path.join(folder, 'data/run.txt'), 'two');
  const { code, stdout } = await imsc(['bag', 'check', folder, '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    bags: [{ complete: true, valid: false, findings: [{ code: 'checksum' }, { code: 'checksum' }] }],
  });
});

it('an archive is checked without leaving anything behind', async () => {
  const folder = await temporaryFolder();
  writeFileSync(path.join(folder, 'run.txt'), 'one');
  await imsc(['bag', 'make', folder]);
  const archive = path.join(await temporaryFolder(), 'bag.tar.gz');
  execFileSync('tar', ['czf', archive, '-C', folder, '.']);
  const place = await temporaryFolder();
  const { code, stdout } = await imsc(['bag', 'check', archive], { TMPDIR: place });
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${archive}: valid (version 1.0, 1 file, 3 bytes)\n` });
  expect(readdirSync(place)).toEqual([]);
});

it('says that there is no place to unpack an archive', async () => {
  const folder = await temporaryFolder();
  writeFileSync(path.join(folder, 'run.txt'), 'one');
  execFileSync('tar', ['czf', 'bag.tar.gz', 'run.txt'], { cwd: folder });
  const { code, stderr } = await imsc(['bag', 'check', 'bag.tar.gz'], { TMPDIR: path.join(folder, 'none') }, folder);
  expect(code).toBe(1);
  expect(stderr).toMatch(/bag\.tar\.gz cannot be unpacked in .*none: it does not exist\. Set TMPDIR/);
});

it('a table of metadata beside bagit.txt is checked, too', async () => {
  const folder = await temporaryFolder();
  writeFileSync(path.join(folder, 'run.txt'), 'one');
  await imsc(['bag', 'make', folder]);
  writeFileSync(path.join(folder, 'ark-file-meta.csv'), 'id,type,parent_id\nother.txt,F,\n');
  const { code, stdout } = await imsc(['bag', 'check', folder]);
  expect(code).toBe(1);
  expect(stdout).toContain('ark-file-meta.csv, line 2: other.txt is not among the files of the payload.');
});

it.each([
  [['check', 'x', '--algorithm', 'md5'], /belong to “imsc bag make”/],
  [['make', 'x', '--strict'], /belongs to “imsc bag check”/],
  [['make', 'x', '--info', 'nothing'], /label=value/],
  [['pack', 'x'], /check, make/],
])('%j is wrong usage', async (args, said) => {
  const folder = await temporaryFolder();
  const { code, stderr } = await imsc(['bag', ...args], {}, folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(said);
  expect(existsSync(path.join(folder, 'x'))).toBe(false);
});

/** A file of so many bytes that takes no room: what is read of it are zeros. */
function bigFile(file: string, bytes: number): void {
  writeFileSync(file, '');
  truncateSync(file, bytes);
}

describe.skipIf(!isThere('python3'))('Ctrl-C in a terminal (skipped without python3)', () => {
  const bytes = 20_000_000_000;
  interface Shown {
    readonly code: number;
    readonly pressed: boolean;
    readonly shown: string;
  }
  /** Presses Ctrl-C as soon as a text is shown. */
  function pressed(expected: RegExp, args: readonly string[], env: Readonly<Record<string, string>> = {}): Shown {
    const script = path.join(import.meta.dirname, 'inTerminal.py');
    const all = [script, expected.source, process.execPath, imscProgram, 'bag', ...args];
    return JSON.parse(execFileSync('python3', all, { encoding: 'utf8', env: { ...process.env, ...env } })) as Shown;
  }

  it('ends the check of a big bag', async () => {
    const folder = await temporaryFolder();
    mkdirSync(path.join(folder, 'data'));
    bigFile(path.join(folder, 'data/big.dat'), bytes);
    writeFileSync(path.join(folder, 'bagit.txt'), 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
    writeFileSync(path.join(folder, 'manifest-sha256.txt'), `${'0'.repeat(64)}  data/big.dat\n`);
    const { code, shown } = pressed(/[1-9]\s%/, ['check', folder]);
    expect(shown).toContain('Called off.');
    expect(code).toBe(130);
  });

  it('ends the check of a big archive, and nothing of it stays', async () => {
    const folder = await temporaryFolder();
    const place = await temporaryFolder();
    // Not more than half of what is free in most places.
    const archived = 4_000_000_000;
    const header = pack();
    header.entry({ name: 'bag/data/big.dat', size: archived });
    const [head] = (await once(header, 'data')) as [Buffer];
    header.destroy();
    const archive = path.join(folder, 'bag.tar');
    writeFileSync(archive, head);
    truncateSync(archive, 512 + archived + 1024);
    const { code, shown } = pressed(/unpacked [1-9]/, ['check', archive], { TMPDIR: place });
    expect(shown).toContain('Called off.');
    expect(code).toBe(130);
    expect(readdirSync(place)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['bag.tar']);
  });

  it('ends the making of a big bag, and the folder is as it was', async () => {
    const folder = await temporaryFolder();
    bigFile(path.join(folder, 'big.dat'), bytes);
    const { code, shown } = pressed(/[1-9]\s%/, ['make', folder]);
    expect(shown).toContain('Called off.');
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual(['big.dat']);
  });
});
