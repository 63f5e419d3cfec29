import { execFileSync } from 'node:child_process';
import { createReadStream, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Jobs } from '../../core/jobs/jobs.ts';
import { makeBag } from '../../core/packages/bags/makeBag.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { bundle } from '../support/bundledWorker.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');

/** Packs a bag of the NeXus file of CODA and so many small files. @returns the path of the zip */
export async function packBag(root: string, fileCount: number): Promise<string> {
  const folder = path.join(root, '443604');
  mkdirSync(path.join(folder, 'frames'), { recursive: true });
  cpSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs'), path.join(folder, '443604_00001017.nxs'));
  for (let index = 0; index < fileCount; index++)
    writeFileSync(path.join(folder, 'frames', `${index}.dat`), 'x'.repeat(index % 7));
  await makeBag(folder, { algorithms: ['sha256'] });
  const archive = path.join(root, 'bag.zip');
  execFileSync('zip', ['-qr0', archive, '443604'], { cwd: root });
  return archive;
}

/** The program that carries out the jobs of a store in a process of its own. @returns its path */
export async function engineWorker(root: string): Promise<string> {
  return fileURLToPath(await bundle(path.join(root, 'bundle'), path.join(import.meta.dirname, 'engineWorker.ts')));
}

/** Deposits an archive as a job. @returns its id */
export async function deposit(jobs: Jobs, archive: string, { baseUrl }: Sandbox): Promise<string> {
  const incoming = await jobs.receive(createReadStream(archive), { most: 1e9 });
  const request = { include: [], host: baseUrl, options: { dryRun: false, swhid: true } };
  const parts = [{ incoming, about: { kind: 'archive', name: 'bag.zip' } as const }];
  return (await jobs.create({ protocol: 'test', request, parts })).id;
}

/** The paths of all files that a sandbox lists. */
export function listedPaths(sandbox: Sandbox): string[] {
  return sandbox
    .documents('origdatablocks')
    .flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => file.path));
}
