import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { buildMockBroker, startMockBroker } from '../../scripts/online/mockBroker.mjs';
import type { MockBroker } from '../../scripts/online/mockBroker.mjs';
import { jobIdOf, writeRun } from '../../scripts/online/runs.mjs';
import { wrdnMessage } from '../../scripts/online/wrdnMessage.mjs';
import { startPostgres } from '../../scripts/postgres.mjs';
import type { Postgres } from '../../scripts/postgres.mjs';
import type { Running } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import type { KillingProxy, KillPoint } from './killingProxy.ts';
import { OnlineTrial } from './onlineTrial.ts';

const built = buildMockBroker();
if (!built) console.warn('Skipped: a group of imsc online needs gcc and librdkafka-dev.');
let postgres: Postgres | undefined;
beforeAll(async () => {
  if (built) postgres = await startPostgres();
}, 120_000);
afterAll(async () => {
  built?.remove();
  await postgres?.stop();
});

const topics = ['a', 'b', 'c', 'd'];
const messages = 8;
const slow = { timeout: 90_000, interval: 50 };

/** What one kill is tried with: each has its own, so that they wait for their groups at the same time. */
interface Place {
  readonly trial: OnlineTrial;
  readonly broker: MockBroker;
  readonly proxy: KillingProxy;
}

/** @param address of a database for the jobs */
async function begin({ onTestFinished }: TestContext, address?: string): Promise<Place> {
  const trial = await OnlineTrial.begin(address);
  const proxy = await startKillingProxy(trial.sandbox.baseUrl);
  const broker = await startMockBroker(built?.program ?? '', 2);
  onTestFinished(async () => {
    await trial.end();
    await proxy.close();
    broker.stop();
  });
  for (const topic of topics) await broker.command(`topic ${topic} 1`);
  return { trial, broker, proxy };
}

/** One of a group. */
class Member {
  readonly name: string;
  readonly running: Running;
  readonly said: string[] = [];
  onLine: ((line: string) => void) | undefined;

  constructor({ broker, trial, proxy }: Place, name: string) {
    this.name = name;
    const kafka = `kafka: {topics: "${topics.join(',')}", group_id: g, bootstrap_servers: "${broker.servers}", security_protocol: plaintext, session_timeout_ms: 6000}`;
    this.running = trial.online(trial.configFile(kafka, { host: proxy.host, member: name }));
    let rest = '';
    this.running.child.stderr?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        this.said.push(line);
        this.onLine?.(line);
      }
    });
  }

  get hears(): string[] {
    const last = this.said.findLast((line) => line.startsWith('Kafka: hears ')) ?? '';
    return [...last.matchAll(/\b([a-d]) 0/g)].map(([, topic = '']) => topic);
  }

  get isDead(): boolean {
    return this.running.child.killed;
  }

  kill(): void {
    this.running.child.kill('SIGKILL');
  }
}

/** Members that share the topics, each with one at least. */
async function group(place: Place, count: number): Promise<Member[]> {
  const members: Member[] = [];
  for (const name of ['A', 'B', 'C'].slice(0, count)) {
    members.push(new Member(place, name));
    await vi.waitFor(() => {
      const said = members.map(({ name, said }) => [name, ...said.slice(-5)].join('\n  ')).join('\n');
      expect(members.flatMap(({ hears }) => hears).sort(), said).toEqual(topics);
      for (const { hears } of members) expect(hears.length, said).toBeGreaterThan(0);
    }, slow);
  }
  return members;
}

function send({ broker, trial }: Place, number: number, topic: string): Promise<void> {
  return broker.send(topic, wrdnMessage(writeRun(trial.root, number), jobIdOf(number)));
}

/** One member that has recorded four messages, and when it recorded them and those that come. */
async function memberAtWork(
  place: Place,
): Promise<{ readonly member: Member | undefined; readonly recordedAt: readonly number[] }> {
  const [member] = await group(place, 1);
  const recordedAt: number[] = [];
  if (member)
    member.onLine = (line) => {
      if (line.startsWith('Recorded')) recordedAt.push(performance.now());
    };
  for (let number = 1; number <= 4; number++) await send(place, number, 'a');
  await vi.waitFor(() => {
    expect(recordedAt).toHaveLength(4);
  }, slow);
  return { member, recordedAt };
}

/** Until nothing waits; each file stands in SciCat once then, with a whole list, whoever was killed. */
async function allOnce({ trial }: Place): Promise<void> {
  await vi.waitFor(async () => {
    const { jobs } = await trial.jobs.list();
    // Of one that is not done, what it is at.
    const standing = jobs.map(({ status, hold, isRunning, steps, times }) =>
      status === 'done' ? status : JSON.stringify({ status, hold, isRunning, steps, times }),
    );
    expect(standing).toEqual(Array.from(jobs, () => 'done'));
    expect(new Set(jobs.map(({ request }) => request.dataFile)).size).toBe(messages);
  }, slow);
  expect(trial.sandbox.documents('datasets')).toHaveLength(messages);
  expect(trial.sandbox.documents('origdatablocks')).toHaveLength(messages);
  const names = trial.listed();
  expect(names).toHaveLength(3 * messages);
  expect(new Set(names).size).toBe(names.length);
}

interface Moment {
  readonly name: string;
  /** Kills `victim`, which hears the first message, or, at a write, whoever makes it. */
  readonly arm: (place: Place, victim: Member, members: readonly Member[]) => void;
}

const atWrite = (name: string, point: KillPoint): Moment => ({
  name,
  arm: ({ proxy }, _, members) => {
    proxy.arm(point, (headers) => {
      members.find((member) => member.name === headers['x-member'])?.kill();
      proxy.arm(undefined, () => undefined);
    });
  },
});

async function isCommitted({ broker }: Place, topic: string): Promise<boolean> {
  const admin = new Kafka({ brokers: broker.servers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const [found] = await admin.fetchOffsets({ groupId: 'g', topics: [topic] });
  await admin.disconnect();
  return Number(found?.partitions[0]?.offset) > 0;
}

const moments: readonly Moment[] = [
  {
    name: 'while a message is recorded',
    arm: ({ trial }, victim) => {
      const heard = path.join(trial.store, 'heard');
      mkdirSync(heard, { recursive: true });
      const watching = watch(heard, () => {
        victim.kill();
        watching.close();
      });
    },
  },
  {
    name: 'after a message is recorded',
    arm: (_, victim) => {
      victim.onLine = (line) => {
        if (line.startsWith('Recorded')) victim.kill();
      };
    },
  },
  {
    name: 'after its offset is committed',
    arm: (place, victim) => {
      const topic = victim.hears[0] ?? '';
      void vi
        .waitFor(async () => {
          expect(await isCommitted(place, topic)).toBe(true);
        }, slow)
        .then(() => {
          victim.kill();
        });
    },
  },
  atWrite('before a dataset is sent', { write: 0, to: 'datasets', when: 'before' }),
  atWrite('after a dataset is made, before it is answered', { write: 0, to: 'datasets', when: 'after' }),
  atWrite('before a list of files is sent', { write: 0, to: 'origdatablocks', when: 'before' }),
  atWrite('after a list of files is made, before it is answered', { write: 0, to: 'origdatablocks', when: 'after' }),
];

// All of them, one after the other, take some ten minutes.
const isWhole = process.env['IMSC_KILLS'] === 'all';
const stores = ['a folder', 'PostgreSQL'] as const;
const cases = stores.flatMap((store) =>
  moments.flatMap((moment, index) => {
    // Nothing tells of what is being written into a database.
    if (store === 'PostgreSQL' && index === 0) return [];
    const isShort = index === 4 || (index === 1 && store === 'a folder');
    return isWhole || isShort ? [{ ...moment, store, title: `${moment.name}; jobs in ${store}` }] : [];
  }),
);
// What is measured is measured alone; otherwise they wait for their groups at the same time.
// With all at once, the broker of the tests may call how members come together malformed, and they end as they should. It
// is tried again then, and told of.
const options = { concurrent: !isWhole, timeout: 180_000, retry: isWhole ? 0 : 2 };
const outcomes = new Map<string, string>();
let databases = 0;

describe.skipIf(!built)('two of a group, of which one is killed', () => {
  it.for(cases)('$title', options, async ({ title, store, arm }, context) => {
    const address = store === 'PostgreSQL' ? postgres?.database(`of-${databases++}`) : undefined;
    if (store === 'PostgreSQL' && address === undefined) return context.skip('PostgreSQL is not installed');
    const place = await begin(context, address);
    const members = await group(place, 2);
    const [first, second] = members;
    if (!first || !second) return;
    arm(place, first, members);
    await send(place, 1, first.hears[0] ?? '');
    const rest = Array.from({ length: messages - 1 }, (_, index) => index + 2);
    for (const number of rest) await send(place, number, topics[number % topics.length] ?? '');
    await vi.waitFor(() => {
      expect(members.some(({ isDead }) => isDead)).toBe(true);
    }, slow);
    const killed = performance.now();
    await allOnce(place);
    outcomes.set(title, `each file once, after ${Math.ceil((performance.now() - killed) / 1000)} s`);
  });

  it(
    'three of a group share the topics, and the last one does the work of two that are killed',
    options,
    async (context) => {
      const place = await begin(context);
      const members = await group(place, 3);
      for (const member of members.slice(0, 2))
        member.onLine = (line) => {
          if (line.startsWith('Recorded')) member.kill();
        };
      for (let number = 1; number <= messages; number++)
        await send(place, number, topics[number % topics.length] ?? '');
      await vi.waitFor(() => {
        expect(members.filter(({ isDead }) => isDead)).toHaveLength(2);
      }, slow);
      await allOnce(place);
    },
  );

  it(
    'goes on when the broker dies that coordinates the group, within 30 s and without a loss',
    options,
    async (context) => {
      const place = await begin(context);
      const { broker } = place;
      for (const topic of topics) await broker.command(`leader ${topic} 0 2`);
      await broker.command('coord g 1');
      const { member, recordedAt } = await memberAtWork(place);
      await broker.command('coord g 2');
      await broker.command('down 1');
      const died = performance.now();
      const saidBefore = member?.said.length ?? 0;
      // Until it has noticed; before, it goes on with what it has.
      await vi.waitFor(() => {
        expect(member?.said.slice(saidBefore).some((line) => line.startsWith('Kafka: '))).toBe(true);
      }, slow);
      for (let number = 5; number <= messages; number++) await send(place, number, 'b');
      await allOnce(place);
      const silence = (recordedAt[4] ?? Infinity) - died;
      console.log(`the broker that coordinates the group died: silence of ${(silence / 1000).toFixed(1)} s`);
      expect(silence).toBeLessThan(30_000);
    },
  );

  it('goes on when the broker dies that leads the topics, within 30 s and without a loss', options, async (context) => {
    const place = await begin(context);
    const { broker } = place;
    for (const topic of topics) await broker.command(`leader ${topic} 0 1`);
    await broker.command('coord g 2');
    const { recordedAt } = await memberAtWork(place);
    for (const topic of topics) await broker.command(`leader ${topic} 0 2`);
    await broker.command('down 1');
    const died = performance.now();
    for (let number = 5; number <= messages; number++) await send(place, number, 'b');
    await allOnce(place);
    const silence = (recordedAt[4] ?? Infinity) - died;
    console.log(`the broker that leads the topics died: silence of ${(silence / 1000).toFixed(1)} s`);
    expect(silence).toBeLessThan(30_000);
  });

  it('docs/reliability.md says what becomes of each', async ({ skip }) => {
    skip(!isWhole || outcomes.size < cases.length, 'not all of them were tried');
    const table = [`| \`kill -9\` of one of two | Jobs in ${stores.join(' | in ')} |`, '| --- | --- | --- |']
      .concat(
        moments.map(({ name }) => {
          const cells = stores.map((store) => outcomes.get(`${name}; jobs in ${store}`) ?? 'not tried');
          return `| ${name} | ${cells.join(' | ')} |`;
        }),
      )
      .join('\n');
    const page = path.resolve(import.meta.dirname, '../../docs/reliability.md');
    const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
    const marked = /(<!-- kills: begin[^>]*-->\n)([\s\S]*?)(\n<!-- kills: end -->)/;
    const renewed = text.replace(marked, (_, begin: string, __: string, end: string) => `${begin}\n${table}\n${end}`);
    expect(renewed).not.toBe(text);
    writeFileSync(page, await format(renewed, { ...(await resolveConfig(page)), parser: 'markdown' }));
  });
});
