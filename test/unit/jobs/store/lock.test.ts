import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removeDeadLocks, takeLock } from '../../../../core/jobs/store/lock.ts';
import type { HeldLock } from '../../../../core/jobs/store/lock.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const ending: (() => void)[] = [];
afterEach(() => {
  for (const end of ending.splice(0)) end();
});

async function held(folder: string) {
  const taken = await takeLock(folder, 'a');
  if (!('lock' in taken)) throw new Error('it is held by another');
  return taken.lock;
}

/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

/** A lock as another process left it, `age` milliseconds ago; one of an earlier version as a folder. */
async function leftLock(folder: string, change: object, age = 0, isFolder = false): Promise<void> {
  const lock = await held(folder);
  const [owner = ''] = (await readdir(folder)).filter((name) => name.endsWith('.owner.json'));
  const file = path.join(folder, owner);
  const text = await readFile(file, 'utf8');
  await lock.release();
  const when = new Date(Date.now() - age);
  await writeFile(file, JSON.stringify({ ...(JSON.parse(text) as object), ...change }));
  const mark = file.replace('.owner.json', '.lock');
  await (isFolder ? mkdir(mark) : writeFile(mark, ''));
  for (const name of [file, mark]) await utimes(name, when, when);
}

describe('a lock', () => {
  it('is waited for as long as one wants', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    const start = performance.now();
    expect(await takeLock(folder, 'a')).toMatchObject({ heldBy: { pid: process.pid } });
    expect(await takeLock(folder, 'a', { waitMs: 300 })).toMatchObject({ heldBy: { pid: process.pid } });
    expect(performance.now() - start).toBeGreaterThanOrEqual(300);
    await lock.release();
  });

  it('has an owner to its end, so that a process that is killed while it lets go is noticed at once', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    const seen: string[][] = [];
    const looking = setInterval(() => seen.push(readdirSync(folder).sort()), 0);
    for (let turn = 0; turn < 50; turn++) {
      const again = await takeLock(folder, `b${turn}`);
      if ('lock' in again) await again.lock.release();
    }
    await lock.release();
    clearInterval(looking);
    for (const names of seen)
      for (const name of names.filter((each) => /^[0-9a-f]+\.lock$/.test(each)))
        expect(names).toContain(name.replace('.lock', '.owner.json'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('that somebody else has taken in between stays theirs', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.owner.json'));
    await writeFile(path.join(folder, file), '{}');
    await lock.release();
    expect((await readdir(folder)).sort()).toEqual([file.replace('.owner.json', '.lock'), file]);
  });

  it('is kept by who takes it while it is let go of', async () => {
    const folder = await newFolder();
    const passedOn = async (name: string): Promise<void> => {
      const taken = async (): Promise<HeldLock> => {
        for (;;) {
          const result = await takeLock(folder, name);
          if ('lock' in result) return result.lock;
        }
      };
      const first = await taken();
      const [, second] = await Promise.all([first.release(), taken()]);
      expect(await second.confirm()).toBe(true);
      await second.release();
    };
    for (let turn = 0; turn < 10; turn++)
      await Promise.all(Array.from({ length: 20 }, (_, index) => passedOn(`lock ${index}`)));
    expect(await readdir(folder)).toEqual([]);
  }, 60_000);

  it('of which nobody knows any more who held it is free once it is let go of', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    for (const name of await readdir(folder)) if (name.endsWith('.owner.json')) await rm(path.join(folder, name));
    expect(await lock.confirm()).toBe(false);
    await lock.release();
    await (await held(folder)).release();
  });

  it('that comes free is taken by who waits', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    setTimeout(() => void lock.release(), 300);
    const waited = await takeLock(folder, 'a', { waitMs: 30_000 });
    expect('lock' in waited).toBe(true);
    if ('lock' in waited) await waited.lock.release();
  });

  it('is waited for no longer when that is called off', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    const start = performance.now();
    const waiting = takeLock(folder, 'a', { waitMs: 30_000, signal: AbortSignal.timeout(100) });
    await expect(waiting).rejects.toThrow();
    expect(performance.now() - start).toBeLessThan(10_000);
    await lock.release();
  });

  it('is known to be lost once another process has it', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    expect(await lock.confirm()).toBe(true);
    const [owner] = (await readdir(folder)).filter((name) => name.endsWith('.owner.json'));
    await writeFile(path.join(folder, owner!), JSON.stringify({ pid: 1, host: 'elsewhere', pidNamespace: '' }));
    expect(await lock.confirm()).toBe(false);
    expect(lock.isLost).toBe(true);
    await lock.release();
  });

  it.each([
    { what: 'a moment ago belongs to who wrote that', age: 0, isTaken: false },
    { what: 'some time ago, and that was never taken, is free', age: 10_000, isTaken: true },
  ])('whose owner was written by another computer $what', async ({ age, isTaken }) => {
    const folder = await newFolder();
    await leftLock(folder, { host: 'elsewhere' }, age);
    const [left = ''] = (await readdir(folder)).filter((name) => name.endsWith('.lock'));
    await rm(path.join(folder, left), { recursive: true });
    const taken = await takeLock(folder, 'a');
    expect('lock' in taken).toBe(isTaken);
    if ('lock' in taken) {
      expect(await taken.lock.confirm()).toBe(true);
      await taken.lock.release();
      expect(await readdir(folder)).toEqual([]);
    } else expect(taken.heldBy).toMatchObject({ host: 'elsewhere' });
  });

  it('of which its process was killed before it took it is taken at once', async () => {
    const folder = await newFolder();
    await leftLock(folder, { pid: await endedProcess() });
    const [left = ''] = (await readdir(folder)).filter((name) => name.endsWith('.lock'));
    await rm(path.join(folder, left), { recursive: true });
    await (await held(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind, and keeps nobody from a lock of another name', async () => {
    const folder = await newFolder();
    const lock = await held(folder);
    const other = await takeLock(folder, 'b');
    expect('lock' in other && lock.isLost).toBe(false);
    if ('lock' in other) await other.lock.release();
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['of a process that has ended', {}, true, false],
    ['of a process of an earlier version that has ended', {}, true, true],
    ['of another computer', { host: 'elsewhere' }, false, false],
    ['of another container', { pidNamespace: 'pid:[1]' }, false, false],
  ])('%s is free: %j', async (_title, change, isFree, isFolder) => {
    const folder = await newFolder();
    await leftLock(folder, { pid: await endedProcess(), ...change }, 0, isFolder);
    const taken = await takeLock(folder, 'a');
    expect('lock' in taken).toBe(isFree);
    if ('lock' in taken) await taken.lock.release();
  });

  it('of a process that has ended, and whose number another one has now, is free', async () => {
    const folder = await newFolder();
    await leftLock(folder, { pid: process.pid, began: '1' });
    const taken = await takeLock(folder, 'a');
    // Only Linux says when a process began.
    expect('lock' in taken).toBe(process.platform === 'linux');
    if ('lock' in taken) await taken.lock.release();
  });

  it('of a process that runs is not free', async () => {
    const folder = await newFolder();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    ending.push(() => child.kill('SIGKILL'));
    await leftLock(folder, { pid: child.pid, began: undefined });
    expect(await takeLock(folder, 'a')).toMatchObject({ heldBy: { pid: child.pid } });
  });
});

describe('what is left of locks', () => {
  const hour = 3_600_000;
  it.each([
    ['of a process that has ended', {}, 0, true],
    ['of a process that runs', { pid: process.pid }, 0, false],
    ['of another computer', { host: 'elsewhere' }, 0, false],
    ['of another computer, without a sign of life for an hour', { host: 'elsewhere' }, hour, true],
    ['of another container', { pidNamespace: 'pid:[1]' }, 0, false],
    ['of nobody that can be read', { pid: 'x' }, 0, false],
    ['of nobody that can be read, for an hour', { pid: 'x' }, hour, true],
  ])('%s, is removed: %j', async (_title, change, age, isRemoved) => {
    const folder = await newFolder();
    await leftLock(folder, { pid: await endedProcess(), ...change }, age);
    await removeDeadLocks(folder, 10);
    expect((await readdir(folder)).length === 0).toBe(isRemoved);
  });

  it('is looked through a little at a time, and a gate that was left open is closed', async () => {
    const folder = await newFolder();
    for (const name of ['a.gate.lock', 'b.gate.lock', 'c.gate.lock']) {
      // Of an earlier version the first one.
      await (name === 'a.gate.lock' ? mkdir(path.join(folder, name)) : writeFile(path.join(folder, name), ''));
      if (name !== 'c.gate.lock') await utimes(path.join(folder, name), 0, 0);
    }
    await removeDeadLocks(folder, 1);
    expect(await readdir(folder)).toEqual(['b.gate.lock', 'c.gate.lock']);
    await removeDeadLocks(folder, 10);
    expect(await readdir(folder)).toEqual(['c.gate.lock']);
    await removeDeadLocks(path.join(folder, 'nowhere'), 10);
  });
});
