import { createHash } from 'node:crypto';
import { mkdir, readFile, readlink, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { failureCode } from './failureReason.ts';

/**
 * Without a sign of life for so long a lock is given up. Reading a big file can keep a process from giving one, so it
 * is generous: a process that was killed on this machine is noticed at once in another way.
 */
const staleMs = 60_000;
const updateMs = 5_000;
const pollMs = 200;

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Process ids of different containers have nothing to do with each other. */
  readonly pidNamespace: string;
}

export interface HeldLock {
  /** True once the lock was lost, for example because the computer slept: another process may hold it now. */
  readonly isLost: boolean;
  release(): Promise<void>;
}

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds; default: not at all. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type LockResult = { readonly lock: HeldLock } | { readonly heldBy: LockOwner | undefined };

async function thisProcess(): Promise<LockOwner> {
  const pidNamespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { pid: process.pid, host: hostname(), pidNamespace };
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

async function readOwner(file: string): Promise<LockOwner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** True only if that process certainly ended: it ran here, and its number is free. */
function hasEnded(owner: LockOwner, here: LockOwner): boolean {
  if (owner.host !== here.host || owner.pidNamespace !== here.pidNamespace) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return failureCode(error) === 'ESRCH';
  }
}

async function tryLock(target: string, here: LockOwner): Promise<LockResult> {
  const ownerFile = `${target}.owner.json`;
  // One process at a time decides about this lock; otherwise two could take over the same dead one.
  const leave = await lock(`${target}.gate`, {
    realpath: false,
    stale: 10_000,
    retries: { retries: 200, minTimeout: 20, maxTimeout: 100, factor: 1.2, randomize: true },
    onCompromised: () => undefined,
  });
  try {
    const owner = await readOwner(ownerFile);
    if (owner && hasEnded(owner, here)) {
      await rmdir(`${target}.lock`).catch(() => undefined);
      await rm(ownerFile, { force: true });
    }
    const state = { isLost: false };
    const unlock = await lock(target, {
      realpath: false,
      stale: staleMs,
      update: updateMs,
      onCompromised: () => {
        state.isLost = true;
      },
    });
    await writeFile(ownerFile, JSON.stringify(here), { mode: 0o600 });
    return {
      lock: {
        get isLost() {
          return state.isLost;
        },
        release: async () => {
          if (state.isLost) return;
          await rm(ownerFile, { force: true });
          await unlock().catch(() => undefined);
        },
      },
    };
  } catch (error) {
    if (failureCode(error) === 'ELOCKED') return { heldBy: await readOwner(ownerFile) };
    throw error;
  } finally {
    await leave().catch(() => undefined);
  }
}

/**
 * Takes the lock of that name in a folder, waiting for another holder at most `waitMs`. The lock of a process that
 * was killed is taken over.
 */
export async function takeLock(folder: string, name: string, options: LockOptions = {}): Promise<LockResult> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const target = path.join(folder, createHash('sha256').update(name).digest('hex').slice(0, 32));
  const here = await thisProcess();
  const until = Date.now() + (options.waitMs ?? 0);
  for (;;) {
    options.signal?.throwIfAborted();
    const result = await tryLock(target, here);
    if ('lock' in result || Date.now() >= until) return result;
    await delay(pollMs * (0.5 + Math.random()), undefined, options.signal ? { signal: options.signal } : {});
  }
}
