import path from 'node:path';
import { FileError } from '../files/fileError.ts';
import type { GivenField } from '../ingest/dataset/given.ts';
import type { Problem } from '../problems/problem.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { amend, settleAmendment } from './amend.ts';
import type { Config } from '../config/configOptions.ts';
import type { JsonObject } from '../scicat/json.ts';
import { adopt, sentDataset } from './sentDataset.ts';
import type { Precondition } from './amend.ts';
import { changeDraft } from './drafts/draft.ts';
import type { JobChange, JobDraft, NewPart } from './drafts/draft.ts';
import { draftEnd } from './drafts/draftTime.ts';
import type { JobNews, JobStream, StandingNews } from './events.ts';
import { Expiry } from './drafts/expiry.ts';
import type { ExpireOptions } from './drafts/expiry.ts';
import { currentStep, dataFileOf, jobJson, stepText, subjectOf } from './job.ts';
import type { Findings, Job, JobPart, JobRecord } from './job.ts';
import { JobList } from './jobList.ts';
import type { JobFilter, JobPage } from './jobList.ts';
import { givenFaults } from './givenFaults.ts';
import { readExtraction } from './keepExtraction.ts';
import type { Extraction } from './keepExtraction.ts';
import { endStates, reopened, transition } from './lifecycle.ts';
import type { JobEvent, JobStatus, Refused } from './lifecycle.ts';
import { putAside } from './putAside.ts';
import type { JobRequest } from './request.ts';
import { giveUp } from './resuming/giveUp.ts';
import { beginAgain, resumeRun } from './resuming/resumeJob.ts';
import { sendArchiveJobsAgain } from './resuming/sendAgain.ts';
import type { ResumeOptions, Resumption } from './resuming/resumeJob.ts';
import { Journal } from './store/journal.ts';
import type { JournalOptions } from './store/journal.ts';
import type { JobStore, OldMark, OldMarks } from './store/jobStore.ts';
import type { LockOptions } from './store/lock.ts';
import type { OpenJob } from './store/openJob.ts';
import { linkParts, partFile, receivePart } from './store/parts.ts';
import type { IncomingPart, ReceiveOptions } from './store/parts.ts';
import { readJobRecord } from './store/readJob.ts';
import { newestIn, newsOfJob, newsOfList, SharedLooks } from './watchJobs.ts';

export { currentStep, dataFileOf, draftEnd, givenFaults, jobJson, newsOfList, stepText, subjectOf };
export type {
  ExpireOptions,
  Extraction,
  GivenField,
  IncomingPart,
  Job,
  JobChange,
  JobDraft,
  JobFilter,
  JobNews,
  JobPage,
  JobPart,
  JobRequest,
  JobStatus,
  NewPart,
  Refused,
  ResumeOptions,
  Resumption,
  StandingNews,
};

export interface Waiting {
  readonly count: number;
  readonly since: string | undefined;
}

/** How long is waited for another process that is at a job. */
const patienceMs = 2_000;

/**
 * The jobs of a store: all that others may do with them. Several processes may use them at the same time; each job is
 * carried out by one.
 */
export class Jobs {
  readonly journal: Journal;
  readonly #jobs: JobList;
  readonly #expiry: Expiry;
  readonly #looks = new SharedLooks((id) => this.show(id));

  constructor(options: JournalOptions = {}) {
    this.journal = new Journal(options);
    this.#jobs = new JobList(this.journal);
    this.#expiry = new Expiry(this.journal);
  }

  get folder(): string {
    return this.journal.folder;
  }

  /** What was noted under a name that belongs to no job. @throws FileError `journal-unwritable` if that cannot be read */
  mark(name: string): Promise<string | undefined> {
    return this.journal.store.mark(name);
  }

  /** @throws FileError `journal-unwritable` */
  setMark(name: string, text: string): Promise<void> {
    return this.journal.store.setMark(name, text);
  }

  /** As `JobStore.oldMarks`. */
  oldMarks(...look: Parameters<JobStore['oldMarks']>): Promise<OldMarks> {
    return this.journal.store.oldMarks(...look);
  }

  /** Removes a mark unless it was written anew. @throws FileError `journal-unwritable` */
  removeMark(mark: OldMark): Promise<void> {
    return this.journal.store.removeMark(mark);
  }

  /** What happens to the jobs that this process is at. */
  get stream(): JobStream {
    return this.journal.stream;
  }

  /** Takes a part to the disk, as it comes. @throws as `receivePart` */
  receive(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<IncomingPart> {
    return receivePart(this.folder, source, options);
  }

  /** Makes a job: a draft, or complete at once. @throws FileError `journal-unwritable` */
  async create(draft: JobDraft): Promise<Job> {
    return this.#changed(await this.enter(draft));
  }

  /** As `create`, without looking at it again. @returns its id */
  async enter({ request, parts = [], isComplete = true, ...about }: JobDraft): Promise<Job['id']> {
    const job = await this.journal.createJob(request, { ...about, isComplete }, parts);
    await job.close();
    return job.record.id;
  }

  /**
   * Keeps what can only be dealt with by a person as a job that is rejected from its beginning.
   * @returns its id
   * @throws FileError `journal-unwritable`
   */
  putAside(draft: JobDraft, problems: readonly Problem[]): Promise<Job['id']> {
    return putAside(this.journal, draft, problems);
  }

  /** Does something that no process does at the same time under that name. @throws as `Journal.alone` */
  alone<T>(name: string, work: () => Promise<T>, options?: LockOptions): Promise<T> {
    return this.journal.alone(name, work, options);
  }

  /** Changes a draft. What was thought of for another revision is refused. @throws FileError `journal-unwritable` */
  change(id: string, change: JobChange): Promise<Job | Refused> {
    return this.#holding(id, (job) => changeDraft(job, change));
  }

  /** Deletes a draft with all its parts. */
  async remove(id: string): Promise<Job | Refused> {
    const job = await this.show(id);
    if (!job) return unknownJob(id);
    if (job.status !== 'draft') return { refused: `A job that is ${job.status} cannot be removed.` };
    const cancelled = await this.cancel(id);
    return 'refused' in cancelled ? cancelled : this.drop(id);
  }

  submit(id: string): Promise<Job | Refused> {
    return this.#happens(id, { kind: 'submit' });
  }

  /** Lets a job go on that waits: for approval, for a token that is there now, or for another attempt. */
  approve(id: string): Promise<Job | Refused> {
    return this.#happens(id, { kind: 'release' }, { retries: 0 });
  }

  /** Makes a job that has failed, or was called off, wait for its turn again. */
  requeue(id: string): Promise<Job | Refused> {
    return this.#holding(id, async (job) => {
      const next = transition(job.record, { kind: 'resume' });
      if ('refused' in next) return next;
      await job.reopen();
      return undefined;
    });
  }

  /**
   * A new draft in the place of a job that was rejected or has expired, with the same parts.
   * @param expiresAt ISO time; default: in 7 days
   */
  async reopen(id: string, expiresAt = draftEnd()): Promise<Job | Refused> {
    const record = await this.record(id);
    if (!record) return unknownJob(id);
    const state = reopened(record);
    if ('refused' in state) return state;
    const { kind, protocol, owner, collection, slug, tag, given, parts, request } = record;
    const about = { kind, protocol, owner, collection, slug, tag, given, parts, parent: id, expiresAt };
    const job = await this.journal.createJob(request, { ...about, isComplete: false });
    await linkParts(this.journal.store.filesOf(id), job.folder, parts);
    await job.close();
    return this.#changed(job.record.id);
  }

  /**
   * Changes the dataset of a job that is done.
   * @throws ScicatError where SciCat cannot be asked; FileError
   */
  amend(
    id: string,
    given: readonly GivenField[],
    condition: Precondition,
    client: ScicatClient,
  ): Promise<Job | Refused> {
    return this.#holding(id, (job) => amend(job, given, condition, client));
  }

  /** Finds out what became of a change of the dataset of a job that was interrupted, if one was. @throws as `amend` */
  settle(id: string, client: ScicatClient): Promise<Job | Refused> {
    return this.#holding(id, async (job) => {
      if (await job.unsettledAmendment()) await settleAmendment(job, client);
      return undefined;
    });
  }

  /** The dataset as it was sent when a job ingested it; undefined where that is not known any more. */
  sentDataset(id: string): Promise<JsonObject | undefined> {
    return sentDataset(this.journal.store, id);
  }

  /** A record of a dataset that has none, so that what is changed of it can be recorded. @throws FileError */
  async adopt(dataFile: string, pid: string, config: Config): Promise<Job> {
    return this.#changed(await adopt(this.journal, dataFile, pid, config));
  }

  /**
   * Asks SciCat for the jobs of its own that the schema of an ingestion wants and that it has not taken yet.
   * @throws FileError
   */
  sendArchiveJobs(id: string, options: ResumeOptions): Promise<Job | Refused> {
    return this.#holding(id, (job) => sendArchiveJobsAgain(this.journal, job, options));
  }

  /** Puts a job away for who it belongs to; its record stays. */
  hide(id: string): Promise<Job | Refused> {
    return this.#holding(id, async (job) => {
      await job.notes({ hidden: true });
      return undefined;
    });
  }

  /** Puts a job that has ended for good among the ended ones, unless a process is at it. */
  async putAway(id: string): Promise<void> {
    const job = await this.journal.openJob(id).catch(() => undefined);
    await job?.putAway();
  }

  /** The jobs that fit, newest first, a page at a time. */
  list(filter: JobFilter = {}): Promise<JobPage> {
    return this.#jobs.list(filter);
  }

  /** One job; undefined if there is none of that name. */
  show(id: string): Promise<Job | undefined> {
    return this.#jobs.show(id);
  }

  /** How many jobs have not ended. */
  countOpen(): Promise<number> {
    return this.#jobs.countOpen();
  }

  /** How many jobs have not ended, and since when the oldest of them waits (ISO time). */
  async waiting(): Promise<Waiting> {
    const open = await this.journal.store.open();
    const [oldest] = open;
    const record = oldest === undefined ? undefined : await this.record(oldest);
    return { count: open.length, since: record?.created };
  }

  /** The record of a job alone, which is read quickly. */
  async record(id: string): Promise<JobRecord | undefined> {
    const { store } = this.journal;
    return (await store.find(id)) && readJobRecord(store, id);
  }

  /** What an extraction found; undefined before it has. */
  async extraction(id: string): Promise<Extraction | undefined> {
    const { store } = this.journal;
    return (await store.find(id)) && readExtraction(store, id);
  }

  /** Where a part lies, as it came. */
  async partFile(id: string, part: string): Promise<string | undefined> {
    const { store } = this.journal;
    return (await store.find(id)) && partFile(store.filesOf(id), path.basename(part));
  }

  /** The newest jobs, newest first; the others are not counted. */
  async newest(most: number): Promise<readonly Job[]> {
    return this.#jobs.read(await this.journal.store.places(most));
  }

  /** The newest jobs as they are now, and each again that comes, changes or goes, until the signal is given. */
  watchNewest(most: number, signal: AbortSignal): AsyncGenerator<StandingNews, void> {
    const look = newestIn(this.journal.store, most, (places) => this.#jobs.read(places));
    return newsOfList(look, signal);
  }

  /** A job as it is now, and again whenever it has changed, until it has ended or is gone. */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<StandingNews & { kind: 'job' }, void> {
    return newsOfJob(this.#looks, id, signal);
  }

  /**
   * Calls a job off. A process that is at it is told, ends what is under way, and leaves the job to be resumed; without
   * one the job is given up for good. Nothing is deleted in SciCat.
   * @returns the job as it is now
   * @throws FileError `journal-busy`, `journal-unwritable`
   */
  async cancel(id: string): Promise<Job | Refused> {
    const found = await this.journal.store.find(id);
    const [job] = found ? await this.#jobs.read([found]) : [];
    if (!found || !job) return unknownJob(id);
    const next = transition(job, { kind: 'cancel' });
    // What has failed may still be open; it is given up.
    if ('refused' in next && (found.isEnded || job.isRunning)) return next;
    if (job.isRunning) await this.journal.store.callOff(id);
    else await giveUp(this.journal, id);
    return this.#changed(id);
  }

  /**
   * Goes on with a job that was interrupted, at the first step that is not done.
   * @throws FileError `journal-busy` if a process is at it, `journal-unwritable`
   */
  async resume(id: string, options: ResumeOptions): Promise<Resumption | Refused> {
    const job = await this.show(id);
    if (!job) return unknownJob(id);
    const { runs } = await this.journal.openRuns();
    const entry = runs.find(({ header }) => header.runId === id);
    return entry ? resumeRun(this.journal, entry, options) : beginAgain(this.journal, id, options);
  }

  /** Deletes the record of a job that has ended; SciCat is not touched. @returns the job as it was */
  async drop(id: string): Promise<Job | Refused> {
    const found = await this.journal.store.find(id);
    const [job] = found ? await this.#jobs.read([found]) : [];
    if (!found || !job) return unknownJob(id);
    if (!found.isEnded) {
      // What has failed can still be gone on with.
      if (!endStates.has(job.status) || job.status === 'failed')
        return { refused: `A job that is ${job.status} cannot be dropped: cancel it first.` };
      // It has ended just now: whoever ended it puts it away first, or was killed before that.
      const left = await this.#holding(id, () => Promise.resolve(undefined));
      if ('refused' in left) return left;
    }
    await this.journal.store.remove(id);
    return job;
  }

  /** Ends drafts whose time is over, and removes what has been kept long enough. @throws as `Expiry.run` */
  expire(options: ExpireOptions = {}): Promise<void> {
    return this.#expiry.run(options, (id, work) => this.#holding(id, work));
  }

  #happens(id: string, event: JobEvent, findings: Findings = {}): Promise<Job | Refused> {
    return this.#holding(id, async (job) => {
      const next = transition(job.record, event);
      if ('refused' in next) return next;
      await job.happens([event], findings);
      return undefined;
    });
  }

  /** Does something with a job that nobody else is at. */
  async #holding(id: string, work: (job: OpenJob) => Promise<Refused | undefined>): Promise<Job | Refused> {
    let job: OpenJob | undefined;
    try {
      job = await this.journal.openJob(id, { waitMs: patienceMs });
    } catch (error) {
      if (error instanceof FileError && error.code === 'journal-busy') return { refused: error.message };
      throw error;
    }
    if (!job) return unknownJob(id);
    try {
      const refused = await work(job);
      if (refused) return refused;
    } finally {
      await job.close();
    }
    return this.#changed(id);
  }

  async #changed(id: string): Promise<Job> {
    const job = await this.show(id);
    if (!job) throw new Error(`The job ${id} has gone.`);
    return job;
  }
}

function unknownJob(id: string): Refused {
  return { refused: `There is no job ${id}.` };
}
