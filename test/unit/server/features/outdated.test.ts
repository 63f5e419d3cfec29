import { expect, it, vi } from 'vitest';
import type { NexusData, NexusFile } from '../../../../core/nexus/model.ts';
import { Evaluations } from '../../../../server/samples/evaluations.ts';
import type { IngestorConfigs } from '../../../../server/samples/ingestorConfigs.ts';
import type { Samples } from '../../../../server/samples/samples.ts';
import { Snapshot } from '../../../../server/documents/snapshot.ts';

const { asked, waiting } = vi.hoisted(() => ({ asked: [] as string[], waiting: [] as (() => void)[] }));

/** A reader that answers when the test says so. */
vi.mock('../../../../core/nexus/worker/workerFile.ts', () => {
  const read: NexusFile['read'] = (path) => {
    asked.push(path);
    const dataset = { kind: 'dataset', path, type: { kind: 'float', bits: 64 }, shape: [], units: 'mm' } as const;
    const data: NexusData = { dataset, elements: [1.5], truncated: false, invalidUtf8: false };
    return new Promise((resolve) => {
      waiting.push(() => {
        resolve(data);
      });
    });
  };
  const open = (path: string): Promise<NexusFile> => Promise.resolve({ path, read } as NexusFile);
  return { createNexusWorker: () => ({ open, openFor: open }) };
});

const samples = {
  trusted: true,
  of: () => Promise.resolve({ origin: 'chosen', files: ['/nowhere/sample.nxs'], places: new Map() }),
  watch: () => undefined,
} as unknown as Samples;
const configs = {
  of: () => Promise.resolve(undefined),
  dialect: () => Promise.resolve(undefined),
} as unknown as IngestorConfigs;

const uri = 'file:///a/b.imsc.yml';
const paths = Array.from({ length: 1000 }, (_, index) => `/entry/log_${index}`);
const variables = paths.map((path, index) => `  v${index}: {source: NXS, path: ${path}, value_type: float}`);
const version = (number: number): Snapshot =>
  new Snapshot(uri, number, 'yaml', `name: version ${number}\nvariables:\n${variables.join('\n')}\nschema: {}\n`);

/** Answers all that is asked, until the work is done. */
async function answering<T>(work: Promise<T>): Promise<T> {
  const settled = { isDone: false };
  const done = work.finally(() => (settled.isDone = true));
  while (!settled.isDone) {
    for (const answer of waiting.splice(0)) answer();
    await new Promise(setImmediate);
  }
  return done;
}

it('the next keystroke ends the evaluation of the text before; what it has read is not read again', async () => {
  const evaluations = new Evaluations(samples, configs);
  const outdated = evaluations.of(version(1));
  await vi.waitUntil(() => asked.length > 0);
  for (const answer of waiting.splice(0)) answer();
  await new Promise(setImmediate);
  const before = asked.length;
  evaluations.edited(uri);
  expect(await answering(outdated)).toBeUndefined();
  expect(before).toBeLessThan(100);
  expect(asked).toHaveLength(before);

  const newest = version(2);
  const done = await answering(evaluations.of(newest));
  expect(done?.snapshot).toBe(newest);
  expect(new Set(asked)).toEqual(new Set(paths));
  expect(asked.length).toBeLessThan(paths.length + 40);

  evaluations.edited(uri);
  const known = evaluations.latest(uri);
  expect(known?.snapshot).toBeUndefined();
  expect(known?.evaluation.variables.get('v999')?.outcome.state).toBe('known');
  const unchanged = asked.length;
  await answering(evaluations.of(version(3)));
  expect(asked).toHaveLength(unchanged);
});
