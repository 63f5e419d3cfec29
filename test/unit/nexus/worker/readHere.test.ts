import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { budget } from '../../../../core/limits/budget.ts';
import { openNexus } from '../../../../core/nexus/file.ts';
import type { NexusFile } from '../../../../core/nexus/model.ts';
import { createNexusWorker } from '../../../../core/nexus/worker/workerFile.ts';
import type { NexusWorker, NexusWorkerOptions } from '../../../../core/nexus/worker/workerFile.ts';
import { writeNexus } from '../../../../scripts/writeNexus.mjs';
import { bundle, nexusWorkerEntry } from '../../../support/bundledWorker.ts';
import { writeEndlessHeap } from '../../../support/damagedHeap.ts';
import { temporaryFolder } from '../../../support/nexusFiles.ts';

/** Files are read in the thread that asks, as the language server has it, and in another one where that would keep it. */
const folder = temporaryFolder();
const sound = join(import.meta.dirname, '../../../../samples/data/coda/2025/443604/raw/443604_00001018.nxs');
const packed = join(import.meta.dirname, '../filters/bzip2.h5');
let threadUrl: URL;
const workers: NexusWorker[] = [];

beforeAll(async () => {
  threadUrl = await bundle(join(folder, 'dist'), nexusWorkerEntry());
}, 60_000);
afterAll(() => Promise.all(workers.map((worker) => worker.dispose())));

function reader(options: NexusWorkerOptions): NexusWorker {
  const worker = createNexusWorker({ hereMs: budget.nexus.answerBetweenMs, ...options });
  workers.push(worker);
  return worker;
}

/** All answers about each node of a file, an error as its words. */
async function everything(file: NexusFile): Promise<unknown[]> {
  const found: unknown[] = [];
  const groups = ['/'];
  for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
    for (const node of (await file.children(group)).nodes) {
      const { path, kind } = node;
      found.push([node, await file.attributes(path), await file.read(path, 1_000).catch(String)]);
      if (kind === 'group') groups.push(path);
    }
  }
  return found;
}

test('a sound file is read without another thread', async () => {
  // With no thread to fall back on, and with all the time that a busy machine takes.
  const worker = reader({ workerUrl: new URL('file:///nowhere.mjs'), hereMs: 60_000 });
  worker.start();
  const file = await worker.open(sound);
  expect(await file.read('/entry/title')).toMatchObject({ truncated: false });
  expect(await file.childNames('/')).toEqual({ total: 1, names: ['entry'] });
  expect([...(await file.attributes('/entry')).keys()]).toEqual(['NX_class', 'default']);
  await expect(file.describe('/none')).rejects.toMatchObject({ code: 'path-missing', path: '/none' });
});

test('all answers are those of a file that is opened', async () => {
  const worker = reader({ workerUrl: threadUrl });
  const [file, other] = [await worker.open(sound), await openNexus(sound)];
  const here = await everything(file);
  expect(here).toEqual(await everything(other));
  expect(here.length).toBeGreaterThan(40);
  await other.close();
});

test('what only the library reads comes from the other thread', async () => {
  const worker = reader({ workerUrl: threadUrl });
  const [file, other] = [await worker.open(packed), await openNexus(packed)];
  expect(await file.read('/way0/numbers')).toEqual(await other.read('/way0/numbers'));
  await other.close();
  await expect(worker.open(join(folder, 'none.nxs'))).rejects.toMatchObject({ code: 'file-missing' });
  await expect(worker.open(import.meta.filename)).rejects.toMatchObject({ code: 'file-not-hdf5' });
});

test('many values and large chunks come from the other thread, too', async () => {
  const path = join(folder, 'large.nxs');
  await writeNexus(path, [
    { path: '/long', kind: 'dataset', value: Array.from({ length: 50_000 }, (_, index) => index / 2) },
    { path: '/short', kind: 'dataset', value: [1, 2] },
  ]);
  const file = await reader({ workerUrl: threadUrl }).open(path);
  const { elements } = await file.read('/long');
  expect([elements.length, elements.at(-1)]).toEqual([50_000, 24_999.5]);
  expect((await file.read('/short')).elements).toEqual([1, 2]);
});

test('a file that would never end keeps nobody, and counts as damaged', async () => {
  const endless = join(folder, 'endless.nxs');
  writeEndlessHeap(endless);
  const file = await reader({ workerUrl: threadUrl, timeout: 1_000 }).open(endless);
  let turns = 0;
  const other = setInterval(() => {
    turns += 1;
  }, 5);
  const outcome = file.children('/');
  await expect(outcome).rejects.toMatchObject({ code: 'reader-crashed' });
  clearInterval(other);
  expect(turns).toBeGreaterThan(10);
});

test('a file that changes is read anew', async () => {
  const path = join(folder, 'changing.nxs');
  await writeNexus(path, [{ path: '/x', kind: 'dataset', value: 1 }]);
  const file = await reader({ workerUrl: threadUrl }).open(path);
  expect((await file.read('/x')).elements).toEqual([1]);
  await writeNexus(path, [
    { path: '/x', kind: 'dataset', value: 2 },
    { path: '/longer', kind: 'group' },
  ]);
  expect((await file.read('/x')).elements).toEqual([2]);
  copyFileSync(sound, path);
  expect((await file.childNames('/')).names).toEqual(['entry']);
});
