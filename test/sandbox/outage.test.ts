import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { loadConfig } from '../../core/config/config.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import { Queue } from '../../core/jobs/queue.ts';
import { createScicatClient } from '../../core/scicat/client.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { writeRun } from '../../scripts/online/runs.mjs';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-outage-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

it('of many jobs a few find out that SciCat is away; when it is back, all are done, and none waits for its next attempt', async () => {
  const many = 12;
  const sandbox = await startSandbox({});
  const jobs = new Jobs({ folder: path.join(root, 'store') });
  const nowhere = 'http://127.0.0.1:9/api/v3';
  const asked: string[] = [];
  let isAway = true;
  const queue = new Queue(jobs, {
    lookMs: 20,
    circumstancesOf: ({ id }) => {
      if (isAway) asked.push(id);
      const baseUrl = isAway ? nowhere : sandbox.baseUrl;
      const { config } = loadConfig({
        file: path.join(samples, 'config.yml'),
        overrides: { 'scicat.host': baseUrl },
        env: { SCICAT_TOKEN: sandbox.token },
      });
      const retry = { tries: 1, firstDelaySeconds: 0.001, maxDelaySeconds: 1 };
      return Promise.resolve({ config, client: createScicatClient({ baseUrl, token: sandbox.token, retry }) });
    },
  });
  try {
    for (let number = 1; number <= many; number += 1) {
      const dataFile = writeRun(root, number);
      await jobs.create({ protocol: 'test', request: { dataFile, include: [], host: sandbox.baseUrl, options: { dryRun: false } } }); // prettier-ignore
    }
    queue.start();
    const held = async (): Promise<number> => (await jobs.list()).jobs.filter(({ hold }) => hold !== undefined).length;
    await vi.waitFor(
      async () => {
        expect(await held()).toBeGreaterThanOrEqual(3);
      },
      { timeout: 15_000, interval: 20 },
    );
    // Two are carried out at the same time, so the fourth may have begun with the third.
    expect(asked.length).toBeLessThanOrEqual(4);
    isAway = false;
    // Their next attempts are a minute away.
    await vi.waitFor(
      async () => {
        const { jobs: all } = await jobs.list();
        expect(all.map(({ status }) => status)).toEqual(Array.from({ length: many }, () => 'done'));
      },
      { timeout: 25_000, interval: 100 },
    );
    expect(sandbox.documents('datasets')).toHaveLength(many);
  } finally {
    await queue.stop();
    await sandbox.close();
  }
}, 60_000);
