import { createContext, Script } from 'node:vm';
import { TimeOver } from './timeOver.ts';

const script = new Script('work()');
let room: ReturnType<typeof createContext> | undefined;

/**
 * How many times as long as it may take work is waited for where others have the processor: on a busy machine a thread
 * gets none for longer than a limit, and what takes a millisecond would fail.
 */
const patience = 25;

/**
 * Time of the processor for work that keeps this thread, and is ended wherever it is once that is used up: regular
 * expressions of others, for example, which may go back and forth over a short text for hours.
 */
export class LimitedTime {
  #left: number;

  /** @param milliseconds for all work together */
  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  /**
   * @param work that can be begun anew: it is, where it was ended before it had its time
   * @param what it is, by which a browser knows it again; the message of the error
   * @throws TimeOver
   */
  run<T>(work: () => T, what = ''): T {
    if (this.#left < 1) throw new TimeOver(what);
    const limit = Math.ceil(this.#left);
    const begun = performance.now();
    const before = process.cpuUsage();
    for (let timeout = limit; ; timeout *= 2) {
      try {
        const result = attempt(timeout, work);
        this.#left -= usedSince(before, performance.now() - begun);
        return result;
      } catch (error) {
        if (!(error instanceof TimeOver)) throw error;
        const waited = performance.now() - begun;
        // The half, because what is measured is never quite all.
        if (usedSince(before, waited) < limit / 2 && waited < limit * patience) continue;
        this.#left = 0;
        throw new TimeOver(what);
      }
    }
  }
}

/** Milliseconds of the processor that this thread has used at most: other threads of the process are in the first figure. */
function usedSince(before: NodeJS.CpuUsage, waited: number): number {
  const { user, system } = process.cpuUsage(before);
  return Math.min((user + system) / 1000, waited);
}

function attempt<T>(milliseconds: number, work: () => T): T {
  const results: T[] = [];
  room ??= createContext({});
  room['work'] = (): void => {
    results.push(work());
  };
  try {
    script.runInContext(room, { timeout: milliseconds });
  } catch (error) {
    // Not an Error of ours: it is made in a room of its own.
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    throw code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new TimeOver() : error;
  }
  const [result] = results;
  if (results.length === 0 || result === undefined) throw new Error('Work without a result.');
  return result;
}

/**
 * Does one piece of work within so many milliseconds.
 * @throws TimeOver
 */
export function inLimitedTime<T>(milliseconds: number, work: () => T, what = ''): T {
  return new LimitedTime(milliseconds).run(work, what);
}
