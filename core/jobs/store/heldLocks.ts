import { FileError } from '../../files/fileError.ts';
import type { HeldLock, LockOwner, LockResult } from './lock.ts';

/** What is said where another process is at something. @param what it, as the subject of a sentence */
export function busy(what: string, heldBy: LockOwner | undefined): FileError {
  const by = heldBy ? ` (process ${heldBy.pid} on ${heldBy.host})` : '';
  return new FileError('journal-busy', `${what} is being ingested by another process${by}. Try again when it is done.`);
}

/** The lock, if it could be had. @throws FileError `journal-busy` where another process holds it */
export function heldLock(result: LockResult, what: string): HeldLock {
  if ('lock' in result) return result.lock;
  throw busy(what, result.heldBy);
}

/** Two locks that are held and released together. */
export function bothLocks(one: HeldLock, other: HeldLock): HeldLock {
  return {
    get isLost() {
      return one.isLost || other.isLost;
    },
    async confirm() {
      return (await one.confirm()) && other.confirm();
    },
    async release() {
      await Promise.all([one.release(), other.release()]);
    },
  };
}
