import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { deposit, engineWorker, listedPaths, packBag } from './packedBag.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-killed-engine-'));
/** `ENGINE_KILL_FILES=3000` is the full count. */
const fileCount = Number(process.env['ENGINE_KILL_FILES'] ?? 250);

let worker: string;
let archive: string;
beforeAll(async () => {
  worker = await engineWorker(root);
  archive = await packBag(root, fileCount);
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
}, 60_000);

interface Place {
  readonly sandbox: Sandbox;
  readonly store: string;
  readonly storage: string;
}

/** Carries out what is in the store. @returns whether it came to its end before it was killed */
async function carryOut({ sandbox, store, storage }: Place, kill: number | 'never'): Promise<boolean> {
  const args = Object.entries({ store, storage, samples, host: sandbox.baseUrl, token: sandbox.token, kill });
  const child = spawn(process.execPath, [worker, ...args.flatMap(([name, value]) => [`--${name}`, String(value)])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal === null) expect(code, said).toBe(0);
  return signal === null;
}

it('a deposit that is killed at each line of its log is finished by another process: one dataset, each file once, nothing left', async () => {
  let hasEnded = false;
  let kills = 0;
  for (let line = 1; !hasEnded; line++) {
    const sandbox = await startSandbox({});
    const store = mkdtempSync(path.join(root, 'store-'));
    const storage = mkdtempSync(path.join(root, 'storage-'));
    const place = { sandbox, store, storage };
    try {
      const jobs = new Jobs({ folder: store });
      const id = await deposit(jobs, archive, sandbox);
      hasEnded = await carryOut(place, line);
      if (!hasEnded) {
        kills += 1;
        await carryOut(place, 'never');
      }
      const job = await jobs.show(id);
      expect(job, `killed at line ${line}: ${JSON.stringify(job?.statusDetail)}`).toMatchObject({ status: 'done', outcome: 'ingested', swhid: expect.stringContaining('swh:1:dir:') as string }); // prettier-ignore
      expect(sandbox.documents('datasets'), `line ${line}`).toHaveLength(1);
      const paths = listedPaths(sandbox);
      expect([paths.length, new Set(paths).size], `line ${line}`).toEqual([fileCount + 1, fileCount + 1]);
      expect(readdirSync(storage), `line ${line}`).toEqual([id]);
      expect(readdirSync(path.join(store, 'incoming')), `line ${line}`).toEqual([]);
      expect(readdirSync(path.join(store, 'jobs', id)), `line ${line}`).not.toContain('work');
      for (const marks of ['waiting', 'open'])
        expect(readdirSync(path.join(store, marks)), `${marks}, line ${line}`).toEqual([]);
    } finally {
      await sandbox.close();
    }
  }
  // Each step begins and ends, each list of files too.
  expect(kills).toBeGreaterThan(15);
}, 600_000);

it('two processes at one store share its jobs: each is carried out once', async () => {
  const sandbox = await startSandbox({});
  const place = {
    sandbox,
    store: mkdtempSync(path.join(root, 'store-')),
    storage: mkdtempSync(path.join(root, 'storage-')),
  };
  try {
    const jobs = new Jobs({ folder: place.store });
    for (let index = 0; index < 12; index++) {
      const folder = path.join(root, 'many', String(index), '443604');
      mkdirSync(folder, { recursive: true });
      cpSync(path.join(root, '443604/data/443604_00001017.nxs'), path.join(folder, '443604_00001017.nxs'));
      const given = { user: [{ field: 'pid', value: `20.500.12269/${index}`, from: 'user' }] };
      const request = { folder, include: [], host: sandbox.baseUrl, options: { dryRun: false } };
      await jobs.create({ protocol: 'test', request, given });
    }
    expect(await Promise.all([carryOut(place, 'never'), carryOut(place, 'never')])).toEqual([true, true]);
    const { jobs: all } = await jobs.list();
    expect(all.map(({ status, outcome }) => `${status} ${outcome ?? ''}`)).toEqual(all.map(() => 'done ingested'));
    expect(sandbox.documents('datasets')).toHaveLength(12);
    expect(sandbox.documents('origdatablocks')).toHaveLength(12);
  } finally {
    await sandbox.close();
  }
}, 120_000);
