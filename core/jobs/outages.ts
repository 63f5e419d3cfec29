/** So many jobs in a row that SciCat did not answer: it is away, and not only in trouble with one dataset. */
const inVainAtMost = 3;
/** Milliseconds between two jobs while SciCat is away; twice as long each time. */
const firstPauseMs = 5_000;
const longestPauseMs = 60_000;
/** So many jobs are remembered that found SciCat away. */
const remembered = 1_000;

interface Outage {
  /** Jobs in a row that SciCat did not answer. */
  inVain: number;
  /** Since 1970. */
  askAt: number;
  pauseMs: number;
  /** The one job that finds out whether it is back. */
  asking: string | undefined;
  /** Those that wait for another attempt because it is away. */
  readonly waiting: Set<string>;
}

/**
 * Which SciCats do not answer at present, so that not each of thousands of jobs finds that out by itself: one at a time
 * asks, and the others stay as they are until it is answered.
 */
export class Outages {
  readonly #byHost = new Map<string, Outage>();
  /** Jobs that wait for another attempt, and need not: SciCat is back. */
  readonly #back = new Set<string>();

  /** Whether a job may be begun now. @param now milliseconds since 1970 */
  mayBegin(host: string, now = Date.now()): boolean {
    const outage = this.#byHost.get(host);
    if (!outage || outage.inVain < inVainAtMost) return true;
    return outage.asking === undefined && outage.askAt <= now;
  }

  begins(id: string, host: string): void {
    const outage = this.#byHost.get(host);
    if (outage && outage.inVain >= inVainAtMost) outage.asking ??= id;
  }

  /** Whether a job may be tried before its time: what it waits for is over. */
  isBack(id: string): boolean {
    return this.#back.has(id);
  }

  /** A job has asked SciCat. @param wasAnswered false where it is to be tried again */
  answered(id: string, host: string, wasAnswered: boolean, now = Date.now()): void {
    if (!wasAnswered) {
      this.#isAway(id, host, now);
      return;
    }
    for (const each of this.#byHost.get(host)?.waiting ?? []) if (each !== id) this.#back.add(each);
    this.#byHost.delete(host);
  }

  /** A job was let go of, whatever became of it. */
  leaves(id: string, host: string): void {
    this.#back.delete(id);
    const outage = this.#byHost.get(host);
    if (outage?.asking === id) outage.asking = undefined;
  }

  #isAway(id: string, host: string, now: number): void {
    const outage = this.#byHost.get(host) ?? {
      inVain: 0,
      askAt: 0,
      pauseMs: firstPauseMs,
      asking: undefined,
      waiting: new Set<string>(),
    };
    this.#byHost.set(host, outage);
    outage.inVain += 1;
    if (outage.waiting.size < remembered) outage.waiting.add(id);
    if (outage.inVain < inVainAtMost) return;
    // Those that were under way together found the same.
    if (outage.askAt > now) return;
    outage.askAt = now + outage.pauseMs;
    outage.pauseMs = Math.min(longestPauseMs, 2 * outage.pauseMs);
  }
}
