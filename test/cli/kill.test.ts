import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import { imsc, startImsc } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import type { KillingProxy, KillPoint } from './killingProxy.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const config = path.join(samples, 'config.yml');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-kill-'));
/** SciCat adds up in two ways; in one of them it is tried with really many. */
const manyIn = { '5.2': 2_000, master: 20_000 } as const;
const few = 7;

/** The sample of CODA with so many small files beside it. */
function makeMeasurement(count: number): string {
  const folder = path.join(root, String(count));
  cpSync(path.join(samples, 'data/coda'), path.join(folder, 'coda'), { recursive: true });
  rmSync(path.join(folder, 'coda/2025/443604/ingestor'), { recursive: true, force: true });
  mkdirSync(path.join(folder, 'coda/2025/443604/frames'));
  for (let index = 0; index < count; index++) {
    const name = `${String(index).padStart(6, '0')}.dat`;
    writeFileSync(path.join(folder, 'coda/2025/443604/frames', name), 'x'.repeat(index % 5));
  }
  return folder;
}

beforeAll(() => {
  for (const many of Object.values(manyIn)) makeMeasurement(many);
  makeMeasurement(few);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let sandbox: Sandbox;
let proxy: KillingProxy;
let journal: string;
async function start(options: SandboxOptions): Promise<void> {
  sandbox = await startSandbox(options);
  proxy = await startKillingProxy(sandbox.baseUrl);
}
beforeEach(() => {
  journal = mkdtempSync(path.join(root, 'journal-'));
});
afterEach(async () => {
  await proxy.close();
  await sandbox.close();
});

const env = (token = sandbox.token) => ({ SCICAT_TOKEN: token, IMSC_JOURNAL_DIR: journal });

/** Only the first `imsc ingest` needs to know what; the rest is in the journal. */
function ingestArguments(count: number, perBlock: number): string[] {
  const folder = path.join(root, String(count), 'coda/2025/443604');
  return [
    ...['ingest', '-c', config, '--nexus-file', path.join(folder, 'raw/443604_00001017.nxs')],
    ...['--scicat.host', proxy.host, '--include', path.join(folder, 'frames')],
    ...['--ingestion.file-handling.compute-file-hash=false', '--ingestion.file-handling.save-file-hash=false'],
    ...limit(perBlock),
  ];
}

function limit(perBlock: number): string[] {
  return ['--ingestion.max-files-per-block', String(perBlock)];
}

const cannotReadBack = {
  username: 'robot',
  password: 'x',
  email: 'r@x.example',
  groups: ['ingestor'],
  profile: 'privileged',
} as const;

/** What a person says who has looked whether the write arrived. */
function decision(when: KillPoint['when']): string {
  return when === 'after' ? '--assume-done' : '--send-again';
}

const resumeArguments = ['resume', '-c', config, '--json'];

function pointsOf(writes: number): readonly KillPoint[] {
  return Array.from({ length: writes }, (_, write) => [
    { write, when: 'before' } as const,
    { write, when: 'after' } as const,
  ]).flat();
}

/** Runs until the proxy kills the process. A resumed run sends what is missing only: its first write is this one. */
async function runAndKill(args: readonly string[], when: KillPoint['when'], token?: string): Promise<void> {
  const run = startImsc(args, env(token), samples);
  proxy.arm({ write: 0, when }, () => run.child.kill('SIGKILL'));
  const { signal, stderr, stdout } = await run.finished;
  expect(signal, stdout + stderr).toBe('SIGKILL');
}

function expectComplete(count: number): void {
  const stored = sandbox.documents('origdatablocks');
  const paths = stored.flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => file.path));
  const datasets = sandbox.documents('datasets');
  expect(datasets).toHaveLength(1);
  expect(paths).toHaveLength(count + 1);
  expect(new Set(paths).size).toBe(count + 1);
  const size = stored.reduce((sum, block) => sum + Number(block['size']), 0);
  expect(datasets[0]).toMatchObject({ numberOfFiles: count + 1, size });
}

/** Both ways in which SciCat adds up the sizes of origDatablocks. */
describe.each(['5.2', 'master'] as const)('SciCat %s', (version) => {
  const many = manyIn[version];
  test(`${many} files, killed before and after each write and resumed each time: one dataset, each file once`, async () => {
    await start({ version });
    const perBlock = 0.35 * many;
    const points = pointsOf(1 + Math.ceil((many + 1) / perBlock));
    const resuming = [...resumeArguments, ...limit(perBlock)];
    for (const [index, { write, when }] of points.entries()) {
      // After a write that arrived the next one is the first that is sent.
      await runAndKill(index === 0 ? ingestArguments(many, perBlock) : resuming, when);
      const arrived = sandbox.documents('datasets').length + sandbox.documents('origdatablocks').length;
      expect(arrived).toBe(when === 'after' ? write + 1 : write);
    }
    proxy.arm(undefined, () => undefined);
    const resumed = await imsc(resuming, env(), samples);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ runs: [{ outcome: 'ingested' }] });
    expectComplete(many);
    const again = await imsc(resumeArguments, env(), samples);
    expect(JSON.parse(again.stdout)).toMatchObject({ runs: [] });
  });
});

test('an account that may not read back: the journal decides, and what it does not know is left to a person', async () => {
  await start({ accounts: [cannotReadBack] });
  const perBlock = 3;
  const writes = 1 + Math.ceil((few + 1) / perBlock);
  // The limits of each call count for what was not sent yet.
  const resuming = [...resumeArguments, ...limit(perBlock)];
  let args: readonly string[] = ingestArguments(few, perBlock);
  for (const { write, when } of pointsOf(writes)) {
    await runAndKill(args, when);
    proxy.arm(undefined, () => undefined);
    args = resuming;
    // A dataset can be looked up by anybody; an origDatablock cannot.
    if (write === 0) continue;
    const stopped = await imsc(resuming, env(), samples);
    expect(stopped.code).toBe(1);
    expect(stopped.stdout).toContain('unclear-step');
    expect(proxy.writes()).toBe(0);
    args = [...resuming, decision(when)];
  }
  const last = await imsc(args, env(), samples);
  expect(JSON.parse(last.stdout)).toMatchObject({ runs: [{ outcome: 'ingested' }] });
  expectComplete(few);
});

test.each(['before', 'after'] as const)(
  'an account that may not read back, another limit in each call, killed %s a write: a list is sent again or taken as done as it was',
  async (when) => {
    await start({ accounts: [cannotReadBack] });
    await runAndKill(ingestArguments(few, 3), 'after');
    for (const perBlock of [3, 4]) {
      const args = [...resumeArguments, ...limit(perBlock)];
      await runAndKill(perBlock === 3 ? args : [...args, decision(when)], when);
    }
    proxy.arm(undefined, () => undefined);
    const last = await imsc([...resumeArguments, ...limit(1), decision(when)], env(), samples);
    expect(JSON.parse(last.stdout)).toMatchObject({ runs: [{ outcome: 'ingested' }] });
    expectComplete(few);
  },
);

test('two processes with the same file at the same time make one dataset', async () => {
  await start({});
  proxy.arm(undefined, () => undefined);
  const runs = await Promise.all([0, 1].map(() => imsc([...ingestArguments(few, 3), '--json'], env(), samples)));
  const outcomes = runs.map(({ stdout }) => (JSON.parse(stdout) as { outcome: string }).outcome);
  expect(outcomes).toContain('ingested');
  expectComplete(few);
});

test('a dataset whose pid SciCat assigns, killed after its POST: one dataset', async () => {
  const accounts = [
    {
      username: 'user',
      password: 'x',
      email: 'u@x.example',
      groups: ['443604', 'ingestor'],
      profile: 'create' as const,
    },
  ];
  await start({ accounts });
  await runAndKill([...ingestArguments(few, 3), '--dataset.allow-dataset-pid=false'], 'after');
  proxy.arm(undefined, () => undefined);
  const resumed = await imsc(resumeArguments, env(), samples);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ runs: [{ outcome: 'ingested' }] });
  expectComplete(few);
});
