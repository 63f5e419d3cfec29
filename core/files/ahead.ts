import { setImmediate as turn } from 'node:timers/promises';

/** How many items are worked on ahead of the one that is handed out: enough for all cores, little to remember. */
export const lookAhead = 32;
/** How long there is work before anything else gets its turn: requests, most of all, and Ctrl-C. */
export const turnMs = 0.5;

/**
 * Works on many items a few at a time, and gives the results in the order of the items. Breaking off the loop, or a
 * failure, aborts what is under way, and waits for it.
 * @throws what the work throws; the signal's reason
 */
export async function* ahead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
  work: (item: T, stop: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const stopped = new AbortController();
  const stop = signal ? AbortSignal.any([signal, stopped.signal]) : stopped.signal;
  const underWay: Promise<R>[] = [];
  let lastTurn = performance.now();
  try {
    for await (const item of items) {
      stop.throwIfAborted();
      const result = work(item, stop);
      // It is awaited when its turn comes; a failure until then is not an unhandled one.
      result.catch(() => undefined);
      underWay.push(result);
      if (performance.now() - lastTurn > turnMs) {
        await turn();
        lastTurn = performance.now();
      }
      const first = underWay.length >= lookAhead ? underWay.shift() : undefined;
      if (first) yield await first;
    }
    for (let first = underWay.shift(); first; first = underWay.shift()) yield await first;
  } finally {
    stopped.abort();
    await Promise.allSettled(underWay);
  }
}
