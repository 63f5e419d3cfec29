import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { LineLog } from '../../files/durableFiles.ts';
import { rewrite, writing } from '../../files/durableFiles.ts';
import { advance, withFindings } from '../job.ts';
import type { Amendment, Findings, JobProblem, JobRecord, PreparingStep } from '../job.ts';
import { endStates } from '../lifecycle.ts';
import type { JobEvent } from '../lifecycle.ts';
import type { StepState } from './jobRecord.ts';
import type { HeldLock } from './lock.ts';
import { putAway, takeBack } from './jobFolders.ts';
import { jobFileName, removePlan, takeUpAgain } from './jobRecord.ts';
import { cancelFileName } from './readJob.ts';
import { amendingLine, markAmending, removeAmendingMark, unsettledAmendment } from './amending.ts';

/** `job.json` as it is written. */
export function recordText(record: JobRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** A line of the log that says what happened to a job, and how it stands then. */
export function eventLine(event: string, { status, revision, changed }: JobRecord): string {
  return JSON.stringify({ at: changed, event, status, revision });
}

/** How often it is looked whether somebody has called the job off. */
const cancelPollMs = 400;

/** A job that this process holds: nobody else changes it until it is closed. */
export class OpenJob {
  readonly folder: string;
  readonly lock: HeldLock;
  /** What happens is written here first. */
  readonly log: LineLog;
  readonly #journal: string;
  readonly #cancelled = new AbortController();
  readonly #poll: NodeJS.Timeout;
  #record: JobRecord;

  /** @param journal the folder of the journal */
  constructor(journal: string, folder: string, record: JobRecord, lock: HeldLock, log: LineLog) {
    this.#journal = journal;
    this.folder = folder;
    this.#record = record;
    this.lock = lock;
    this.log = log;
    this.#poll = setInterval(() => {
      void stat(path.join(folder, cancelFileName)).then(
        () => {
          this.#cancelled.abort(new Error('called off'));
        },
        () => undefined,
      );
    }, cancelPollMs).unref();
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
    await this.#write(record);
    for (const line of lines) await writing(this.#journal, () => this.log.note(line));
  }

  /** What the disk does not take has not happened. */
  async #write(record: JobRecord): Promise<void> {
    await writing(this.#journal, () => rewrite(path.join(this.folder, jobFileName), recordText(record)));
    this.#record = record;
  }

  /** What is found of it while it stays as it stands. @throws FileError `journal-unwritable` */
  async notes(findings: Findings): Promise<void> {
    await this.#write(withFindings(this.#record, findings));
  }

  /** What a person is to know of it, once, while it stays as it stands; the log says so, too. @throws FileError `journal-unwritable` */
  async warns(event: string, warning: JobProblem): Promise<void> {
    const others = this.#record.statusDetail.filter(({ message }) => message !== warning.message);
    await this.notes({ statusDetail: [...others, warning] });
    await writing(this.#journal, () => this.log.note(eventLine(event, this.#record)));
  }

  /** Fields of its dataset are about to be changed; on disk when it returns. */
  async amends(amendment: Amendment): Promise<void> {
    await writing(this.#journal, async () => {
      await markAmending(this.#journal, this.#record.id);
      await this.log.append(amendingLine(amendment, this.#record));
    });
  }

  /** What was begun so was surely not done. */
  async isNotAmended(): Promise<void> {
    await writing(this.#journal, () => this.log.note(eventLine('not-amended', this.#record)));
    await this.forgetsAmending();
  }

  /** A change of its dataset that a process has begun, and of which it is not known what became of it. */
  unsettledAmendment(): Promise<Amendment | undefined> {
    return unsettledAmendment(this.folder, this.#record);
  }

  /** What became of the changes of its dataset is known. */
  async forgetsAmending(): Promise<void> {
    await writing(this.#journal, () => removeAmendingMark(this.#journal, this.#record.id));
  }

  /** A step before there is a plan begins, is done, or has failed. Done again from its start, it comes to the same. */
  async step(step: PreparingStep, state: StepState): Promise<void> {
    const line = JSON.stringify({ step, state, at: new Date().toISOString() });
    await writing(this.#journal, () => this.log.note(line));
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
    await writing(this.#journal, async () => {
      // What was sent is gone on with by its plan; a plan of which nothing was sent is made anew.
      if (this.#record.hasLoaded) await takeUpAgain(this.folder);
      else await removePlan(this.folder);
      await takeBack(this.#journal, this.#record.id);
    });
    await this.happens([{ kind: 'resume' }], { retries: 0 });
  }

  /** It has ended, unless that is known already. */
  async ends(event: JobEvent, findings?: Findings): Promise<void> {
    if (!endStates.has(this.#record.status)) await this.happens([event], findings);
  }

  /** Puts it where the ended ones are, and lets go of it. */
  async putAway(): Promise<void> {
    try {
      await writing(this.#journal, () => putAway(this.#journal, this.#record.id, new Date().toISOString()));
    } finally {
      await this.close();
    }
  }

  /** Lets go of it; it stays where it is. */
  async close(): Promise<void> {
    clearInterval(this.#poll);
    // What the disk has not taken is looked up when it is resumed.
    await this.log.close().catch(() => undefined);
    await this.lock.release();
  }
}
