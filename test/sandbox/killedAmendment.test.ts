import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../core/config/config.ts';
import type { Config } from '../../core/config/config.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { Queue } from '../../core/jobs/queue.ts';
import type { CircumstancesOf } from '../../core/jobs/queue.ts';
import { createScicatClient } from '../../core/scicat/client.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { bundle } from '../support/bundledWorker.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-killed-amendment-'));
let worker: string;
beforeAll(async () => {
  worker = fileURLToPath(await bundle(path.join(root, 'bundle'), path.join(import.meta.dirname, 'amendWorker.ts')));
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let sandbox: Sandbox;
let jobs: Jobs;
let queue: Queue | undefined;
let id: string;
let pid: string;
beforeEach(async () => {
  sandbox = await startSandbox({});
  jobs = new Jobs({ folder: mkdtempSync(path.join(root, 'store-')) });
  const folder = path.join(mkdtempSync(path.join(root, 'data-')), '443604');
  cpSync(path.join(samples, 'data/coda/2025/443604/raw'), folder, { recursive: true });
  const given = { user: [{ field: 'description', value: 'before', from: 'user' }] };
  const request = { folder, include: [], host: sandbox.baseUrl, options: { dryRun: false } };
  ({ id } = await jobs.create({ protocol: 'test', request, given }));
  work();
  await vi.waitFor(async () => {
    expect(await jobs.show(id)).toMatchObject({ status: 'done', isRunning: false });
  }, wait);
  await stop();
  pid = (await jobs.show(id))?.scicat.pid ?? '';
});
afterEach(async () => {
  await stop();
  await sandbox.close();
});

const wait = { timeout: 15_000, interval: 30 };
const client = () => createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token, timeoutSeconds: 5 });

function config(): Config {
  return loadConfig({
    file: path.join(samples, 'config.yml'),
    overrides: { 'scicat.host': sandbox.baseUrl, 'ingestion.file_handling.save_file_hash': 'false' },
    env: { SCICAT_TOKEN: sandbox.token },
  }).config;
}

function work(of: CircumstancesOf = () => Promise.resolve({ config: config(), client: client() })): void {
  queue = new Queue(jobs, { circumstancesOf: of, lookMs: 20 });
  queue.start();
}

async function stop(): Promise<void> {
  await queue?.stop();
  queue = undefined;
}

const given = [
  { field: 'description', value: 'after', from: 'user' },
  { field: 'scientificMetadata.temperature', value: { value: 4.2, unit: 'K' }, from: 'user' },
];

/** A process changes the dataset, and is killed at a point of that. */
async function killedAt(kill: string): Promise<void> {
  const about = { store: jobs.folder, id, pid, host: sandbox.baseUrl, token: sandbox.token, kill };
  const args = Object.entries({ ...about, given: JSON.stringify(given) });
  const child = spawn(process.execPath, [worker, ...args.flatMap(([name, value]) => [`--${name}`, value])], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

/** Somebody else changes the dataset. */
async function changes(fields: object): Promise<void> {
  const answer = await fetch(`${sandbox.baseUrl}/datasets/${encodeURIComponent(pid)}`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${sandbox.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

async function told(): Promise<object> {
  const job = await jobs.show(id);
  const codes = job?.statusDetail.map(({ code }) => code).filter((code) => code.startsWith('amendment'));
  return { status: job?.status, amendments: job?.amendments.length, codes };
}

const dataset = () => sandbox.documents('datasets').find((each) => each['pid'] === pid);
const begun = () => readdirSync(path.join(jobs.folder, 'amending'));
const isMade = { description: 'after', scientificMetadata: { temperature: { value: 4.2, unit: 'K' } } };
const changed = { status: 'done', amendments: 1, codes: [] };
const unclear = { status: 'done', amendments: 0, codes: ['amendment-unclear'] };

describe('a change of a dataset that is killed', () => {
  it.each([
    { at: 'begun', meanwhile: undefined, holds: isMade, expected: changed },
    { at: 'answered', meanwhile: undefined, holds: isMade, expected: changed },
    { at: 'recorded', meanwhile: undefined, holds: isMade, expected: changed },
    { at: 'told', meanwhile: undefined, holds: isMade, expected: changed },
    { at: 'begun', meanwhile: { keywords: ['cold'] }, holds: { ...isMade, keywords: ['cold'] }, expected: changed },
    { at: 'answered', meanwhile: { keywords: ['cold'] }, holds: { ...isMade, keywords: ['cold'] }, expected: changed },
    { at: 'begun', meanwhile: { description: 'other' }, holds: { description: 'other' }, expected: unclear },
    { at: 'answered', meanwhile: { description: 'other' }, holds: { description: 'other' }, expected: unclear },
    { at: 'recorded', meanwhile: { description: 'other' }, holds: { description: 'other' }, expected: changed },
  ])('$at, changed meanwhile: $meanwhile', async ({ at, meanwhile, holds, expected }) => {
    await killedAt(at);
    if (meanwhile) await changes(meanwhile);
    const seen = dataset()?.['updatedAt'];
    work();
    await vi.waitFor(async () => {
      expect({ ...(await told()), begun: begun() }).toEqual({ ...expected, begun: [] });
    }, wait);
    expect(dataset()).toMatchObject(holds);
    // What has arrived is not sent again.
    if (at !== 'begun') expect(dataset()?.['updatedAt']).toBe(seen);
    // It is decided once.
    await stop();
    const revision = (await jobs.show(id))?.revision;
    work();
    await jobs.amend(id, [], { pid }, client());
    expect((await jobs.show(id))?.statusDetail.filter(({ code }) => code === 'amendment-unclear')).toHaveLength(expected.codes.length); // prettier-ignore
    expect((await jobs.show(id))?.revision).toBe((revision ?? 0) + 1);
  });

  it('whose dataset is gone is for a person', async () => {
    await killedAt('begun');
    await fetch(`${sandbox.baseUrl}/datasets/${encodeURIComponent(pid)}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${sandbox.token}` },
    });
    expect(dataset()).toBeUndefined();
    work();
    await vi.waitFor(async () => {
      expect(await told()).toEqual(unclear);
    }, wait);
  });

  it('is settled by the next one that is asked for', async () => {
    await killedAt('answered');
    const more = [{ field: 'description', value: 'later', from: 'user' }];
    await jobs.amend(id, more, { pid }, client());
    expect(await jobs.show(id)).toMatchObject({
      amendments: [{ given }, { changes: [{ field: 'description', before: 'after', after: 'later' }] }],
    });
    expect(dataset()).toMatchObject({ ...isMade, description: 'later' });
  });

  it('is settled by who resumes its job, and that is all there is to resume', async () => {
    await killedAt('begun');
    expect(await jobs.resume(id, { config: config() })).toMatchObject({ outcome: 'ingested', pid });
    expect(await told()).toEqual(changed);
    expect(dataset()).toMatchObject(isMade);
    expect(await jobs.resume(id, { config: config() })).toHaveProperty('refused');
  });

  it('waits while there is no token, and while SciCat cannot be asked', async () => {
    await killedAt('begun');
    const asked = vi.fn<CircumstancesOf>(() => Promise.resolve('credentials'));
    work(asked);
    await vi.waitFor(() => {
      expect(asked).toHaveBeenCalled();
    }, wait);
    await stop();
    const nowhere = createScicatClient({
      baseUrl: 'http://127.0.0.1:9/api/v3',
      token: 'x',
      timeoutSeconds: 1,
      retry: { tries: 1, firstDelaySeconds: 0.001, maxDelaySeconds: 1 },
    });
    asked.mockReturnValue(Promise.resolve({ config: config(), client: nowhere }));
    work(asked);
    await vi.waitFor(() => {
      expect(asked).toHaveBeenCalledTimes(2);
    }, wait);
    await stop();
    expect(await told()).toEqual({ ...changed, amendments: 0 });
    expect(begun()).toEqual([id]);
    work();
    await vi.waitFor(async () => {
      expect(await told()).toEqual(changed);
    }, wait);
  });
});
