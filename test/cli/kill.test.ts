import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../core/scicat/sandbox/sandbox.ts';
import type { Sandbox } from '../../core/scicat/sandbox/sandbox.ts';
import { imsc, startImsc } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import type { KillingProxy, KillPoint } from './killingProxy.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const moreFiles = 7;
const filesPerBlock = 3;
/** The data file, its checksum file and seven more, three to a block. */
const blocks = Math.ceil((2 + moreFiles) / filesPerBlock);

let folder: string;
let sandbox: Sandbox;
let proxy: KillingProxy;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imsc-kill-'));
  cpSync(path.join(samples, 'data/coda'), path.join(folder, 'coda'), { recursive: true });
  mkdirSync(path.join(folder, 'coda/2025/443604/logs'));
  for (let index = 0; index < moreFiles; index++) {
    writeFileSync(path.join(folder, `coda/2025/443604/logs/${index}.log`), `line ${index}\n`);
  }
});
afterEach(async () => {
  await proxy.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const points: readonly KillPoint[] = Array.from({ length: blocks + 1 }, (_, write) => [
  { write, when: 'before' } as const,
  { write, when: 'after' } as const,
]).flat();

/** Both ways in which SciCat adds up the sizes of origDatablocks. */
describe.each(['5.2', 'master'] as const)('SciCat %s', (version) => {
  beforeEach(async () => {
    sandbox = await startSandbox({ version });
    proxy = await startKillingProxy(sandbox.baseUrl);
  });

  test.each(points)('killed $when write $write, then resumed: one dataset, each file once', async (point) => {
    const env = { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(folder, 'journal') };
    const data = path.join(folder, 'coda/2025/443604/raw/443604_00001017.nxs');
    const run = startImsc(
      [
        ...['ingest', '-c', path.join(samples, 'config.yml'), '--nexus-file', data, '--scicat.host', proxy.host],
        ...[
          '--ingestion.max-files-per-block',
          String(filesPerBlock),
          '--include',
          path.join(folder, 'coda/2025/443604/logs'),
        ],
      ],
      env,
      samples,
    );
    proxy.arm(point, () => run.child.kill('SIGKILL'));
    expect((await run.finished).signal).toBe('SIGKILL');

    proxy.arm(undefined, () => undefined);
    const resumed = await imsc(['resume', '-c', path.join(samples, 'config.yml'), '--json'], env, samples);
    expect(resumed.stderr).not.toMatch(/error/);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ runs: [{ outcome: 'ingested' }] });

    const datasets = sandbox.documents('datasets');
    const stored = sandbox.documents('origdatablocks');
    const paths = stored.flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => file.path));
    expect(datasets).toHaveLength(1);
    expect(stored).toHaveLength(blocks);
    expect(new Set(paths).size).toBe(2 + moreFiles);
    expect(paths).toHaveLength(2 + moreFiles);
    expect(datasets[0]).toMatchObject({
      numberOfFiles: 2 + moreFiles,
      size: stored.reduce((sum, { size }) => sum + Number(size), 0),
    });
    // Nothing is left to resume.
    const again = await imsc(['resume', '-c', path.join(samples, 'config.yml'), '--json'], env, samples);
    expect(JSON.parse(again.stdout)).toMatchObject({ runs: [] });
  });
});
