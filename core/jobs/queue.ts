import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../problems/problem.ts';
import { FileError } from '../files/fileError.ts';
import { ScicatError } from '../scicat/errors.ts';
import { settleAmendment } from './amend.ts';
import { carryOut } from './carryOut.ts';
import { details } from './job.ts';
import type { JobRecord } from './job.ts';
import type { Jobs } from './jobs.ts';
import { Outages } from './outages.ts';
import { continueRun } from './resuming/resumeJob.ts';
import { isStopping, Stopping } from './stopping.ts';
import type { Circumstances } from './steps/work.ts';
import { readRunEntry } from './store/jobRecord.ts';
import type { OpenJob } from './store/openJob.ts';

/**
 * With what a job is carried out; or that its token is missing; or what is wrong with its configuration. It may throw
 * when the signal is aborted: the queue stops, and the job stays as it is.
 */
export type CircumstancesOf = (
  job: JobRecord,
  signal: AbortSignal,
) => Promise<Circumstances | 'credentials' | readonly Problem[]>;

export interface QueueOptions {
  readonly circumstancesOf: CircumstancesOf;
  /** Which jobs are its own; default: all. */
  readonly takes?: ((job: JobRecord) => boolean) | undefined;
  /** How many jobs are carried out at the same time; default 2. */
  readonly running?: number | undefined;
  /** Milliseconds between two looks at what other processes have put in; default 1000. */
  readonly lookMs?: number | undefined;
  /** Told of a bug, for which its job is left and tried again later, and nothing else; as a FileError of a store that cannot be used at present. */
  readonly onBug?: ((error: unknown, id: string) => void) | undefined;
}

/** So many records are read at once, to find out which jobs are due. */
const readAtMost = 100;
/** Milliseconds after which a record is read again, because another process may have changed it; more where there are many. */
const knownMs = 10_000;

/** What is known of a job that waits: all of them are remembered, however many there are. */
interface Standing {
  readonly host: string;
  /** Since when it may be carried out, in milliseconds since 1970; never, where that is for somebody else. */
  readonly dueAt: number;
  readonly readAt: number;
}

/** After so many looks is tried again what another process is at, or what a bug has ended. */
const laterLooks = 5;

/** Milliseconds until it is looked again what became of a change of a dataset, where that could not be found out. */
const settleAgainMs = 60_000;

/**
 * Carries out the jobs of a store that nobody is at, in the order in which they were made. Several queues may work on one
 * store, each job at one of them. Ingestions of the command line belong to whoever began them.
 */
export class Queue {
  readonly #jobs: Jobs;
  readonly #options: QueueOptions;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();
  /** The jobs that nobody is at, oldest first, as they were listed last. */
  #free = new Set<string>();
  #listedAt = -Infinity;
  readonly #seen = new Map<string, Standing>();
  readonly #outages = new Outages();
  /** When it is looked again what became of a change of the dataset of a job, by its number. */
  readonly #settlesAt = new Map<string, number>();
  #settling: Promise<void> | undefined;
  /** The store could not be asked the last time. */
  #isAway = false;
  #looking: Promise<void> | undefined;
  #endPause: (() => void) | undefined;
  /** Something has happened since it began to look. */
  #isWoken = false;
  /** Ends its listening to what others do with jobs in this process. */
  #deaf: (() => void) | undefined;

  constructor(jobs: Jobs, options: QueueOptions) {
    this.#jobs = jobs;
    this.#options = options;
  }

  /** Begins to work. */
  start(): void {
    this.#looking ??= this.#look();
    this.#deaf ??= this.#jobs.stream.listen(({ kind }, id) => {
      // What it has carried out itself is looked at when that has ended.
      if (kind !== 'left' || this.#running.has(id)) return;
      this.#seen.delete(id);
      this.#free.add(id);
      this.#wake();
    });
  }

  /** Takes no new job, calls nothing off, and returns when those that are carried out have come to a stop. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Stopping());
    this.#wake();
    await this.#looking;
    await Promise.all([...this.#running.values(), this.#settling]);
    this.#deaf?.();
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopped;
    for (let turn = 0; !signal.aborted; turn++) {
      if (turn % 10 === 0) {
        this.#settling ??= this.#settle(signal).finally(() => {
          this.#settling = undefined;
        });
      }
      this.#isWoken = false;
      try {
        await this.#beginThoseDue();
        this.#isAway = false;
      } catch (error) {
        // A database that is away is asked again, and told of once.
        if (!(error instanceof FileError)) throw error;
        if (!this.#isAway) this.#options.onBug?.(error, '');
        this.#isAway = true;
      }
      await this.#pause(signal);
    }
  }

  async #beginThoseDue(): Promise<void> {
    const now = Date.now();
    await this.#list(now);
    // All are read again in turns.
    const oldest = now - Math.max(knownMs, (this.#free.size / readAtMost) * this.#lookMs);
    let read = 0;
    for (const id of this.#free) {
      if (this.#running.size >= (this.#options.running ?? 2)) break;
      if (this.#running.has(id)) continue;
      let standing = this.#seen.get(id);
      // Who is not known yet is not kept waiting by those that are read again. What is due is read when it is begun.
      const mayHaveChanged = standing && standing.dueAt > now && standing.readAt < oldest;
      if (standing ? mayHaveChanged && 2 * read < readAtMost : read < readAtMost) {
        read += 1;
        standing = await this.#standingOf(id, now);
      }
      // Who is not known yet has its turn before those behind it.
      if (!standing) break;
      const isDue = standing.dueAt <= now || (standing.dueAt < Infinity && this.#outages.isBack(id));
      if (isDue && this.#outages.mayBegin(standing.host, now)) this.#begin(id, standing.host);
    }
  }

  get #lookMs(): number {
    return this.#options.lookMs ?? 1000;
  }

  /** Lists the jobs that nobody is at, unless that was done a moment ago: there may be many. */
  async #list(now: number): Promise<void> {
    if (now - this.#listedAt < this.#lookMs) return;
    this.#listedAt = now;
    this.#free = new Set(await this.#jobs.journal.store.free());
    for (const id of this.#seen.keys()) if (!this.#free.has(id)) this.#seen.delete(id);
  }

  /** Finds out what became of changes of datasets whose process was killed. */
  async #settle(signal: AbortSignal): Promise<void> {
    const now = Date.now();
    for (const id of await this.#jobs.journal.store.amending().catch((): readonly string[] => [])) {
      if (signal.aborted || (this.#settlesAt.get(id) ?? 0) > now) continue;
      this.#settlesAt.set(id, now + settleAgainMs);
      try {
        await this.#settleOne(id, signal);
      } catch (error) {
        // A process is at it, the disk is full, or SciCat does not answer: it is looked again.
        if (error instanceof FileError || error instanceof ScicatError || isStopping(signal)) continue;
        this.#options.onBug?.(error, id);
      }
    }
  }

  async #settleOne(id: string, signal: AbortSignal): Promise<void> {
    const job = await this.#jobs.journal.openJob(id);
    if (!job) return;
    try {
      if (this.#options.takes?.(job.record) === false) return;
      const circumstances = await this.#options.circumstancesOf(job.record, signal);
      if (circumstances === 'credentials' || !('client' in circumstances)) return;
      await settleAmendment(job, circumstances.client);
      this.#settlesAt.delete(id);
    } finally {
      await job.close();
    }
  }

  #wake(): void {
    this.#isWoken = true;
    this.#endPause?.();
  }

  async #pause(signal: AbortSignal): Promise<void> {
    if (this.#isWoken) return;
    const woken = new AbortController();
    this.#endPause = () => {
      woken.abort();
    };
    const either = AbortSignal.any([signal, woken.signal]);
    await wait(this.#lookMs, undefined, { signal: either, ref: true }).catch(() => undefined);
  }

  async #standingOf(id: string, now: number): Promise<Standing> {
    const record = await this.#jobs.record(id);
    // Its process was killed when it had ended, and before it was put away.
    const isLeft = record && ['done', 'rejected', 'expired'].includes(record.status);
    const isOwn = record && this.#options.takes?.(record) !== false;
    if (isOwn && isLeft && (await this.#jobs.journal.store.find(id))?.isEnded === false) await this.#jobs.putAway(id);
    const host = record?.request.host ?? '';
    const standing = { host, dueAt: isOwn ? dueAt(record) : Infinity, readAt: now };
    // One without a record is just being made.
    if (record) this.#seen.set(id, standing);
    return standing;
  }

  #begin(id: string, host: string): void {
    const began = Date.now();
    this.#outages.begins(id, host);
    const running = this.#run(id)
      .then(async (isHere) => {
        if (!isHere) {
          this.#leaveForLater(id, host);
          return;
        }
        const job = await this.#jobs.record(id);
        if (job) this.#jobs.stream.tell(id, { kind: 'ran', job, milliseconds: Date.now() - began });
        const isAnswered = job && isAnsweredBy(job);
        if (isAnswered !== undefined) this.#outages.answered(id, host, isAnswered);
        this.#leave(id, host);
        this.#wake();
      })
      .catch((error: unknown) => {
        this.#leaveForLater(id, host);
        this.#wake();
        this.#options.onBug?.(error, id);
      });
    this.#running.set(id, running);
  }

  /** What is not done is listed again. */
  #leave(id: string, host: string): void {
    this.#running.delete(id);
    this.#seen.delete(id);
    this.#free.delete(id);
    this.#outages.leaves(id, host);
  }

  /** It is tried again, but not at once: those behind it have their turn meanwhile. */
  #leaveForLater(id: string, host: string): void {
    this.#leave(id, host);
    const now = Date.now();
    this.#seen.set(id, { host, dueAt: now + laterLooks * this.#lookMs, readAt: now });
  }

  /** @returns whether it was carried out here; false where another process, or another job of its pid, is at it */
  async #run(id: string): Promise<boolean> {
    const { journal } = this.#jobs;
    let job: OpenJob | undefined;
    try {
      job = await journal.openJob(id);
    } catch (error) {
      // Another process is at it.
      if (error instanceof FileError) return false;
      throw error;
    }
    if (!job) return false;
    const due = dueAt(job.record);
    if (due > Date.now() && !(due < Infinity && this.#outages.isBack(id))) {
      await job.close();
      return false;
    }
    let circumstances;
    try {
      if (job.record.hold) await job.happens([{ kind: 'release' }]);
      circumstances = await this.#options.circumstancesOf(job.record, this.#stopped.signal);
    } catch (error) {
      await job.close();
      if (this.#stopped.signal.aborted) return true;
      throw error;
    }
    if (circumstances === 'credentials' || !('config' in circumstances)) {
      await this.#waits(job, circumstances);
      return true;
    }
    const signal = circumstances.signal
      ? AbortSignal.any([circumstances.signal, this.#stopped.signal])
      : this.#stopped.signal;
    const planned = await readRunEntry(journal.store, id);
    if (!('entry' in planned)) {
      await carryOut(job, journal, { ...circumstances, signal });
      return true;
    }
    await job.close();
    const { outcome, problems } = await continueRun(journal, planned.entry, { ...circumstances, signal });
    // Another job is at the dataset of the same pid.
    if (problems.some(({ code }) => code === 'journal-busy')) return false;
    if (outcome === 'failed' && !signal.aborted) await this.#fails(id, problems);
    return true;
  }

  /** A plan that could not be gone on with, such as of a file that has changed since, is for a person to look at. */
  async #fails(id: string, problems: readonly Problem[]): Promise<void> {
    const job = await this.#jobs.journal.openJob(id).catch(() => undefined);
    if (!job) return;
    if (dueAt(job.record) <= Date.now()) await job.ends({ kind: 'fail' }, { statusDetail: details(problems) });
    await job.close();
  }

  async #waits(job: OpenJob, why: 'credentials' | readonly Problem[]): Promise<void> {
    try {
      if (why === 'credentials') {
        await job.happens([{ kind: 'hold', hold: { for: 'credentials' } }]);
        await job.close();
        return;
      }
      await job.ends({ kind: 'fail' }, { statusDetail: details(why) });
      await job.putAway();
    } catch (error) {
      // The disk may be full: it is looked at again, and not held until this process ends.
      await job.close();
      throw error;
    }
  }
}

/** Whether a job that was carried out has found its SciCat there; undefined where that is not known of it. */
function isAnsweredBy({ status, hold, statusDetail }: JobRecord): boolean | undefined {
  const isSaid = (code: string): boolean => statusDetail.some((each) => each.code === code);
  if (status === 'done') return true;
  if (hold?.for !== 'retry') return undefined;
  return isSaid('scicat') ? false : isSaid('dataset-incomplete') ? true : undefined;
}

/** Since when a job may be carried out, in milliseconds since 1970; never, where that is for somebody else. */
function dueAt({ status, hold, protocol }: JobRecord): number {
  const isOpen = status === 'deposited' || status === 'verified' || status === 'loading';
  if (!isOpen || protocol === 'command-line') return Infinity;
  if (hold === undefined) return 0;
  return hold.for === 'retry' ? Date.parse(hold.until) : Infinity;
}
