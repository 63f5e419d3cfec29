import { advance, withFindings } from '../job.ts';
import { eventOf, logLine } from '../events.ts';
import type { FleetingNews, JobStream, LoggedNews } from '../events.ts';
import type { Amendment, Findings, JobProblem, JobRecord, PreparingStep, StepState } from '../job.ts';
import { endStates } from '../lifecycle.ts';
import type { JobEvent } from '../lifecycle.ts';
import { hasSent, jobFileName, readRunEntry, takenUpAgain, undoneSteps, withoutPlan } from './jobRecord.ts';
import type { HeldJob, JobStore, Writing } from './jobStore.ts';
import type { HeldLock } from './lock.ts';
import { amendingNews, unsettledAmendment } from './amending.ts';

/** `job.json` as it is written. */
export function recordText(record: JobRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** A job that this process holds: nobody else changes it until it is closed. */
export class OpenJob {
  readonly store: JobStore;
  readonly #held: HeldJob;
  readonly #locks: HeldLock[] = [];
  readonly #stream: JobStream;
  readonly #cancelled = new AbortController();
  readonly #poll: NodeJS.Timeout;
  #record: JobRecord;

  /** @param stream told of all that happens to it while it is held */
  constructor(store: JobStore, held: HeldJob, record: JobRecord, stream: JobStream) {
    this.store = store;
    this.#stream = stream;
    this.#held = held;
    this.#record = record;
    this.#poll = setInterval(() => {
      void store.isCalledOff(held.id).then(
        (isCalledOff) => {
          if (isCalledOff) this.#cancelled.abort(new Error('called off'));
        },
        () => undefined,
      );
    }, store.lookMs).unref();
  }

  /** Where its files lie, such as what was sent for it. */
  get folder(): string {
    return this.store.filesOf(this.#held.id);
  }

  get lock(): HeldLock {
    return this.#held.lock;
  }

  get record(): JobRecord {
    return this.#record;
  }

  /** Aborted when somebody calls the job off, in whatever process. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  /**
   * What happens to the job, one thing after the other; the record is written once. It outlives this process; when the
   * computer fails, the records of the steps tell the same.
   * @throws FileError `journal-unwritable`
   */
  async happens(events: readonly JobEvent[], findings: Findings = {}): Promise<void> {
    if (events.length === 0) return;
    const happened: LoggedNews[] = [];
    let record = this.#record;
    for (const event of events) {
      const next = advance(record, event, findings);
      if ('refused' in next) throw new Error(next.refused);
      record = next;
      happened.push(eventOf(event.kind, next));
    }
    // The record first: what was found with the last event must not be lost.
    await this.#write(record, happened);
  }

  /** What the store does not take has not happened. */
  async #write(record: JobRecord, happened: readonly LoggedNews[] = []): Promise<void> {
    const label = record.status === this.#record.status ? undefined : record.status;
    await this.write({ pages: { [jobFileName]: recordText(record) }, label, lines: happened.map(logLine) });
    this.#record = record;
    this.#told(happened);
  }

  /** What lasts is written into the log, and then told. @throws FileError `journal-unwritable` */
  async logs(happened: readonly LoggedNews[], more: Omit<Writing, 'lines'> = {}): Promise<void> {
    await this.write({ ...more, lines: happened.map(logLine) });
    this.#told(happened);
  }

  #told(happened: readonly LoggedNews[]): void {
    for (const news of happened) this.#stream.tell(this.#record.id, news);
  }

  /** Tells in passing what is not kept. */
  tell(news: FleetingNews): void {
    this.#stream.tell(this.#record.id, news);
  }

  /** @throws FileError `journal-unwritable` */
  write(writing: Writing): Promise<void> {
    return this.#held.write(writing);
  }

  /** As `HeldJob.writeList`. */
  writeList(pieces: AsyncIterable<string>): Promise<number> {
    return this.#held.writeList(pieces);
  }

  /** All that was written is kept when it returns. */
  flush(): Promise<void> {
    return this.#held.flush();
  }

  /** What is found of it while it stays as it stands. @throws FileError `journal-unwritable` */
  async notes(findings: Findings): Promise<void> {
    await this.#write(withFindings(this.#record, findings));
  }

  /** What a person is to know of it, once, while it stays as it stands; the log says so, too. @throws FileError `journal-unwritable` */
  async warns(event: string, warning: JobProblem): Promise<void> {
    const others = this.#record.statusDetail.filter(({ message }) => message !== warning.message);
    const record = withFindings(this.#record, { statusDetail: [...others, warning] });
    await this.#write(record, [eventOf(event, record)]);
  }

  /** Fields of its dataset are about to be changed; on disk when it returns. */
  async amends(amendment: Amendment): Promise<void> {
    await this.logs([amendingNews(amendment, this.#record)], { isAmending: true, until: 'kept' });
  }

  /** What was begun so was surely not done. */
  async isNotAmended(): Promise<void> {
    await this.logs([eventOf('not-amended', this.#record)], { isAmending: false });
  }

  /** A change of its dataset that a process has begun, and of which it is not known what became of it. */
  unsettledAmendment(): Promise<Amendment | undefined> {
    return unsettledAmendment(this.store, this.#record);
  }

  /** What became of the changes of its dataset is known. */
  async forgetsAmending(): Promise<void> {
    await this.write({ isAmending: false });
  }

  /** A step before there is a plan begins, is done, or has failed. Done again from its start, it comes to the same. */
  async step(step: PreparingStep, state: StepState): Promise<void> {
    await this.logs([{ kind: 'step', step, state, at: new Date().toISOString() }]);
  }

  /** Brings it to where SciCat is written to, wherever it was left. */
  async load(): Promise<void> {
    const { status, hasLoaded, hold } = this.#record;
    const events: JobEvent[] = hold ? [{ kind: 'release' }] : [];
    const hasStopped = status === 'failed' || status === 'cancelled';
    if (hasStopped) events.push({ kind: 'resume' });
    const isDeposited = status === 'deposited' || (hasStopped && !hasLoaded);
    if (isDeposited) events.push({ kind: 'verify' });
    if (isDeposited || status === 'verified') events.push({ kind: 'load' });
    await this.happens(events);
  }

  /** Brings one that has failed, or was called off, back to where it goes on, also among those that have not ended. */
  async reopen(): Promise<void> {
    // What was sent is gone on with by its plan; a plan of which nothing was sent, or nothing taken, is made anew.
    const { id, hasLoaded } = this.#record;
    const read = hasLoaded ? await readRunEntry(this.store, id) : undefined;
    const isUnsent = read === undefined || ('entry' in read && !hasSent(read.entry));
    const pages = isUnsent ? withoutPlan : await takenUpAgain(this.store, id);
    const undone = isUnsent && read ? undoneSteps(read.entry) : [];
    await this.logs(undone, { pages, place: 'open' });
    await this.happens([{ kind: 'resume', isUnsent }], { retries: 0 });
  }

  /** It has ended, unless that is known already. */
  async ends(event: JobEvent, findings?: Findings): Promise<void> {
    if (!endStates.has(this.#record.status)) await this.happens([event], findings);
  }

  /** Puts it where the ended ones are, and lets go of it. */
  async putAway(): Promise<void> {
    try {
      await this.write({ place: 'ended' });
    } finally {
      await this.close();
    }
  }

  /** Takes a lock that is held as long as the job. */
  holdsToo(lock: HeldLock): void {
    this.#locks.push(lock);
  }

  /** Lets go of it; it stays where it is. */
  async close(): Promise<void> {
    clearInterval(this.#poll);
    try {
      await this.#held.close();
    } finally {
      for (const lock of this.#locks.splice(0)) await lock.release();
    }
    this.tell({ kind: 'left' });
  }
}
