import { createHash, randomUUID } from 'node:crypto';
import * as system from 'node:fs';
import { open, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { failureCode } from '../../files/failureReason.ts';
import { FileError } from '../../files/fileError.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { removeFile, statOf, textOf } from '../../files/smallReads.ts';

/**
 * How long a lock is kept without a sign of life. Reading a big file can keep a process from giving one, so it
 * is generous: a process that was killed on this machine is noticed at once in another way.
 */
const staleMs = 60_000;
const updateMs = 5_000;
const gateStaleMs = 10_000;
/** So long after its owner was written there is a lock, unless its process was killed in between. */
const takingMs = 5_000;
/** How long after its last sign of life a process is no longer waited for. */
const longDeadMs = 10 * staleMs;
const pollMs = 200;

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Process ids of different containers have nothing to do with each other. */
  readonly pidNamespace: string;
  /** Tells computers of one name apart, where the system says it: another one each time that a computer starts. */
  readonly boot?: string | undefined;
  /** When it began, by the system's count: the number of a process that has ended is given to others. */
  readonly began?: string | undefined;
}

export interface HeldLock {
  /** True once the lock was lost, for example because the computer slept: another process may hold it now. */
  readonly isLost: boolean;
  /** Looks whether it is still held, and not only whether it was a moment ago: right before what cannot be taken back. */
  confirm(): Promise<boolean>;
  release(): Promise<void>;
}

/** What is told where a process stops because what it held is held by another one. */
export function lost(): FileError {
  return new FileError(
    'journal-busy',
    'The lock of this run was lost, perhaps because the computer slept. Another process may have taken over; ' +
      'this one stops. `imsc resume` finishes what is left.',
  );
}

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds; default: not at all. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type LockResult = { readonly lock: HeldLock } | { readonly heldBy: LockOwner | undefined };

/**
 * How the library asks the system: what most often is answered from memory is asked at once, see smallReads.ts. What it
 * makes as a folder is an empty file here, which only one can make as well, on NFS from version 3 on: ext4 looks for a place
 * of its own for each folder, and keeps this thread ten times as long for it. Earlier versions left folders.
 */
const atOnce = {
  ...system,
  mkdir: (name: string, answer: (error: Error | null) => void): void => {
    answered(() => {
      system.closeSync(system.openSync(name, 'wx', 0o600));
    }, answer);
  },
  rmdir: (name: string, answer: (error: Error | null) => void): void => {
    answered(() => {
      removeMark(name);
    }, answer);
  },
  rmdirSync: removeMark,
  stat: (file: string, answer: (error: Error | null, found?: system.Stats) => void): void => {
    answered(() => system.statSync(file), answer);
  },
};

/** Takes away what says that a lock is held. @throws an error of the system, also if it is not there */
function removeMark(name: string): void {
  if (system.lstatSync(name).isDirectory()) system.rmdirSync(name);
  else system.unlinkSync(name);
}

/** The same where it may be gone, or must stay. */
function tryToRemoveMark(name: string): void {
  try {
    removeMark(name);
  } catch {
    // Somebody else has, or will.
  }
}

function answered<T>(ask: () => T, answer: (error: Error | null, found?: T) => void): void {
  let found: T;
  try {
    found = ask();
  } catch (error) {
    answer(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  answer(null, found);
}

let itself: Promise<LockOwner> | undefined;

/** This process, as an owner. */
export function thisProcess(): Promise<LockOwner> {
  return (itself ??= lookAtThisProcess());
}

async function lookAtThisProcess(): Promise<LockOwner> {
  const [pidNamespace, boot] = await Promise.all([
    readlink('/proc/self/ns/pid').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  const began = beginningOf(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    pidNamespace,
    ...(boot !== '' && { boot: boot.trim() }),
    ...(began !== undefined && { began }),
  };
}

/** When the process of that number began; undefined where the system does not say. */
function beginningOf(pid: number): string | undefined {
  try {
    // The 22nd of its fields; the second one, a name, may hold anything.
    return system
      .readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is LockOwner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'host' in value &&
    typeof value.host === 'string' &&
    'pidNamespace' in value &&
    typeof value.pidNamespace === 'string'
  );
}

function readOwner(file: string): LockOwner | undefined {
  return ownerIn(textOf(file) ?? '');
}

/** The owner that a text is about, as JSON; undefined where it is about none. */
export function ownerIn(text: string): LockOwner | undefined {
  try {
    const owner: unknown = JSON.parse(text);
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** True only if that process certainly ended: it ran here, and its number is free, or that of another one. */
export function hasEnded(owner: LockOwner, here: LockOwner): boolean {
  if (owner.host !== here.host || owner.pidNamespace !== here.pidNamespace) return false;
  if (owner.boot !== undefined && owner.boot !== here.boot) return false;
  try {
    process.kill(owner.pid, 0);
    const began = owner.began === undefined ? undefined : beginningOf(owner.pid);
    return began !== undefined && began !== owner.began;
  } catch (error) {
    return failureCode(error) === 'ESRCH';
  }
}

/**
 * One process at a time decides about a lock; otherwise two could take over the same dead one.
 * @returns how to leave it; undefined if others were at it all the time
 */
async function enterGate(target: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lock(`${target}.gate`, {
      fs: atOnce,
      realpath: false,
      stale: gateStaleMs,
      retries: { retries: 200, minTimeout: 20, maxTimeout: 100, factor: 1.2, randomize: true },
      onCompromised: () => undefined,
    });
  } catch (error) {
    if (failureCode(error) === 'ELOCKED') return undefined;
    throw error;
  }
}

/** Frees the lock of a process that was killed. To be called behind the gate. */
async function freeDead(target: string, here: LockOwner): Promise<void> {
  const ownerFile = `${target}.owner.json`;
  const owner = readOwner(ownerFile);
  if (!owner || !hasEnded(owner, here)) return;
  tryToRemoveMark(`${target}.lock`);
  await removeFile(ownerFile);
}

/** Whether somebody holds the lock who gives signs of life. */
function isFresh(target: string): boolean {
  const found = statOf(`${target}.lock`);
  return found !== undefined && Date.now() - found.mtimeMs <= staleMs;
}

/**
 * Writes whose the lock is: that comes first, because of a lock without an owner nobody knows that its process was killed.
 * @returns false where another one is just taking it, or holds it
 */
async function writeOwner(target: string, owner: string): Promise<boolean> {
  const file = `${target}.owner.json`;
  let handle;
  try {
    handle = await open(file, 'wx', 0o600);
    await handle.writeFile(owner);
    return true;
  } catch (error) {
    // On a full disk half of it would keep everybody away for a while.
    if (handle) removeAtOnce(file);
    else if (failureCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await handle?.close();
  }
}

/** As `writeOwner`, where an owner was left. To be called behind the gate. */
async function replaceOwner(target: string, owner: string, here: LockOwner): Promise<boolean> {
  await freeDead(target, here);
  if (isFresh(target)) return false;
  const written = statOf(`${target}.owner.json`);
  if (written === undefined) return writeOwner(target, owner);
  if (Math.abs(Date.now() - written.mtimeMs) < takingMs) return false;
  await writeFile(`${target}.owner.json`, owner, { mode: 0o600 });
  return true;
}

async function tryLock(target: string, here: LockOwner): Promise<LockResult> {
  const ownerFile = `${target}.owner.json`;
  const owner = JSON.stringify({ ...here, taken: randomUUID() });
  // Where there is no owner, no dead one has to be decided about.
  if (await writeOwner(target, owner)) return takeOwned(target, owner);
  const leave = await enterGate(target);
  if (!leave) return { heldBy: readOwner(ownerFile) };
  try {
    if (await replaceOwner(target, owner, here)) return await takeOwned(target, owner);
    return { heldBy: readOwner(ownerFile) };
  } finally {
    await leave().catch(() => undefined);
  }
}

/** Takes a lock whose owner is written. */
async function takeOwned(target: string, owner: string): Promise<LockResult> {
  const ownerFile = `${target}.owner.json`;
  const isOurs = (): boolean => textOf(ownerFile) === owner;
  const state = { isLost: false, isTaken: false };
  let unlock: () => Promise<void>;
  try {
    unlock = await lock(target, {
      fs: atOnce,
      realpath: false,
      stale: staleMs,
      update: updateMs,
      onCompromised: () => {
        Object.assign(state, { isLost: true, isTaken: true });
      },
    });
  } catch (error) {
    if (isOurs()) removeAtOnce(ownerFile);
    if (failureCode(error) === 'ELOCKED') return { heldBy: readOwner(ownerFile) };
    throw error;
  }
  if (!isOurs()) {
    // It took so long that another one has it now.
    await unlock().catch(() => undefined);
    return { heldBy: readOwner(ownerFile) };
  }
  const release = async (): Promise<void> => {
    if (state.isTaken) return;
    // While it is fresh nobody takes it over, and nothing is waited for in between.
    if (isFresh(target) && isOurs() && removeAtOnce(ownerFile)) {
      await unlock().catch(() => undefined);
      return;
    }
    // Otherwise who takes it now could be the one whose owner is deleted. A full disk has no room for a gate.
    const close = await enterGate(target).catch(() => undefined);
    const now = textOf(ownerFile);
    // With another owner it is theirs; without any it is still ours, because who takes one says so first.
    if (now === undefined || now === owner) {
      // What cannot be deleted is taken over when this process has ended. Here too there is an owner as long as a lock.
      await unlock().catch(() => undefined);
      if (now === owner) await removeFile(ownerFile).catch(() => undefined);
    }
    await close?.().catch(() => undefined);
  };
  return {
    lock: {
      get isLost() {
        return state.isLost;
      },
      confirm() {
        if (!isOurs()) state.isLost = true;
        return Promise.resolve(!state.isLost);
      },
      release,
    },
  };
}

/** @returns whether it is gone */
function removeAtOnce(file: string): boolean {
  try {
    system.unlinkSync(file);
    return true;
  } catch (error) {
    return failureCode(error) === 'ENOENT';
  }
}

/** Who holds the lock of that name, without taking it; undefined if it is free, or nobody knows who does. */
export async function holderOf(folder: string, name: string): Promise<LockOwner | undefined> {
  const target = targetOf(folder, name);
  const here = await thisProcess();
  const [found, owner] = [statOf(`${target}.lock`), readOwner(`${target}.owner.json`)];
  if (!found || !owner || Date.now() - found.mtimeMs > staleMs || hasEnded(owner, here)) return undefined;
  return owner;
}

function targetOf(folder: string, name: string): string {
  return path.join(folder, createHash('sha256').update(name).digest('hex').slice(0, 32));
}

/**
 * Removes locks of processes that were killed, as they remain where nobody asks for them again.
 * @param atMost how many are looked at
 */
export async function removeDeadLocks(folder: string, atMost: number): Promise<void> {
  const here = await thisProcess();
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.slice(0, atMost)) {
    const file = path.join(folder, name);
    const target = file.replace(/(?:\.gate)?\.lock$|\.owner\.json$/, '');
    const age = Date.now() - (statOf(file)?.mtimeMs ?? Date.now());
    if (name.endsWith('.gate.lock')) {
      if (age > longDeadMs) tryToRemoveMark(file);
      continue;
    }
    const owner = readOwner(`${target}.owner.json`);
    const isDead = owner ? hasEnded(owner, here) || (name.endsWith('.lock') && age > longDeadMs) : age > longDeadMs;
    if (!isDead) continue;
    const leave = await enterGate(target);
    if (!leave) continue;
    try {
      await freeDead(target, here);
      const now = statOf(`${target}.lock`);
      if (now && Date.now() - now.mtimeMs <= longDeadMs) continue;
      // No sign of life for long, wherever its process was.
      tryToRemoveMark(`${target}.lock`);
      await removeFile(`${target}.owner.json`);
    } finally {
      await leave().catch(() => undefined);
    }
  }
}

/** Tries to take something until somebody else's time with it, or ours to wait, is over. @throws the signal's reason */
export async function takeWithin<Taken extends object>(
  { waitMs = 0, signal }: LockOptions = {},
  take: () => Promise<Taken | { readonly heldBy: LockOwner | undefined }>,
): Promise<Taken | { readonly heldBy: LockOwner | undefined }> {
  const until = Date.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const result = await take();
    if (!('heldBy' in result) || Date.now() >= until) return result;
    await delay(pollMs * (0.5 + Math.random()), undefined, signal ? { signal } : {});
  }
}

/**
 * Takes the lock of that name in a folder, waiting for another holder at most `waitMs`. The lock of a process that
 * was killed is taken over.
 */
export async function takeLock(folder: string, name: string, options?: LockOptions): Promise<LockResult> {
  await makeFolder(folder, 0o700);
  const target = targetOf(folder, name);
  const here = await thisProcess();
  return takeWithin(options, () => tryLock(target, here));
}
