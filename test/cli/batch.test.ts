import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { imsc } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-batch-'));
const coda = path.join(root, 'coda/2025/443604/raw/443604_00001017.nxs');
const loki = path.join(root, 'loki/2025/443618/raw/443618_00000291.nxs');
const broken = path.join(root, 'coda/broken.nxs');
let sandbox: Sandbox;

beforeAll(async () => {
  cpSync(path.join(samples, 'data'), root, { recursive: true });
  writeFileSync(broken, 'no HDF5');
  sandbox = await startSandbox({});
});
afterAll(async () => {
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

const run = (...args: string[]) => {
  const retries = ['--ingestion.file-handling.data-file-open-max-tries', '0'];
  const delays = ['--ingestion.file-handling.data-file-open-retry-delay=1'];
  const config = ['-c', path.join(samples, 'config.yml'), '--scicat.host', sandbox.baseUrl];
  const env = { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, 'journal') };
  return imsc([...args.slice(0, 1), ...config, ...retries, ...delays, ...args.slice(1)], env, samples);
};

describe('several files in one call', () => {
  test('what can be ingested is, the rest is said', async () => {
    expect((await run('ingest', '--nexus-file', coda)).code).toBe(0);
    const planned = await run('dry-run', '--nexus-file', loki, '--nexus-file', coda);
    expect(planned.code).toBe(0);
    expect(planned.stdout).toContain('2 files: 1 would be new, 1 already there, 0 cannot be ingested.');
    const { code, stdout } = await run('ingest', broken, coda, loki, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'failed',
      summary: { new: 1, present: 1, failed: 1 },
      ingestions: [
        { file: broken, report: { outcome: 'failed', pid: null } },
        { file: coda, report: { outcome: 'already-present' } },
        { file: loki, report: { outcome: 'ingested' } },
      ],
    });
    expect(sandbox.documents('datasets')).toHaveLength(2);
  });

  test.each([
    ['--include', root],
    ['--done-writing-message-file', coda],
  ])('%s is about one of them', async (...option) => {
    const { code, stderr } = await run('ingest', coda, loki, ...option);
    expect(code).toBe(2);
    expect(stderr).toContain(`${option[0]} belongs to one data file`);
  });
});
