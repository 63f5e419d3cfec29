import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createNexusWorker } from '../../../../core/nexus/worker/workerFile.ts';
import type { NexusWorker } from '../../../../core/nexus/worker/workerFile.ts';
import { writeNexus } from '../../../../scripts/writeNexus.mjs';
import { bundle, nexusWorkerEntry } from '../../../support/bundledWorker.ts';
import { temporaryFolder, walk } from '../../../support/nexusFiles.ts';

const folder = temporaryFolder();
const good = join(folder, 'good.nxs');
let worker: NexusWorker;

beforeAll(async () => {
  await writeNexus(good, [{ path: '/entry/x', kind: 'dataset', dtype: 'i8', value: 5, attrs: { units: 'mm' } }]);
  worker = createNexusWorker({ workerUrl: await bundle(join(folder, 'dist'), nexusWorkerEntry()) });
}, 60_000);
afterAll(() => worker.dispose());

test('the bundle is small, with the wasm beside it', () => {
  expect(statSync(join(folder, 'dist/worker.mjs')).size).toBeLessThan(250_000);
  expect(statSync(join(folder, 'dist/h5wasm.wasm')).size).toBeGreaterThan(1_000_000);
});

test('answers as a file opened here', async () => {
  const file = await worker.open(good);
  expect(await file.read('/entry/x')).toMatchObject({ elements: [5n], truncated: false, dataset: { units: 'mm' } });
  expect((await file.attributes('/entry/x')).get('units')?.elements).toEqual(['mm']);
  expect(await file.childNames('/')).toEqual({ total: 1, names: ['entry'] });
  expect((await file.children('/entry', { offset: 0, limit: 10 })).nodes).toHaveLength(1);
  await expect(file.describe('/none')).rejects.toMatchObject({
    name: 'NexusError',
    code: 'path-missing',
    path: '/none',
  });
  await expect(worker.open(join(folder, 'none.nxs'))).rejects.toMatchObject({ code: 'file-missing' });
});

test('a changed file is read anew', async () => {
  const path = join(folder, 'changing.nxs');
  await writeNexus(path, [{ path: '/x', kind: 'dataset', value: 1 }]);
  const file = await worker.open(path);
  expect((await file.read('/x')).elements).toEqual([1]);
  await writeNexus(path, [
    { path: '/x', kind: 'dataset', value: 2 },
    { path: '/longer', kind: 'group' },
  ]);
  expect((await file.read('/x')).elements).toEqual([2]);
});

/** A reader that answers, except about files whose names say what to do instead. */
const unruly = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ requests = [] }) => {
  for (const { id, file } of requests) {
    if (file.includes('hangs')) for (;;);
    if (file.includes('crashes')) process.exit(1);
    parentPort.postMessage({ id, answer: { total: 0, names: [file] } });
  }
});
parentPort.postMessage('ready');
`;

test.each(['hangs', 'crashes'])(
  'a file that makes the reader fail (%s) is named, others are answered',
  async (fault) => {
    const script = join(folder, 'unruly.mjs');
    writeFileSync(script, unruly);
    const reader = createNexusWorker({ workerUrl: pathToFileURL(script), timeout: 300 });
    const file = await reader.open(good);
    const bad = reader.open(`/data/${fault}.nxs`);
    const other = file.childNames('/');
    await expect(bad).rejects.toMatchObject({
      code: 'reader-crashed',
      message: expect.stringContaining(fault) as unknown,
    });
    expect((await other).names).toEqual([good]);
    await reader.dispose();
    await expect(file.childNames('/later')).rejects.toMatchObject({ code: 'no-reader' });
  },
);

/** A reader that tells which thread it is and how often it was asked. */
const counting = `
import { parentPort, threadId } from 'node:worker_threads';
let asked = 0;
parentPort.on('message', ({ requests = [] }) => {
  for (const { id } of requests) {
    asked += 1;
    parentPort.postMessage({ id, answer: { total: asked, names: [String(threadId)] } });
  }
});
parentPort.postMessage('ready');
`;

test('work that is given up sends no more questions, and keeps nobody waiting', async () => {
  const script = join(folder, 'counting.mjs');
  writeFileSync(script, counting);
  const reader = createNexusWorker({ workerUrl: pathToFileURL(script) });
  const abort = new AbortController();
  const file = await reader.openFor(good, abort.signal);
  const other = await reader.open(good);
  const { total } = await file.childNames('/first');
  abort.abort(new Error('outdated'));
  await expect(file.childNames('/second')).rejects.toThrow('outdated');
  expect((await other.childNames('/third')).total).toBe(total + 1);
  await reader.dispose();
});

test('a reader that nobody asks ends; the next question starts another', async () => {
  const script = join(folder, 'resting.mjs');
  writeFileSync(script, counting);
  const reader = createNexusWorker({ workerUrl: pathToFileURL(script), rest: 1 });
  const file = await reader.open(good);
  const threads = new Set<string | undefined>();
  let asked = 0;
  await vi.waitUntil(
    async () => {
      threads.add((await file.childNames(`/${(asked += 1)}`)).names[0]);
      return threads.size > 1;
    },
    { timeout: 10_000, interval: 20 },
  );
  await reader.dispose();
});

test('a reader that cannot start says so', async () => {
  const reader = createNexusWorker({ workerUrl: pathToFileURL(join(folder, 'nowhere.mjs')) });
  await expect(reader.open(good)).rejects.toMatchObject({ message: expect.stringMatching(/did not start/) as unknown });
  await reader.dispose();
});

test('damaged files give NexusErrors and nothing else, in bounded time', { timeout: 120_000 }, async () => {
  const reader = createNexusWorker({ workerUrl: pathToFileURL(join(folder, 'dist/worker.mjs')), timeout: 1_000 });
  const conformanceFiles = join(import.meta.dirname, '../../../conformance/nexus');
  const sources = ['c45eb6d6548a2d9b.hdf', '572da6a2321d2fa1.hdf', '1ada5897c6b9ca58.hdf', 'cda8431ae3b3b3f3.hdf'];
  // A linear congruential generator: the same damage in every run.
  let state = 20250123;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let readable = 0;
  for (let round = 0; round < 300; round += 1) {
    const bytes = readFileSync(join(conformanceFiles, sources[round % sources.length] ?? ''));
    const flips = 1 + random(30);
    for (let flip = 0; flip < flips; flip += 1) bytes[random(bytes.length)] = random(256);
    const path = join(folder, `mutant ${String(round)}.nxs`);
    writeFileSync(path, round % 5 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes);
    if ((await walk(() => reader.open(path))) > 0) readable += 1;
  }
  expect(readable).toBeGreaterThan(20);
  // And afterwards a good file reads as ever.
  expect(await walk(() => reader.open(join(conformanceFiles, 'fee3a10e93d52741.hdf')))).toBe(17);
  await reader.dispose();
});
