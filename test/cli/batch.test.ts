import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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

describe('checksums that two calls share', () => {
  const large = path.join(root, 'coda/2025/443604/raw/large.nxs');
  const shared = path.join(root, 'checksums');
  const chkOf = (stdout: string): unknown => {
    const { files } = JSON.parse(stdout) as { files: { path: string; chk: unknown }[] };
    return files.find((each) => each.path.endsWith('large.nxs'))?.chk;
  };
  const dryRun = () => run('dry-run', '--nexus-file', large, '--share-checksums', shared, '--offline', '--json');

  test('are made once, as long as the file stays as it is', async () => {
    cpSync(coda, large);
    appendFileSync(large, Buffer.alloc(1_000_000));
    const made = chkOf((await dryRun()).stdout);
    expect(made).toMatch(/^[0-9a-f]{128}$/);
    expect(statSync(shared).mode & 0o777).toBe(0o600);
    // Another one in its place shows who made what is reported.
    const left = readFileSync(shared, 'utf8');
    writeFileSync(shared, left.replace(String(made), 'ab'));
    expect(chkOf((await dryRun()).stdout)).toBe('ab');
    const later = new Date(Date.now() + 5000);
    utimesSync(large, later, later);
    expect(chkOf((await dryRun()).stdout)).toBe(made);
  });

  test.each([
    '',
    'no JSON\n',
    '["a"]\n',
    '{}\n[1,2,3,4,5,6]\n',
    `${JSON.stringify([large, 'blake2b', 'x', 'y', 'z', 'no'])}\n`,
  ])('are made where %j is all that was left', async (text) => {
    writeFileSync(shared, text);
    expect(chkOf((await dryRun()).stdout)).toMatch(/^[0-9a-f]{128}$/);
  });
});
