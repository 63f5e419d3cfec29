import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScicatClient } from '../../core/scicat/client.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { imsc, startImsc } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import type { KillingProxy } from './killingProxy.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-update-'));
const coda = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');
const schema = path.join(root, 'coda.imsc.yml');
/** More are tried with `IMSC_UPDATED=200`. */
const count = Number(process.env['IMSC_UPDATED'] ?? 30);
const killedAt = Math.floor(count / 3);
const raw = path.join(root, 'coda/raw');
const files = Array.from({ length: count }, (_, index) => path.join(raw, `run${String(index).padStart(3, '0')}.nxs`));

interface Report {
  readonly updated: number;
  readonly planned: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly kept: number;
  readonly files: readonly {
    readonly file: string;
    readonly pid: string;
    readonly outcome: string;
    readonly problems: readonly unknown[];
    readonly changes: readonly { readonly field: string; readonly stored: unknown; readonly wanted: unknown }[];
    readonly kept: readonly { readonly field: string; readonly stored: unknown; readonly wanted: unknown }[];
  }[];
}

let sandbox: Sandbox;
let proxy: KillingProxy;
const env = () => ({ SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: path.join(root, 'journal') });
// All copies are of one run: each becomes a dataset of its own.
const options = () => [
  ...['-c', 'config.yml', '--scicat.host', proxy.host, '--schema', schema, '--dataset.allow-dataset-pid=false'],
  ...['--ingestion.check-if-dataset-exists-by-pid=false', '--ingestion.check-if-dataset-exists-by-metadata=false'],
  '--ingestion.file-handling.save-file-hash=false',
];
const update = async (...more: readonly string[]) => {
  const ended = await imsc(['update', ...options(), '--rate', '1000', '--json', ...more, ...files], env(), samples);
  // What went wrong is shown where a test fails.
  if (ended.code !== 0 && !more.includes('--undo')) console.error(ended.stderr);
  return { code: ended.code, ...(JSON.parse(ended.stdout) as Report) };
};
/** What SciCat holds, without the times of its changes. */
const catalogue = (): readonly string[] =>
  sandbox
    .documents('datasets')
    .map((dataset) =>
      JSON.stringify(dataset, (key, value: unknown) => (key === 'updatedAt' || key === 'history' ? undefined : value)),
    );

describe('many datasets after a change of their schema', () => {
  let before: readonly string[];
  let edited: string;

  beforeAll(async () => {
    mkdirSync(raw, { recursive: true });
    for (const file of files) cpSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs'), file);
    writeFileSync(schema, coda);
    sandbox = await startSandbox({});
    proxy = await startKillingProxy(sandbox.baseUrl);
    const ingested = await imsc(['ingest', ...options(), '--json', ...files], env(), samples);
    expect(ingested.code).toBe(0);
    expect(sandbox.documents('datasets')).toHaveLength(count);
    before = catalogue();
    writeFileSync(
      schema,
      coda.replace('measured by', 'Measured by').replace('/entry/sample/temperature', '/entry/sample/magnetic_field'),
    );
  }, 300_000);
  afterAll(async () => {
    await proxy.close();
    await sandbox.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('as they are need nothing, and nothing is sent', async () => {
    const changed = readFileSync(schema, 'utf8');
    writeFileSync(schema, coda);
    expect(await update('--yes')).toMatchObject({ code: 0, unchanged: count, updated: 0, kept: 0 });
    writeFileSync(schema, changed);
    expect(catalogue()).toEqual(before);
  });

  it('keep what has no value now, and that is said', async () => {
    const changed = readFileSync(schema, 'utf8');
    writeFileSync(schema, coda.replace('/entry/sample/temperature', '/entry/sample/nothing'));
    const found = await update('--yes');
    expect(found).toMatchObject({ code: 0, unchanged: count, updated: 0, kept: 0, failed: 0 });
    expect(found.files[0]?.problems).toEqual([
      expect.objectContaining({
        code: 'not-updated',
        severity: 'warning',
        message: expect.stringMatching(
          /^scientificMetadata\.\S+ of \S+ stays as it is in SciCat: it has no value now\. <sample_temperature> failed/,
        ) as string,
      }),
    ]);
    writeFileSync(schema, changed);
    expect(catalogue()).toEqual(before);
  });

  it('are shown with what would change, and nothing is sent', async () => {
    const found = await update();
    expect(found).toMatchObject({ code: 0, planned: count, updated: 0, failed: 0, kept: 0 });
    expect(found.files[0]?.changes.map(({ field }) => field)).toContain('description');
    expect(catalogue()).toEqual(before);
    edited = found.files[7]?.pid ?? '';
  });

  it('are updated but for what a person has changed, also when killed in the middle', async () => {
    const client = createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token });
    const { updatedAt } = sandbox.documents('datasets').find(({ pid }) => pid === edited) ?? {};
    const change = { unmodifiedSince: String(updatedAt) };
    await client.patchDataset(edited, '{"description":"Said by a person"}', change);
    before = catalogue();
    for (const when of ['before', 'after'] as const) {
      const running = startImsc(['update', ...options(), '--rate', '1000', '--yes', ...files], env(), samples);
      proxy.arm({ write: killedAt, when }, () => running.child.kill('SIGKILL'));
      expect((await running.finished).signal).toBe('SIGKILL');
      proxy.arm(undefined, () => undefined);
    }
    const found = await update('--yes');
    expect(found).toMatchObject({ code: 0, failed: 0, kept: 1 });
    expect(found.unchanged).toBeGreaterThanOrEqual(2 * killedAt);
    const descriptions = sandbox.documents('datasets').map(({ description }) => String(description));
    expect(descriptions.filter((text) => text.includes('Measured by'))).toHaveLength(count - 1);
    expect(descriptions.filter((text) => text === 'Said by a person')).toHaveLength(1);
    expect(await update('--yes')).toMatchObject({ code: 0, unchanged: count, updated: 0, kept: 1 });
  }, 300_000);

  it('are taken back: the catalogue is as it was', async () => {
    expect(await update('--undo')).toMatchObject({ code: 0, planned: count, updated: 0 });
    expect(await update('--undo', '--yes')).toMatchObject({ code: 0, updated: count, failed: 0 });
    expect(catalogue()).toEqual(before);
    expect(await update('--undo', '--yes')).toMatchObject({ code: 1, failed: count });
  }, 300_000);

  it('overwrite what a person has changed where that is asked for', async () => {
    const [file = ''] = [files[7]];
    const { stdout } = await imsc(['update', ...options(), '--overwrite', file], env(), samples);
    expect(stdout).toContain('- "Said by a person"');
    expect(stdout).toContain('Nothing was sent. With --yes it is.');
    const other = { ...env(), IMSC_JOURNAL_DIR: path.join(root, 'other') };
    const unknown = await imsc(['update', ...options(), file], other, samples);
    expect(unknown.stderr).toContain('It is not known which dataset');
  });
});

describe('one dataset', () => {
  const file = path.join(root, 'coda/one/raw/run.nxs');
  let alone: Sandbox;
  const run = (...args: readonly string[]) => {
    const config = ['-c', 'config.yml', '--scicat.host', alone.baseUrl, '--store', path.join(root, 'one')];
    const hash = '--ingestion.file-handling.save-file-hash=false';
    return imsc([...args.slice(0, 1), ...config, hash, ...args.slice(1)], { SCICAT_TOKEN: alone.token }, samples);
  };
  beforeAll(async () => {
    mkdirSync(path.dirname(file), { recursive: true });
    cpSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs'), file);
    alone = await startSandbox({});
  });
  afterAll(() => alone.close());

  it('is without a field again that an update has added, when that is taken back', async () => {
    const own = path.join(root, 'one.imsc.yml');
    writeFileSync(own, coda.replace(/ {2}description:\n(?: {4}.*\n)+/, ''));
    expect((await run('ingest', '--schema', own, file)).code).toBe(0);
    const description = () => alone.documents('datasets')[0]?.['description'];
    expect(description()).toBeUndefined();
    writeFileSync(own, coda);
    expect((await run('update', file, '--schema', own, '--yes')).stdout).toContain('1 updated');
    expect(description()).toContain('measured by');
    expect((await run('update', file, '--undo', '--yes')).stdout).toContain('1 taken back');
    expect(description() ?? null).toBeNull();
  });

  it('of a folder stays one of that folder', async () => {
    const own = path.join(root, 'folder.imsc.yml');
    const other = 'source_folder:\n    field_type: high_level\n    machine_name: sourceFolder\n    value: /elsewhere';
    const named = coda.replace('20.500.12269/<job_id>', '20.500.12269/folder');
    for (const text of [
      named.replace(/ {2}source_folder:\n(?: {4}.*\n)+/, ''),
      named.replace(/source_folder:(?:\n {4}.*){3}/, other),
    ]) {
      // prettier-ignore
      rmSync(path.join(root, 'folder'), { recursive: true, force: true });
      cpSync(path.dirname(path.dirname(file)), path.join(root, 'folder/coda'), { recursive: true });
      writeFileSync(own, text);
      const done = await run('ingest', '--schema', own, path.join(root, 'folder/coda'));
      expect(done.code, done.stderr).toBe(0);
      const shown = await run('update', path.join(root, 'folder/coda/raw/run.nxs'), '--schema', own);
      expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('0 would be changed, 1 as')]);
    }
  });
});

it.each([
  [[], /Name the data files/],
  [['--rate', '0', 'x.nxs'], /--rate/],
])('%j is wrong usage', async (args, why) => {
  const { code, stderr } = await imsc(['update', '-c', 'config.yml', ...args], {}, samples);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(why) as string });
});
