import { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNexus } from '../../../../core/nexus/file.ts';
import { NexusOpener } from '../../../../core/nexus/worker/openInTime.ts';
import { createNexusWorker } from '../../../../core/nexus/worker/workerFile.ts';
import type { NexusWorkerOptions } from '../../../../core/nexus/worker/workerFile.ts';
import { bundle, nexusWorkerEntry } from '../../../support/bundledWorker.ts';
import { writeEndlessHeap } from '../../../support/damagedHeap.ts';
import { temporaryFolder } from '../../../support/nexusFiles.ts';

const folder = temporaryFolder();
const endless = join(folder, 'endless.nxs');
const sound = join(import.meta.dirname, '../../../../samples/data/coda/2025/443604/raw/443604_00001018.nxs');
const nowhere: NexusWorkerOptions = { workerUrl: new URL('file:///nowhere.mjs') };
let options: NexusWorkerOptions;

beforeAll(async () => {
  writeEndlessHeap(endless);
  options = { workerUrl: await bundle(join(folder, 'dist'), nexusWorkerEntry()), timeout: 1_500 };
}, 60_000);

test('an answer that never comes is given up in this thread', async () => {
  const file = await openNexus(endless, 300);
  const before = performance.now();
  await expect(file.children('/')).rejects.toMatchObject({ code: 'too-slow' });
  // And the library, left in the middle of its work, is not asked again.
  await expect(file.describe('/')).rejects.toMatchObject({ code: 'too-slow' });
  expect(performance.now() - before).toBeLessThan(3_000);
  await file.close();
  const other = await openNexus(sound, 10_000);
  expect((await other.childNames('/')).names).toEqual(['entry']);
  await other.close();
});

test('what is fast is answered without another thread', async () => {
  const file = await new NexusOpener(nowhere, 60_000).open(sound);
  expect((await file.read('/entry/title')).elements).toHaveLength(1);
  await file.close();
});

test('what takes longer here is answered by another thread', async () => {
  const file = await new NexusOpener({ ...options, timeout: 60_000 }, 0).open(sound);
  expect((await file.read('/entry/title')).elements).toHaveLength(1);
  expect((await file.childNames('/')).names).toEqual(['entry']);
  await file.close();
});

test('a file that hung once counts as damaged until it changes', async () => {
  const opener = new NexusOpener(options, 300);
  const file = await opener.open(endless);
  const damaged = { code: 'reader-crashed', message: expect.stringContaining('is probably damaged') as unknown };
  await expect(file.children('/')).rejects.toMatchObject(damaged);
  const before = performance.now();
  await expect(file.children('/entry')).rejects.toMatchObject(damaged);
  await expect(opener.open(endless)).rejects.toMatchObject(damaged);
  expect(performance.now() - before).toBeLessThan(1_000);
  const healed = join(folder, 'healed.nxs');
  copyFileSync(endless, healed);
  await expect((await opener.open(healed)).children('/')).rejects.toMatchObject(damaged);
  copyFileSync(sound, healed);
  const again = await opener.open(healed);
  expect((await again.children('/')).nodes).toHaveLength(1);
  await again.close();
});

test('whoever stops is let go at once', async () => {
  const abort = new AbortController();
  const file = await new NexusOpener({ ...options, timeout: 60_000 }, 300).open(endless, abort.signal);
  const answer = file.children('/');
  setTimeout(() => {
    abort.abort(new Error('stopped'));
  }, 1_000);
  await expect(answer).rejects.toThrow('stopped');
});

test('many questions about a file that hangs take one time-out, and so do those who wait behind them', async () => {
  const reader = createNexusWorker(options);
  afterAll(() => reader.dispose());
  const other = await reader.open(sound);
  const file = await reader.open(endless);
  const before = performance.now();
  const questions = Array.from({ length: 26 }, (_, index) => file.read(`/entry/user_${index}/name`).catch(String));
  const first = file.children('/').catch(String);
  expect((await other.childNames('/entry')).total).toBeGreaterThan(5);
  await Promise.all([first, ...questions]);
  expect(performance.now() - before).toBeLessThan(2 * 1_500 + 3_000);
  appendFileSync(endless, ' ');
});
