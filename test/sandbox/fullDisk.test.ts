import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { makeBag } from '../../core/packages/bags/makeBag.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { bundle } from '../support/bundledWorker.ts';
import { canMount } from '../support/mounting.ts';
import { engineConfig } from './engineConfig.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-full-disk-'));
const fileCount = 120;

let worker: string;
let archive: string;
beforeAll(async () => {
  worker = fileURLToPath(await bundle(path.join(root, 'bundle'), path.join(import.meta.dirname, 'engineWorker.ts')));
  const folder = path.join(root, '443604');
  mkdirSync(path.join(folder, 'frames'), { recursive: true });
  cpSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs'), path.join(folder, '443604_00001017.nxs'));
  for (let index = 0; index < fileCount; index++)
    writeFileSync(path.join(folder, 'frames', `${index}.dat`), 'x'.repeat(index % 7));
  await makeBag(folder, { algorithms: ['sha256'] });
  archive = path.join(root, 'bag.zip');
  execFileSync('zip', ['-qr0', archive, '443604'], { cwd: root });
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
    const incoming = await jobs.receive(createReadStream(archive), { most: 1e9 });
    const request = { include: [], host: sandbox.baseUrl, options: { dryRun: false, swhid: true } };
    const parts = [{ incoming, about: { kind: 'archive', name: 'bag.zip' } as const }];
    const { id } = await jobs.create({ protocol: 'test', request, parts });
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
        const paths = place.sandbox
          .documents('origdatablocks')
          .flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => file.path));
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
