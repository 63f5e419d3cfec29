import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { PostgresStore } from '../../core/jobs/store/postgres/postgresStore.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { startPostgres } from '../../scripts/postgres.mjs';
import type { Postgres } from '../../scripts/postgres.mjs';
import { bundle } from '../support/bundledWorker.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-shared-'));
const files = path.join(root, 'files');
/** Each of so many points at which a process can be killed is tried; `SHARED_KILL_EVERY=1` is all of them. */
const every = Number(process.env['SHARED_KILL_EVERY'] ?? 4);
const fileCount = 250;

let worker: string;
let postgres: Postgres | undefined;
const stores: PostgresStore[] = [];
beforeAll(async () => {
  postgres = await startPostgres(console.log);
  worker = fileURLToPath(await bundle(path.join(root, 'bundle'), path.join(import.meta.dirname, 'engineWorker.ts')));
}, 120_000);
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await postgres?.stop();
  rmSync(root, { recursive: true, force: true });
}, 60_000);

const test = it.extend<{ place: { address: string; jobs: Jobs; sandbox: Sandbox } }>({
  place: async ({ skip }, use) => {
    if (postgres === undefined) return skip('PostgreSQL is not installed: apt-get install postgresql');
    const sandbox = await startSandbox({});
    const address = postgres.database(`shared-${stores.length}`);
    const store = await PostgresStore.open(address, { folder: files });
    stores.push(store);
    await use({ address, jobs: new Jobs({ store }), sandbox });
    await sandbox.close();
  },
});

/** A folder that is one dataset. */
function measurement(name: string, frames: number): string {
  const folder = path.join(root, name, '443604');
  mkdirSync(path.join(folder, 'frames'), { recursive: true });
  cpSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs'), path.join(folder, '443604_00001017.nxs'));
  for (let index = 0; index < frames; index++) writeFileSync(path.join(folder, 'frames', `${index}.dat`), '');
  return folder;
}

async function made(jobs: Jobs, { baseUrl }: Sandbox, folder: string, pid: string): Promise<string> {
  const given = { user: [{ field: 'pid', value: `20.500.12269/${pid}`, from: 'user' }] };
  const request = { folder, include: [], host: baseUrl, options: { dryRun: false } };
  return (await jobs.create({ protocol: 'test', request, given })).id;
}

/** A process that carries out what waits. @param at the number or the text of the writing after which it does something to itself */
function start({ baseUrl, token }: Sandbox, store: string, at: number | string, signal = 'SIGKILL'): ChildProcess {
  const args = Object.entries({ store, files, samples, host: baseUrl, token, kill: at, signal });
  return spawn(process.execPath, [worker, ...args.flatMap(([name, value]) => [`--${name}`, String(value)])], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function ended(child: ChildProcess): Promise<number | string | null> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal ?? code;
}

/** How many datasets there are, how many files they list, and how many different ones. */
function catalogued(sandbox: Sandbox): [datasets: number, listed: number, different: number] {
  const blocks = sandbox.documents('origdatablocks');
  const paths = blocks.flatMap((block) =>
    (block['dataFileList'] as { path: string }[]).map((file) => `${String(block['datasetId'])} ${file.path}`),
  );
  return [sandbox.documents('datasets').length, paths.length, new Set(paths).size];
}

test('a job whose process is killed after a writing is finished by another process: one dataset, each file once', async ({
  place: { address, jobs, sandbox },
}) => {
  const folder = measurement('killed', fileCount);
  let kills = 0;
  for (let at = 1; ; at += every) {
    const id = await made(jobs, sandbox, folder, `killed-${at}`);
    const how = await ended(start(sandbox, address, at));
    if (how === 'SIGKILL') expect(await ended(start(sandbox, address, 'never')), `after writing ${at}`).toBe(0);
    const job = await jobs.show(id);
    expect(job, `killed after writing ${at}`).toMatchObject({ status: 'done', outcome: 'ingested', isRunning: false });
    kills += how === 'SIGKILL' ? 1 : 0;
    const rounds = kills + (how === 'SIGKILL' ? 0 : 1);
    const listed = rounds * (fileCount + 1);
    expect(catalogued(sandbox), `killed after writing ${at}`).toEqual([rounds, listed, listed]);
    if (how !== 'SIGKILL') break;
  }
  expect(await jobs.countOpen()).toBe(0);
  expect(kills * every).toBeGreaterThan(15);
}, 600_000);

test('two processes share the jobs: each is carried out once', async ({ place: { address, jobs, sandbox } }) => {
  for (let index = 0; index < 12; index++) await made(jobs, sandbox, measurement(`many-${index}`, 1), `many-${index}`);
  const both = [start(sandbox, address, 'never'), start(sandbox, address, 'never')];
  expect(await Promise.all(both.map(ended))).toEqual([0, 0]);
  const { jobs: all } = await jobs.list();
  expect(all.map(({ status, outcome }) => `${status} ${outcome ?? ''}`)).toEqual(all.map(() => 'done ingested'));
  expect(catalogued(sandbox)).toEqual([12, 24, 24]);
}, 120_000);

// In between it would send something, or has just done so.
test.for([
  ['says that it sends the dataset', '"step":"dataset","state":"started"'],
  ['has sent the dataset', '"step":"dataset","state":"done"'],
  ['says that it sends files', '"step":"origdatablock-2","state":"started"'],
] as const)(
  'a process that is cut off when it %s, and comes back, does nothing twice',
  { timeout: 120_000 },
  async ([name, at], { place: { address, jobs, sandbox } }) => {
    const id = await made(jobs, sandbox, measurement(`cut-${stores.length}`, fileCount), `cut-${stores.length}`);
    const cut = start(sandbox, address, at, 'SIGSTOP');
    await expect
      .poll(async () => (await jobs.show(id))?.steps.some(({ state }) => state !== 'planned'), { timeout: 30_000 })
      .toBe(true);
    await stopped(cut);
    const began = performance.now();
    const other = start(sandbox, address, 'never');
    expect(await ended(other)).toBe(0);
    const seconds = (performance.now() - began) / 1000;
    expect(await jobs.show(id)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect(catalogued(sandbox)).toEqual([1, fileCount + 1, fileCount + 1]);
    cut.kill('SIGCONT');
    expect(await ended(cut)).toBe(0);
    expect(catalogued(sandbox)).toEqual([1, fileCount + 1, fileCount + 1]);
    expect(await jobs.show(id)).toMatchObject({ status: 'done', outcome: 'ingested' });
    console.log(`cut off when it ${name}: finished by another process after ${seconds.toFixed(1)} s`);
    // The lease is 12 s; the rest is the start of a process and the ingestion, on a machine that may be busy.
    expect(seconds).toBeLessThan(30);
  },
);

/** Waits until a process has stopped itself. */
async function stopped({ pid }: ChildProcess): Promise<void> {
  const isStopped = async (): Promise<boolean> => (await readFile(`/proc/${String(pid)}/stat`, 'utf8')).includes(' T ');
  await expect.poll(isStopped, { timeout: 30_000 }).toBe(true);
}
