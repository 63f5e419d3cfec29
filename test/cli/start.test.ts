import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const data = mkdtempSync(join(tmpdir(), 'imsc-start-'));
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
});

const start = async (): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/start.mjs', '--data', data], { cwd: root });
  return stdout;
};

test('npm start ingests the sample, shows the dataset and ends; the second time it is already there', async () => {
  const first = await start();
  expect(first).toContain('with the schema CODA');
  expect(first).toMatch(/principalInvestigator +Maren Solberg/);
  expect(first).toMatch(/Team +Maren Solberg, Šárka Nováčková/);
  expect(first).toMatch(/Sample temperature +4\.02 K/);
  expect(first).toMatch(/raw\/443604_00001017\.nxs +28159 bytes/);

  const second = await start();
  expect(second).toContain('already there');
  expect(second).toMatch(/numberOfFiles +2\n/);
  expect(readdirSync(join(data, 'catalogue', 'datasets'))).toHaveLength(1);
  expect(readdirSync(join(data, 'catalogue', 'origdatablocks'))).toHaveLength(1);
});
