import { setTimeout as wait } from 'node:timers/promises';
import { currentStep, jobJson } from './job.ts';
import type { Job } from './job.ts';
import { endStates, transition } from './lifecycle.ts';
import type { JobStatus, Refused } from './lifecycle.ts';
import { resumeRun } from './resumeJob.ts';
import type { ResumeOptions, Resumption } from './resumeJob.ts';
import { findJobFolder, jobFolders, removeJobFolder } from './store/jobFolders.ts';
import type { JobFolder } from './store/jobFolders.ts';
import { askToCancel, Journal } from './store/jobStore.ts';
import type { JournalOptions } from './store/jobStore.ts';
import { readJob } from './store/readJob.ts';

export { currentStep, jobJson };
export type { Job, JobStatus, Refused, ResumeOptions, Resumption };

/** Which jobs are asked for. */
export interface JobFilter {
  readonly status?: readonly JobStatus[] | undefined;
  /** Absolute path. */
  readonly dataFile?: string | undefined;
  /** From 1 on; default 1. */
  readonly page?: number | undefined;
  /** Default: all. */
  readonly pageSize?: number | undefined;
}

export interface JobPage {
  /** Newest first. */
  readonly jobs: readonly Job[];
  /** On all pages together. */
  readonly total: number;
}

/** How often a job is looked at by who watches it. */
const watchMs = 300;

/**
 * The jobs of one user: all that others may do with them. Several processes may use them at the same time; each job is
 * carried out by one.
 */
export class Jobs {
  readonly #journal: Journal;

  constructor(options: JournalOptions = {}) {
    this.#journal = new Journal(options);
  }

  /** The jobs that fit, newest first, a page at a time. */
  async list({ status, dataFile, page = 1, pageSize = Infinity }: JobFilter = {}): Promise<JobPage> {
    const folders = await jobFolders(this.#journal.folder);
    const first = (Math.max(1, page) - 1) * (pageSize === Infinity ? 0 : pageSize);
    // Without a filter only those of the page are read.
    if (status === undefined && dataFile === undefined) {
      const jobs = await this.#read(folders.slice(first, first + pageSize));
      return { jobs, total: folders.length };
    }
    const fitting = (await this.#read(folders)).filter(
      (job) =>
        (status === undefined || status.includes(job.status)) &&
        (dataFile === undefined || job.request.dataFile === dataFile),
    );
    return { jobs: fitting.slice(first, first + pageSize), total: fitting.length };
  }

  /** One job; undefined if there is none of that name. */
  async show(id: string): Promise<Job | undefined> {
    const folder = await findJobFolder(this.#journal.folder, id);
    return folder && (await this.#read([folder]))[0];
  }

  /** A job as it is now, and again whenever it has changed, until it has ended or is gone. */
  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<Job, void> {
    let seen: string | undefined;
    while (signal?.aborted !== true) {
      const job = await this.show(id);
      if (!job) return;
      const now = JSON.stringify(job);
      if (now !== seen) yield job;
      seen = now;
      if (endStates.has(job.status) && !job.isRunning) return;
      await wait(watchMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  /**
   * Calls a job off. A process that is at it is told, ends what is under way, and leaves the job to be resumed; without
   * one the job is given up for good. Nothing is deleted in SciCat.
   * @returns the job as it is now
   * @throws FileError `journal-busy`, `journal-unwritable`
   */
  async cancel(id: string): Promise<Job | Refused> {
    const found = await findJobFolder(this.#journal.folder, id);
    const [job] = found ? await this.#read([found]) : [];
    if (!found || !job) return unknownJob(id);
    const next = transition(job, { kind: 'cancel' });
    // What has failed may still be open; it is given up.
    if ('refused' in next && (found.isEnded || job.isRunning)) return next;
    if (job.isRunning) await askToCancel(this.#journal.folder, found.folder);
    else await this.#journal.giveUp(id);
    return (await this.show(id)) ?? unknownJob(id);
  }

  /**
   * Goes on with a job that was interrupted, at the first step that is not done.
   * @throws FileError `journal-busy` if a process is at it, `journal-unwritable`
   */
  async resume(id: string, options: ResumeOptions): Promise<Resumption | Refused> {
    const job = await this.show(id);
    if (!job) return unknownJob(id);
    const { runs } = await this.#journal.openRuns();
    const entry = runs.find(({ header }) => header.runId === id);
    if (!entry) return { refused: `A job that is ${job.status} cannot be resumed.` };
    return resumeRun(this.#journal, entry, options);
  }

  /** Deletes the record of a job that has ended; SciCat is not touched. @returns the job as it was */
  async drop(id: string): Promise<Job | Refused> {
    const found = await findJobFolder(this.#journal.folder, id);
    const [job] = found ? await this.#read([found]) : [];
    if (!found || !job) return unknownJob(id);
    if (!found.isEnded) return { refused: `A job that is ${job.status} cannot be dropped: cancel it first.` };
    await removeJobFolder(found, this.#journal.folder);
    return job;
  }

  async #read(folders: readonly JobFolder[]): Promise<Job[]> {
    const jobs: Job[] = [];
    for (const { id, folder, isEnded } of folders) {
      const found = await readJob(folder);
      if (!found) continue;
      const isRunning = !isEnded && (await this.#journal.isRunning(id));
      jobs.push({ ...found.record, progress: found.progress, steps: found.steps, isRunning });
    }
    return jobs;
  }
}

function unknownJob(id: string): Refused {
  return { refused: `There is no job ${id}.` };
}
