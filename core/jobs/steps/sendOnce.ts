import { setTimeout as wait } from 'node:timers/promises';
import { isWorthRetrying, ScicatError } from '../../scicat/errors.ts';
import type { ScicatErrorKind } from '../../scicat/errors.ts';

/** What a look at SciCat says about a write that was not answered. */
export type Seen<T> =
  | { readonly state: 'done'; readonly result: T }
  | { readonly state: 'absent' }
  /** It is there, but not by this write. */
  | { readonly state: 'taken'; readonly message: string }
  | { readonly state: 'unclear' };

/** A step that may have been done or not, and that this account cannot look up. */
export class Unclear extends Error {}

export interface Write<T> {
  /** It was started before, by a run that was interrupted. */
  readonly mayBeThere: boolean;
  /** The result of a write that a person says has worked. */
  readonly ifAssumed: T | undefined;
  readonly send: () => Promise<T>;
  readonly look: () => Promise<Seen<T>>;
  /** Told before giving up if it was surely not done. */
  readonly onUndone: () => Promise<void>;
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * What to do with a step that an earlier run has left and that cannot be looked up: only a person can decide. It does
   * not hold for what becomes unclear in this run.
   */
  readonly unclearSteps?: 'stop' | 'count as done' | 'send again' | undefined;
  /** Attempts at one write, each after looking whether the one before has worked. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled with each further one, with jitter. */
  readonly firstDelay?: number;
  /** Milliseconds before looking for a write whose answer was not waited for: SciCat may still be at it. */
  readonly delayAfterTimeout?: number;
}

/** Nobody waits longer for a server that asks for patience; the run can be resumed. */
const longestDelay = 60_000;

/**
 * Sends a write until it is known to have been done once. After a failure that may have come after the write it is
 * looked up before it is sent again; what was surely not done is sent again without looking.
 * @throws Unclear if it cannot be looked up and `unclearSteps` is `stop`
 * @throws ScicatError the last one, when it is refused or no attempts are left
 */
export async function sendOnce<T>(write: Write<T>, options: SendOptions): Promise<T> {
  const { attempts = 5, firstDelay = 500, delayAfterTimeout = 10_000, signal, unclearSteps = 'stop' } = options;
  let { mayBeThere } = write;
  // A person has looked for what was left unclear, not for what becomes so now.
  let isDecided = mayBeThere;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      if (mayBeThere) {
        const seen = await write.look();
        if (seen.state === 'done') return seen.result;
        if (seen.state === 'unclear') {
          if (isDecided && unclearSteps === 'count as done' && write.ifAssumed !== undefined) return write.ifAssumed;
          if (!isDecided || unclearSteps !== 'send again') throw new Unclear();
        }
        mayBeThere = false;
        if (seen.state === 'taken') throw new ScicatError('conflict', seen.message);
      }
      isDecided = false;
      return await write.send();
    } catch (error) {
      if (!(error instanceof ScicatError)) throw error;
      const asked = error.retryAfterMs ?? 0;
      if (!isWorthRetrying(error) || attempt >= attempts || asked > longestDelay) {
        if (!mayBeThere && isUndone(error)) await write.onUndone();
        throw error;
      }
      mayBeThere = mayBeThere || !isUndone(error);
      const backOff = firstDelay * 2 ** (attempt - 1) * (0.5 + Math.random());
      const patience = error.kind === 'timeout' ? delayAfterTimeout : 0;
      await wait(Math.min(Math.max(asked, backOff, patience), longestDelay), undefined, signal ? { signal } : {});
    }
  }
}

/** Answers by which SciCat says that it did nothing. */
const refusals: ReadonlySet<ScicatErrorKind> = new Set([
  'unauthorized',
  'session-expired',
  'forbidden',
  'not-found',
  'conflict',
  'invalid',
  'too-large',
  'rate-limited',
  'moved',
]);

function isUndone({ kind, isUnsent }: ScicatError): boolean {
  return isUnsent || refusals.has(kind);
}

/** Whether the same would be refused again, however often: the content is wrong, or the account may not do it. */
export function isLasting({ kind }: ScicatError): boolean {
  return refusals.has(kind) && !['unauthorized', 'session-expired', 'rate-limited'].includes(kind);
}
