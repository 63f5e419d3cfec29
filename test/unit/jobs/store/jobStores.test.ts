import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../../../../core/jobs/store/folderStore.ts';
import { markFile } from '../../../../core/jobs/store/jobFolders.ts';
import type { HeldJob, JobStore, MarkedPlace, OldMark } from '../../../../core/jobs/store/jobStore.ts';
import { PostgresStore } from '../../../../core/jobs/store/postgres/postgresStore.ts';
import { startPostgres } from '../../../../scripts/postgres.mjs';
import type { Postgres } from '../../../../scripts/postgres.mjs';

const root = mkdtempSync(path.join(tmpdir(), 'imsc-stores-'));
let postgres: Postgres | undefined;
const opened: PostgresStore[] = [];
beforeAll(async () => {
  postgres = await startPostgres(console.log);
}, 120_000);
afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await postgres?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** An empty store, and how another process of the same one is had. */
type NewStore = () => Promise<{ store: JobStore; other: () => Promise<JobStore> }>;

const implementations: readonly { readonly name: string; readonly make: NewStore }[] = [
  {
    name: 'a folder',
    make: () => {
      const folder = path.join(root, randomUUID());
      return Promise.resolve({ store: new FolderStore(folder), other: () => Promise.resolve(new FolderStore(folder)) });
    },
  },
  {
    name: 'PostgreSQL',
    make: async () => {
      const address = postgres!.database(randomUUID());
      const open = async (): Promise<JobStore> => {
        const store = await PostgresStore.open(address, { folder: path.join(root, 'files') });
        opened.push(store);
        return store;
      };
      return { store: await open(), other: open };
    },
  },
];

const first = (id: string): Promise<{ pages: Record<string, string>; lines: string[]; label: string }> =>
  Promise.resolve({ pages: { 'job.json': `{"id":"${id}"}` }, lines: ['create'], label: 'new' });

async function held(store: JobStore, id: string): Promise<HeldJob> {
  const taken = await store.hold(id);
  if (!('job' in taken)) throw new Error(`${id} is held by ${JSON.stringify(taken.heldBy)}`);
  return taken.job;
}

async function* pieces(...texts: string[]): AsyncGenerator<string, void> {
  for (const text of texts) yield await Promise.resolve(text);
}

async function textOf(list: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of list) text += piece;
  return text;
}

describe.each(implementations)('a store in $name', ({ name, make }) => {
  const test = it.extend<{ shared: Awaited<ReturnType<NewStore>> }>({
    shared: async ({ skip }, use) => {
      if (name === 'PostgreSQL')
        skip(postgres === undefined, 'PostgreSQL is not installed: apt-get install postgresql');
      await use(await make());
    },
  });

  test('finds jobs by their labels, which go with them', async ({ shared: { store, other } }) => {
    const [one, two] = [await store.create(true, first), await store.create(false, first)];
    expect(await store.labels()).toEqual(new Map([one, two].map(({ id }) => [id, ['new']])));
    await one.write({ label: 'old', pages: { 'job.json': '{}' } });
    // What says nothing of it leaves it as it is.
    await one.write({ lines: ['more'] });
    expect(await (await other()).labels()).toEqual(new Map([[one.id, ['old']], [two.id, ['new']]])); // prettier-ignore
    await one.write({ place: 'ended' });
    await one.close();
    await store.remove(one.id);
    expect(await store.labels()).toEqual(new Map([[two.id, ['new']]]));
    await two.write({ place: 'ended' });
    await two.close();
    await store.removeEndedBefore(Date.now() + 3 * 24 * 60 * 60 * 1000, 10);
    expect(await store.labels()).toEqual(new Map());
  });

  test('has what was written of a job, also for other processes', async ({ shared: { store, other } }) => {
    const job = await store.create(true, first);
    await job.write({ pages: { 'plan.jsonl': 'a\n', 'result/receipt.json': '{}' }, lines: ['one', 'two'] });
    await job.write({ pages: { 'plan.jsonl': undefined }, lines: ['drei: ü\\u0000'], until: 'kept' });
    await job.write({ pages: { 'run.json': '1' }, until: 'kept' });
    await job.write({ lines: ['five'], until: 'soon' });
    await job.flush();
    for (const each of [store, await other()]) {
      expect(await each.pages(job.id, 'job.json', 'plan.jsonl', 'run.json', 'result/receipt.json')).toEqual({
        'job.json': `{"id":"${job.id}"}`,
        'run.json': '1',
        'result/receipt.json': '{}',
      });
      expect(await each.lines(job.id)).toEqual(['create', 'one', 'two', 'drei: ü\\u0000', 'five']);
    }
    await job.close();
  });

  test('keeps a list of any length, and the next one in its place', async ({ shared: { store } }) => {
    const job = await store.create(false, first);
    expect(await store.listBytes(job.id)).toBe(0);
    const bytes = await job.writeList(pieces('"/a"\n"/ü"\n', '"/c"\n'));
    expect(bytes).toBe(Buffer.byteLength('"/a"\n"/ü"\n"/c"\n'));
    expect(await store.listBytes(job.id)).toBe(bytes);
    expect(await textOf(store.list(job.id))).toBe('"/a"\n"/ü"\n"/c"\n');
    await job.write({ pages: { 'files.jsonl': undefined } });
    await job.writeList(pieces('"/d"\n'));
    expect(await textOf(store.list(job.id))).toBe('"/d"\n');
    await job.close();
  });

  test('knows where each job stands', async ({ shared: { store } }) => {
    const made = [];
    for (const isQueued of [true, false, true]) made.push(await store.create(isQueued, first));
    const [waits, begun, ends] = made.map(({ id }) => id) as [string, string, string];
    expect((await store.places()).map(({ id }) => id)).toEqual([ends, begun, waits]);
    expect((await store.places(2)).map(({ id }) => id)).toEqual([ends, begun]);
    expect(await store.open()).toEqual([waits, begun, ends]);
    expect(await store.begun()).toEqual({ ids: [begun], strays: [] });
    await made[0]!.write({ place: 'open' });
    await made[2]!.write({ place: 'ended', isAmending: true });
    expect(await store.begun()).toMatchObject({ ids: [waits, begun] });
    expect(await store.open()).toEqual([waits, begun]);
    expect(await store.find(ends)).toMatchObject({ id: ends, isEnded: true });
    expect(await store.find(waits)).toMatchObject({ isEnded: false });
    expect(await store.amending()).toEqual([ends]);
    await made[2]!.write({ place: 'open', isAmending: false });
    expect(await store.find(ends)).toMatchObject({ isEnded: false });
    expect(await store.amending()).toEqual([]);
    await store.putAway(waits, new Date().toISOString());
    expect(await store.open()).toEqual([begun, ends]);
    const calledOff = await store.create(true, first);
    await store.putAway(calledOff.id, new Date().toISOString());
    expect(await store.open()).toEqual([begun, ends]);
    expect(await store.find(calledOff.id)).toMatchObject({ isEnded: true });
    await calledOff.close();
    for (const id of ['4711', '0', '../1', '', 'x'.repeat(300), '99999999999999999999'])
      expect(await store.find(id), id).toBe(undefined);
    await Promise.all(made.map((job) => job.close()));
  });

  test('forgets jobs that ended long ago, the oldest first, and a job that is removed', async ({
    shared: { store },
  }) => {
    const ids: string[] = [];
    for (const at of ['2025-01-03', '2025-01-02', '2025-01-02', new Date().toISOString()]) {
      const job = await store.create(false, first);
      ids.push(job.id);
      await job.close();
      await store.putAway(job.id, at);
    }
    const [third, one, two, now] = ids as [string, string, string, string];
    const before = Date.parse('2025-02-01');
    expect(await store.endedBefore(before)).toEqual([
      { day: '2025-01-02', ids: [one, two] },
      { day: '2025-01-03', ids: [third] },
    ]);
    expect([...(await store.removeEndedBefore(before, 2))].sort()).toEqual([one, two]);
    expect(await store.removeEndedBefore(before, Infinity)).toEqual([third]);
    expect((await store.places()).map(({ id }) => id)).toEqual([now]);
    expect(await store.pages(one, 'job.json')).toEqual({});
    await store.remove(now);
    expect(await store.places()).toEqual([]);
    expect(await store.lines(now)).toEqual([]);
  });

  test('lets one process hold a job, and the next one when that has let go', async ({ shared: { store, other } }) => {
    const job = await store.create(true, first);
    const second = await other();
    expect(await second.hold(job.id)).toMatchObject({ heldBy: { pid: process.pid } });
    expect(job.lock.isLost).toBe(false);
    expect(await job.lock.confirm()).toBe(true);
    const waiting = second.hold(job.id, { waitMs: 20_000 });
    await job.close();
    const taken = await waiting;
    expect('job' in taken).toBe(true);
    expect(await store.hold(job.id)).toHaveProperty('heldBy');
    if ('job' in taken) await taken.job.close();
    await (await held(store, job.id)).close();
  });

  test('gives a lock to one of many who want it at once', async ({ shared: { store, other } }) => {
    const stores = [store, await other()];
    const tries = await Promise.all(Array.from({ length: 12 }, (_, index) => stores[index % 2]!.lock('a name')));
    const locks = tries.flatMap((each) => ('lock' in each ? [each.lock] : []));
    expect(locks).toHaveLength(1);
    const free = await store.lock('another name');
    expect('lock' in free).toBe(true);
    expect(await stores[1]!.holderOf('a name')).toMatchObject({ pid: process.pid });
    await locks[0]!.release();
    expect(await stores[1]!.holderOf('a name')).toBe(undefined);
    const signal = AbortSignal.timeout(100);
    await expect(store.lock('another name', { waitMs: 30_000, signal })).rejects.toThrow();
    const long = await store.lock('x'.repeat(5000));
    expect('lock' in long).toBe(true);
    for (const each of [free, long]) if ('lock' in each) await each.lock.release();
  });

  test('gives each new job a number of its own', async ({ shared: { store, other } }) => {
    const stores = [store, await other()];
    const made = await Promise.all(Array.from({ length: 10 }, (_, index) => stores[index % 2]!.create(true, first)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(10);
    for (const job of made) expect(await store.pages(job.id, 'job.json')).toEqual({ 'job.json': `{"id":"${job.id}"}` });
    await Promise.all(made.map((job) => job.close()));
  });

  test('tells the process that holds a job that it is called off', async ({ shared: { store, other } }) => {
    const job = await store.create(true, first);
    expect(await store.isCalledOff(job.id)).toBe(false);
    await (await other()).callOff(job.id);
    expect(await store.isCalledOff(job.id)).toBe(true);
    await job.write({ pages: { cancel: undefined } });
    expect(await store.isCalledOff(job.id)).toBe(false);
    await job.close();
  });

  test('remembers what was noted under a name', async ({ shared: { store, other } }) => {
    expect(await store.mark('["file","/ü"]')).toBe(undefined);
    await store.setMark('["file","/ü"]', 'one');
    await store.setMark('["file","/ü"]', 'two');
    await store.setMark('["file","/x"]', 'three');
    expect(await (await other()).mark('["file","/ü"]')).toBe('two');
  });

  test('tells which of the newest jobs have changed since the look before', async ({ shared: { store, other } }) => {
    // So that what is not trusted for long is trusted.
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    const watching = await other();
    const look = async (): Promise<string[]> => {
      const before = new Map(seen.map(({ id, mark }) => [id, mark]));
      seen = await watching.newest(2);
      return seen.filter(({ id, mark }) => before.get(id) !== mark).map(({ id }) => id);
    };
    let seen: readonly MarkedPlace[] = [];
    await (await store.create(true, first)).close();
    const one = await store.create(true, first);
    const two = await store.create(true, first);
    expect(await look()).toEqual([two.id, one.id]);
    expect(await look()).toEqual([]);
    await one.write({ pages: { 'job.json': '{"id":"?"}' } });
    expect(await look()).toEqual([one.id]);
    await two.write({ lines: ['begun'] });
    expect(await look()).toEqual([two.id]);
    await two.close();
    expect(await look()).toEqual([two.id]);
    await one.write({ place: 'ended' });
    expect(await look()).toEqual([one.id]);
    expect(seen.map(({ isEnded }) => isEnded)).toEqual([false, true]);
    await one.close();
    await look();
    const three = await store.create(true, first);
    expect(await look()).toEqual([three.id]);
    expect(seen.map(({ id }) => id)).toEqual([three.id, two.id]);
    await three.close();
    await look();
    expect(await look()).toEqual([]);
    clock.mockRestore();
  });

  test('forgets what was noted long ago, some at a time, unless it was noted anew', async ({ shared: { store } }) => {
    const dayMs = 24 * 60 * 60 * 1000;
    expect(await store.oldMarks(Date.now(), '', 2)).toEqual({ marks: [], next: '' });
    const names = ['one', 'two', 'three', 'four', 'five'];
    for (const name of names) await store.setMark(name, name);
    const tomorrow = Date.now() + dayMs;
    expect((await store.oldMarks(Date.now() - dayMs, '', 10)).marks).toEqual([]);
    const found: OldMark[] = [];
    let after = '';
    let looks = 0;
    do {
      const { marks, next } = await store.oldMarks(tomorrow, after, 2);
      found.push(...marks);
      after = next;
      looks += 1;
    } while (after !== '');
    expect(looks).toBe(3);
    expect(found.map(({ text }) => text).sort()).toEqual([...names].sort());
    await store.setMark('two', 'anew');
    for (const mark of found) if (mark.text !== 'four') await store.removeMark(mark);
    const left = await Promise.all(names.map((name) => store.mark(name)));
    expect(left.filter((text) => text !== undefined)).toEqual(['anew', 'four']);
  });
});

it('a note in a folder that cannot be read is another thing than none', async () => {
  const folder = path.join(root, randomUUID());
  mkdirSync(markFile(folder, 'unreadable'), { recursive: true });
  const store = new FolderStore(folder);
  await expect(store.mark('unreadable')).rejects.toMatchObject({ code: 'journal-unwritable' });
  expect(await store.mark('none')).toBe(undefined);
});

describe('PostgreSQL', () => {
  const test = it.extend<{ server: Postgres; address: string }>({
    server: async ({ skip }, use) => {
      if (postgres === undefined) skip('PostgreSQL is not installed: apt-get install postgresql');
      else await use(postgres);
    },
    address: async ({ server }, use) => {
      await use(server.database(randomUUID()));
    },
  });
  const open = async (address: string, leaseMs?: number): Promise<PostgresStore> => {
    const store = await PostgresStore.open(address, { folder: root, leaseMs });
    opened.push(store);
    return store;
  };

  test('is set up by many processes at once, one after the other', async ({ address, server }) => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(address)));
    expect(new Set(stores.map(({ folder }) => folder)).size).toBe(1);
    expect(server.ask(address, 'SELECT count(*) FROM imsc.store')).toBe('1');
  });

  test('that a newer version of imsc has set up is left alone', async ({ address, server }) => {
    await open(address);
    server.ask(address, 'UPDATE imsc.store SET version = 99');
    await expect(open(address)).rejects.toMatchObject({
      code: 'journal-unwritable',
      message: expect.stringContaining('newer version') as string,
    });
  });

  test.for([
    ['that is not there', (address: string) => `${address}-gone`, 'does not exist'],
    ['whose password is wrong', (address: string) => address.replace(/:open-\d+@/, ':SESAME@'), 'password'],
    ['that nobody runs', (address: string) => address.replace(/:\d+\//, ':1/'), 'nobody answers'],
  ] as const)('%s is a problem without the password', async ([, change, why], { address }) => {
    const failed = await open(change(address)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'journal-unwritable', message: expect.stringContaining(why) as string });
    expect(String(failed)).toMatch(/postgres:\/\/imsc@127\.0\.0\.1/);
    expect(String(failed)).not.toMatch(/SESAME|open-\d/);
  });

  test('shows its password nowhere', async ({ address, server }) => {
    const store = await open(address);
    const job = await store.create(true, first);
    expect(store.name).toBe(address.replace(`:${server.password}`, ''));
    expect(store.whereIs(job.id, 'run.json').text).not.toContain(server.password);
    const rows = ['page', 'line', 'lease'].map((table) => server.ask(address, `SELECT * FROM imsc.${table}`));
    expect(rows.join('\n')).not.toContain(server.password);
    await job.close();
  });

  test('takes what a process held that gave no sign of life, and nothing is written by that one any more', async ({
    address,
    server,
  }) => {
    const cutOff = await open(address, 2000);
    const job = await cutOff.create(true, first);
    const other = await open(address);
    expect(await other.hold(job.id)).toHaveProperty('heldBy');
    // As the database sees one that is cut off.
    server.ask(address, `UPDATE imsc.lease SET until = now() - interval '1 second'`);
    const taken = await other.hold(job.id);
    expect('job' in taken).toBe(true);
    expect(await job.lock.confirm()).toBe(false);
    await expect(job.write({ lines: ['too late'] })).rejects.toMatchObject({ code: 'journal-busy' });
    await expect(job.writeList(pieces('"/x"\n'))).rejects.toMatchObject({ code: 'journal-busy' });
    expect(await other.lines(job.id)).toEqual(['create']);
    await expect.poll(() => job.lock.isLost, { timeout: 10_000 }).toBe(true);
    // Letting go of what it does not hold any more takes it from nobody.
    await job.close();
    if ('job' in taken) {
      await taken.job.write({ lines: ['goes on'] });
      await taken.job.close();
    }
    expect(await other.lines(job.id)).toEqual(['create', 'goes on']);
  });

  test('keeps what a process holds that gives signs of life', async ({ address }) => {
    const store = await open(address, 400);
    const job = await store.create(true, first);
    const other = await open(address);
    expect(await other.hold(job.id, { waitMs: 1500 })).toHaveProperty('heldBy');
    expect(job.lock.isLost).toBe(false);
    expect(await other.free()).toEqual([]);
    await job.write({ lines: ['still'] });
    await job.close();
    expect(await other.free()).toEqual([job.id]);
  });

  test('gives what a killed process of this computer held to the next one at once', async ({ address, server }) => {
    const store = await open(address);
    const job = await store.create(true, first);
    const ended = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => ended.once('exit', resolve));
    server.ask(
      address,
      `UPDATE imsc.lease SET owner = replace(owner, '"pid":${process.pid}', '"pid":${ended.pid ?? 0}')`,
    );
    const other = await open(address);
    const taken = await other.hold(job.id);
    expect('job' in taken).toBe(true);
    if ('job' in taken) await taken.job.close();
  });

  test('that ends and comes back is used again; what was held is held', async ({ address, server }) => {
    const store = await open(address);
    const job = await store.create(true, first);
    await job.write({ lines: ['before'] });
    await server.crash();
    const writing = job.write({ lines: ['after'] });
    await wait(300);
    await server.startAgain();
    await writing;
    expect(await store.lines(job.id)).toEqual(['create', 'before', 'after']);
    await job.close();
  });
});
