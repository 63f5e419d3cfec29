import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { canMount } from '../support/mounting.ts';
import { engineConfig } from './engineConfig.ts';
import { deposit, engineWorker, listedPaths, packBag } from './packedBag.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-full-disk-'));
const fileCount = 120;

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
  /** A file system of its own, with nothing else on it. */
  readonly disk: string;
}

/** Carries out what is in the store. @param full after how many lines of the log the disk is full @returns that line */
async function carryOut({ sandbox, disk }: Place, full: number): Promise<string> {
  const [store, storage, ballast] = ['store', 'storage', 'ballast'].map((name) => path.join(disk, name));
  const args = { store, storage, samples, host: sandbox.baseUrl, token: sandbox.token, kill: full, ballast };
  const options = Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [worker, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let line = '';
  let said = '';
  child.stdout.on('data', (text: Buffer) => (line += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, said]).toEqual([0, '']);
  return line;
}

/** A file system of its own with a job on it, and what is done with both. */
async function onSmallDisk(what: (place: Place, jobs: Jobs, id: string) => Promise<void>): Promise<void> {
  const disk = mkdtempSync(path.join(root, 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
  const sandbox = await startSandbox({});
  try {
    const jobs = new Jobs({ folder: path.join(disk, 'store') });
    const id = await deposit(jobs, archive, sandbox);
    await what({ sandbox, disk }, jobs, id);
  } finally {
    await sandbox.close();
    execFileSync('umount', [disk]);
  }
}

const canTry = canMount();
if (!canTry) console.warn('Full disks are not tried: nothing may be mounted here.');

it.skipIf(!canTry)(
  'a disk that gets full at any line of the log of a job stops it, it says so, and once there is room it is finished: one dataset, each file once',
  async () => {
    const seen: string[] = [];
    let stops = 0;
    for (let line = 1, text = 'first'; text !== ''; line++) {
      await onSmallDisk(async (place, jobs, id) => {
        text = await carryOut(place, line);
        seen.push(text);
        const stopped = await jobs.show(id);
        const at = `full at line ${line}, ${text}: ${JSON.stringify(stopped?.statusDetail)} ${JSON.stringify(stopped?.hold)}`;
        if (stopped?.status !== 'done') {
          stops += 1;
          // What cannot be written down stands nowhere.
          if (stopped?.hold ?? stopped?.statusDetail[0]) expect(at).toMatch(/the disk is full|not enough room/);
          const storage = path.join(place.disk, 'storage');
          const config = engineConfig(samples, place.sandbox.baseUrl, place.sandbox.token);
          expect(await jobs.resume(id, { config, storage }), at).toMatchObject({ outcome: 'ingested' });
        }
        expect(await jobs.show(id), at).toMatchObject({ status: 'done', outcome: 'ingested' });
        expect(place.sandbox.documents('datasets'), at).toHaveLength(1);
        const paths = listedPaths(place.sandbox);
        expect([paths.length, new Set(paths).size], at).toEqual([fileCount + 1, fileCount + 1]);
        expect(readdirSync(path.join(place.disk, 'storage')), at).toEqual([id]);
      });
    }
    const steps = ['stage', 'verify', 'extract', 'merge', 'check', 'dataset', 'finish'];
    expect(steps.filter((step) => !seen.some((text) => text.includes(step)))).toEqual([]);
    expect(stops).toBeGreaterThan(5);
  },
  300_000,
);
