import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../support/temporaryFolder.ts';
import { imsc } from './imsc.ts';

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
