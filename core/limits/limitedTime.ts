import { createContext, Script } from 'node:vm';
import { TimeOver } from './timeOver.ts';

const script = new Script('work()');
let room: ReturnType<typeof createContext> | undefined;

/**
 * Does work that keeps this thread, and ends it after so many milliseconds wherever it is: a regular expression of
 * another, for example, which may go back and forth over a short text for hours.
 * @throws TimeOver
 */
export function inLimitedTime<T>(milliseconds: number, work: () => T): T {
  if (milliseconds < 1) throw new TimeOver();
  const results: T[] = [];
  room ??= createContext({});
  room['work'] = (): void => {
    results.push(work());
  };
  try {
    script.runInContext(room, { timeout: Math.ceil(milliseconds) });
  } catch (error) {
    // Not an Error of ours: it is made in a room of its own.
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    throw code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new TimeOver() : error;
  }
  const [result] = results;
  if (results.length === 0 || result === undefined) throw new Error('Work without a result.');
  return result;
}
