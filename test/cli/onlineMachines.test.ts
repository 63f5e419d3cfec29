import { cpSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { jobIdOf, writeRun } from '../../scripts/online/runs.mjs';
import { startPostgres } from '../../scripts/postgres.mjs';
import type { Postgres } from '../../scripts/postgres.mjs';
import { canMakeMachines, Network, seenFrom } from '../support/machines.ts';
import type { Machine } from '../support/machines.ts';
import type { Running } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import { OnlineTrial } from './onlineTrial.ts';

const canTry = canMakeMachines();
if (!canTry) console.warn('Skipped: computers with networks of their own need Linux, root, and Debian’s libfaketime.');

let postgres: Postgres | undefined;
beforeAll(async () => {
  if (canTry) postgres = await startPostgres();
  if (canTry && !postgres) console.warn('Skipped: two computers with one database need Debian’s postgresql.');
}, 120_000);
afterAll(async () => {
  await postgres?.stop();
});

const slow = { timeout: 90_000, interval: 100 };

/** Two computers that watch one folder, and what they say. */
async function begin({ onTestFinished }: TestContext, clocks: readonly [string, string]) {
  const trial = await OnlineTrial.begin();
  const proxy = await startKillingProxy(trial.sandbox.baseUrl);
  const network = new Network();
  onTestFinished(async () => {
    await trial.end();
    await proxy.close();
    network.remove();
  });
  const watched = path.join(trial.root, 'watched');
  mkdirSync(watched);
  const host = await network.reach(proxy.host);
  const members = ['A', 'B'].map((name, index) => ({ name, machine: network.machine(name, clocks[index] ?? '+0s') }));
  const start = (name: string, machine: Machine, store: string): Running => {
    const sections = [
      `watch: {folders: ["${watched}"], rest_seconds: 0.5, look_seconds: 0.2}`,
      store === '' ? '' : `jobs: {store: "${store}"}`,
    ];
    const config = trial.configFile(sections.join('\n'), { host, member: name });
    return trial.online(config, store === '' ? {} : { store: '' }, (program, args) => machine.command(program, args));
  };
  /** A file of that number comes to lie in the folder, whole. */
  const bring = (number: number): void => {
    const file = writeRun(trial.root, number);
    const half = path.join(trial.root, `half-${number}`);
    cpSync(file, half);
    renameSync(half, path.join(watched, `${jobIdOf(number)}.nxs`));
  };
  return { trial, proxy, network, members, start, bring };
}

/** Each file once, in one dataset and one list. */
function standsOnce(trial: OnlineTrial, files: number): void {
  const { sandbox } = trial;
  expect(sandbox.documents('datasets')).toHaveLength(files);
  expect(sandbox.documents('origdatablocks')).toHaveLength(files);
  const names = trial.listed().filter((name) => name.endsWith('.nxs'));
  expect(names.sort()).toEqual(Array.from({ length: files }, (_, index) => `${jobIdOf(index + 1)}.nxs`));
}

describe.skipIf(!canTry).concurrent('two computers with networks, names and clocks of their own', () => {
  it('have them', async (context) => {
    const { members } = await begin(context, ['-10m', '+10m']);
    const [a, b] = members.map(({ machine }) => seenFrom(machine));
    expect([a?.host, b?.host]).toEqual(['A', 'B']);
    expect(((b?.now ?? 0) - (a?.now ?? 0)) / 60_000).toBeCloseTo(20, 0);
  });

  it('one database, one folder: one of them is cut off while it sends, and comes back', async (context) => {
    if (!postgres) return context.skip();
    const { trial, proxy, network, members, start, bring } = await begin(context, ['-10m', '+10m']);
    const store = await network.reach(postgres.database(`machines-${process.pid}`));
    const said = new Map<string, string>();
    const running = new Map(members.map(({ name, machine }) => [name, start(name, machine, store)]));
    for (const [name, { child }] of running)
      child.stderr?.on('data', (chunk: Buffer) => said.set(name, `${said.get(name) ?? ''}${chunk.toString()}`));
    let cut: (typeof members)[number] | undefined;
    // SciCat makes the list of files, and whoever sent it hears no answer any more, nor anything else.
    proxy.arm({ write: 1, when: 'after' }, (headers) => {
      cut = members.find(({ name }) => name === headers['x-member']);
      cut?.machine.cutOff();
    });
    bring(1);
    await vi.waitFor(() => {
      expect(cut, JSON.stringify([...said])).toBeDefined();
    }, slow);
    const cutAt = performance.now();
    proxy.arm(undefined, () => undefined);
    const other = members.find((member) => member !== cut);
    await vi.waitFor(() => {
      expect(said.get(other?.name ?? '')).toContain('Done (ingested');
    }, slow);
    console.log(`cut off while it sent a list of files: finished by the other computer after ${((performance.now() - cutAt) / 1000).toFixed(1)} s`); // prettier-ignore
    standsOnce(trial, 1);
    cut?.machine.comeBack();
    // The other one ends, so that what comes now is for the one that was cut off.
    running.get(other?.name ?? '')?.child.kill('SIGTERM');
    await running.get(other?.name ?? '')?.finished;
    bring(2);
    // It lets go of what it had begun, and does what is new.
    await vi.waitFor(() => {
      const done = [...(said.get(cut?.name ?? '') ?? '').matchAll(/^Done \(ingested as \S+-(\d+)\)/gm)];
      expect(done.map(([, number]) => Number(number)).sort()).toEqual([1, 2]);
    }, slow);
    standsOnce(trial, 2);
  }, 240_000);

  // It takes a minute, of waiting. By how much their clocks differ comes on top.
  it.runIf(process.env['IMSC_KILLS'] === 'all')(
    'one folder for the jobs, too: one of them is gone, and the other takes over within 65 s',
    async (context) => {
      const { trial, proxy, members, start, bring } = await begin(context, ['+0s', '+0s']);
      const running = members.map(({ name, machine }) => ({ name, running: start(name, machine, '') }));
      let goneAt = Infinity;
      proxy.arm({ write: 1, when: 'before' }, (headers) => {
        running.find(({ name }) => name === headers['x-member'])?.running.child.kill('SIGKILL');
        goneAt = performance.now();
        proxy.arm(undefined, () => undefined);
      });
      bring(1);
      await trial.ended(1, 150_000);
      const took = (performance.now() - goneAt) / 1000;
      console.log(`gone before it sent a list of files: finished by the other computer after ${took.toFixed(1)} s`);
      expect(took).toBeLessThan(65);
      standsOnce(trial, 1);
    },
    240_000,
  );
});
