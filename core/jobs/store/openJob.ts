import { advance, withFindings } from '../job.ts';
import type { Amendment, Findings, JobProblem, JobRecord, PreparingStep } from '../job.ts';
import { endStates } from '../lifecycle.ts';
import type { JobEvent } from '../lifecycle.ts';
import { jobFileName, takenUpAgain, withoutPlan } from './jobRecord.ts';
import type { StepState } from './jobRecord.ts';
import type { HeldJob, JobStore, Writing } from './jobStore.ts';
import type { HeldLock } from './lock.ts';
import { amendingLine, unsettledAmendment } from './amending.ts';

/** `job.json` as it is written. */
export function recordText(record: JobRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** A line of the log that says what happened to a job, and how it stands then. */
export function eventLine(event: string, { status, revision, changed }: JobRecord): string {
  return JSON.stringify({ at: changed, event, status, revision });
}

/** A job that this process holds: nobody else changes it until it is closed. */
export class OpenJob {
  readonly #store: JobStore;
  readonly #held: HeldJob;
  readonly #cancelled = new AbortController();
  readonly #poll: NodeJS.Timeout;
  #record: JobRecord;

  constructor(store: JobStore, held: HeldJob, record: JobRecord) {
    this.#store = store;
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
    return this.#store.filesOf(this.#held.id);
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
    const lines: string[] = [];
    let record = this.#record;
    for (const event of events) {
      const next = advance(record, event, findings);
      if ('refused' in next) throw new Error(next.refused);
      record = next;
      lines.push(eventLine(event.kind, next));
    }
    // The record first: what was found with the last event must not be lost.
    await this.#write(record, lines);
  }

  /** What the store does not take has not happened. */
  async #write(record: JobRecord, lines: readonly string[] = []): Promise<void> {
    await this.write({ pages: { [jobFileName]: recordText(record) }, lines });
    this.#record = record;
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
    await this.#write(record, [eventLine(event, record)]);
  }

  /** Fields of its dataset are about to be changed; on disk when it returns. */
  async amends(amendment: Amendment): Promise<void> {
    await this.write({ isAmending: true, lines: [amendingLine(amendment, this.#record)], until: 'kept' });
  }

  /** What was begun so was surely not done. */
  async isNotAmended(): Promise<void> {
    await this.write({ lines: [eventLine('not-amended', this.#record)], isAmending: false });
  }

  /** A change of its dataset that a process has begun, and of which it is not known what became of it. */
  unsettledAmendment(): Promise<Amendment | undefined> {
    return unsettledAmendment(this.#store, this.#record);
  }

  /** What became of the changes of its dataset is known. */
  async forgetsAmending(): Promise<void> {
    await this.write({ isAmending: false });
  }

  /** A step before there is a plan begins, is done, or has failed. Done again from its start, it comes to the same. */
  async step(step: PreparingStep, state: StepState): Promise<void> {
    const line = JSON.stringify({ step, state, at: new Date().toISOString() });
    await this.write({ lines: [line] });
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
    // What was sent is gone on with by its plan; a plan of which nothing was sent is made anew.
    const pages = this.#record.hasLoaded ? await takenUpAgain(this.#store, this.#record.id) : withoutPlan;
    await this.write({ pages, place: 'open' });
    await this.happens([{ kind: 'resume' }], { retries: 0 });
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

  /** Lets go of it; it stays where it is. */
  async close(): Promise<void> {
    clearInterval(this.#poll);
    await this.#held.close();
  }
}
