import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { CatalogueAddress } from '../../scicat/catalogueAddress.ts';
import type { Batches } from '../../files/expandPaths.ts';
import { jobSchemaVersion, recordDefaults } from '../job.ts';
import type { JobRecord } from '../job.ts';
import { eventOf, JobStream, logLine } from '../events.ts';
import { created as createdJob } from '../lifecycle.ts';
import type { JobRequest } from '../request.ts';
import { FolderStore } from './folderStore.ts';
import { isJobName } from './jobFolders.ts';
import {
  cancelFileName,
  copiedEntry,
  endOf,
  hasNotBegun,
  headerText,
  jobFileName,
  journalVersion,
  listPieces,
  ofOtherVersion,
  planFileName,
  planText,
  readPlannedSteps,
  readRunEntry,
  runFileName,
  withoutPlan,
} from './jobRecord.ts';
import type { DamagedEntry, JournalStep, RunEntry, RunHeader, RunStart } from './jobRecord.ts';
import { jobLock } from './jobStore.ts';
import type { HeldJob, JobStore } from './jobStore.ts';
import { JournalRun } from './journalRun.ts';
import { bothLocks, busy, heldLock } from './heldLocks.ts';
import type { HeldLock, LockOptions } from './lock.ts';
import { OpenJob, recordText } from './openJob.ts';
import { usualFolder } from './openStore.ts';
import { takePart } from './parts.ts';
import type { ArrivedPart } from './parts.ts';
import { readJobRecord, recordOf } from './readJob.ts';

/** What is said of a job when it is made, besides its request. */
export interface NewJob extends Partial<
  Pick<
    JobRecord,
    'kind' | 'protocol' | 'owner' | 'collection' | 'slug' | 'tag' | 'parts' | 'given' | 'parent' | 'expiresAt'
  >
> {
  /** Nothing more will come: it is deposited, not a draft. Default: true. */
  readonly isComplete?: boolean;
}

export interface JournalOptions {
  /** Where the jobs are kept, if not in a folder. */
  readonly store?: JobStore | undefined;
  /** Default: `IMSC_JOURNAL_DIR`, otherwise a folder of the user that the system provides for such data. */
  readonly folder?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/** How long ended runs are kept. */
export const daysKept = 30;
/** How much an ingestion tidies, whatever has gathered; `imsc resume` does all of it. */
const tidiedAtOnce = 50;

/**
 * The jobs of a store as the rest of the room has them: what their pages, lines and places mean stands here. Several
 * processes may use it at the same time.
 */
export class Journal {
  readonly store: JobStore;
  /** What happens to the jobs that are held through it. */
  readonly stream = new JobStream();

  constructor({ store, folder, env = process.env }: JournalOptions = {}) {
    const isNamed = folder !== undefined && folder !== '';
    this.store = store ?? new FolderStore(isNamed ? path.resolve(folder) : usualFolder(env));
  }

  /** Where files of jobs lie. */
  get folder(): string {
    return this.store.folder;
  }

  /**
   * Makes sure that no other process ingests this file into this SciCat, by whatever names. To be held from before it
   * is asked whether the dataset is already there until it is.
   * @throws FileError `journal-busy` if another process holds it for longer than `waitMs`, `journal-unwritable`
   */
  async lockDataFile(dataFile: string, host: string, options: LockOptions = {}): Promise<HeldLock> {
    const [found, real] = await Promise.all([
      stat(dataFile, { bigint: true }).catch(() => undefined),
      realpath(dataFile).catch(() => path.resolve(dataFile)),
    ]);
    const lock = async (...file: readonly string[]): Promise<HeldLock> => {
      const name = JSON.stringify(['file', ...file, CatalogueAddress.identityOf(host)]);
      return heldLock(await this.store.lock(name, options), dataFile);
    };
    // Other names of a file have its inode; another computer may number the devices of a network otherwise.
    const ofPath = await lock(real);
    if (!found) return ofPath;
    try {
      return bothLocks(ofPath, await lock(String(found.dev), String(found.ino)));
    } catch (error) {
      await ofPath.release();
      throw error;
    }
  }

  /**
   * Keeps every other job from making a dataset of this pid until a job is closed: from before it is asked whether there
   * is one until it is there with its files.
   * @throws FileError `journal-busy` if another job is at it for longer than `waitMs`, `journal-unwritable`
   */
  async holdPid(job: OpenJob, pid: string, host: string, options?: LockOptions): Promise<void> {
    const name = JSON.stringify(['pid', pid, CatalogueAddress.identityOf(host)]);
    job.holdsToo(heldLock(await this.store.lock(name, options), `A file of the dataset ${pid}`));
  }

  /**
   * Does something that no process does at the same time under that name.
   * @throws FileError `journal-busy` if another is at it for longer than `waitMs`, `journal-unwritable`
   */
  async alone<T>(name: string, work: () => Promise<T>, options?: LockOptions): Promise<T> {
    const lock = heldLock(await this.store.lock(name, options), 'What was heard of');
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  /**
   * Makes a job: its record is on disk when this returns, before anything is planned. Until it is closed no other
   * process is at it.
   * @param arrived parts that it has from its first moment: who is killed before leaves no job, and not one without them
   * @throws FileError `journal-unwritable`; what the system says of the parts
   */
  async createJob(request: JobRequest, about: NewJob = {}, arrived: readonly ArrivedPart[] = []): Promise<OpenJob> {
    const created = new Date().toISOString();
    const { isComplete = true, ...more } = about;
    const state = createdJob(isComplete);
    const isQueued = isQueue(about.protocol ?? recordDefaults.protocol);
    const recordFor = (id: string, parts: JobRecord['parts']): JobRecord => ({
      schemaVersion: jobSchemaVersion,
      id,
      kind: 'ingest',
      ...recordDefaults,
      ...more,
      ...(parts.length > 0 && { parts }),
      ...state,
      request,
      statusDetail: [],
      scicat: {},
      created,
      changed: created,
      times: { [state.status]: created },
    });
    let parts: JobRecord['parts'] = [];
    const held = await this.store.create(isQueued, async (id) => {
      const folder = this.store.filesOf(id);
      parts = await Promise.all(arrived.map((part) => takePart(folder, part.incoming, part.about)));
      const record = recordFor(id, parts);
      return {
        pages: { [jobFileName]: recordText(record) },
        label: record.status,
        lines: [logLine(eventOf('create', record))],
      };
    });
    const record = recordFor(held.id, parts);
    this.stream.tell(held.id, eventOf('create', record));
    return this.#opened(held, record);
  }

  /**
   * Takes hold of a job, so that no other process changes it until it is closed.
   * @returns undefined where there is none that can be understood
   * @throws FileError `journal-busy` if a process is at it for longer than `waitMs`, `journal-unwritable`
   */
  async openJob(id: string, options: LockOptions = {}): Promise<OpenJob | undefined> {
    if (!(await this.store.find(id))) return undefined;
    const held = await this.#hold(id, `Job ${id}`, options);
    try {
      const record = await readJobRecord(this.store, id);
      if (record) return this.#opened(held, record);
      await held.close();
      return undefined;
    } catch (error) {
      await held.close();
      throw error;
    }
  }

  /**
   * Begins the run of a job: its plan is on disk when this returns. Lock the data file first.
   * @param list absolute paths that the plan is about, as many as there are
   * @throws FileError `journal-unwritable`; what going through the list throws
   */
  async startRun<S extends JournalStep>(
    start: RunStart,
    steps: readonly S[],
    list: Batches<string> = [],
    job?: OpenJob,
  ): Promise<JournalRun<S>> {
    const created = new Date().toISOString();
    const { host, configFile, dataFile } = start;
    const request = { dataFile: dataFile.path, include: [], configFile, host, options: { dryRun: false } };
    const held = job ?? (await this.createJob(request));
    const { id: runId, protocol, status } = held.record;
    try {
      // A process may have been killed while it wrote them.
      await held.write({ pages: withoutPlan, ...(isQueue(protocol) && { place: 'open' }) });
      const listBytes = await held.writeList(listPieces(list));
      const header: RunHeader = {
        version: journalVersion,
        runId,
        created,
        ...start,
        stepCount: steps.length,
        listBytes,
      };
      // Nothing is sent before all of it is kept.
      const pages = { [planFileName]: planText(steps), [runFileName]: headerText(header) };
      await held.write({ pages, until: 'kept' });
      if (status === 'deposited') await held.happens([{ kind: 'verify' }]);
      return new JournalRun(this.store, { header, records: new Map(), stepsDone: 0 }, steps, held);
    } catch (error) {
      // Nothing was sent of it.
      await held.write({ pages: withoutPlan }).catch(() => undefined);
      if (!job) await held.putAway().catch(() => undefined);
      throw error;
    }
  }

  /**
   * Takes up a run where it was left.
   * @throws FileError `journal-busy` if a process is at it, `journal-unwritable`
   */
  async resumeRun<S extends JournalStep>(
    runId: string,
    isStep: (value: unknown) => value is S,
  ): Promise<{ run: JournalRun<S> } | { problem: Problem }> {
    const held = await this.#hold(runId, `Run ${runId}`);
    const unusable = async (found: Problem): Promise<{ problem: Problem }> => {
      await held.close();
      return { problem: found };
    };
    const ended = (how = ''): Problem =>
      problem('journal-busy', `Run ${runId} has been ended by another process in the meantime${how}.`);
    try {
      const read = await readRunEntry(this.store, runId);
      if (!('entry' in read)) return await unusable((await this.store.find(runId)) ? read.problem : ended());
      const { finished, version } = read.entry.header;
      if (version !== journalVersion) return await unusable(ofOtherVersion(this.store, runId));
      if (finished && finished.outcome !== 'done') return await unusable(ended(` (${finished.outcome})`));
      const planned = await readPlannedSteps(this.store, read.entry.header, isStep);
      if ('problem' in planned) return await unusable(planned.problem);
      await held.write({ pages: { [cancelFileName]: undefined } });
      const job = await this.#openedRun(held, read.entry);
      return { run: new JournalRun(this.store, read.entry, planned.steps, job) };
    } catch (error) {
      await held.close();
      throw error;
    }
  }

  /**
   * The runs that are not finished, oldest first. What is damaged, or does not belong here, is a problem and stops
   * nothing. Those that an older version has left here although they have ended are put away.
   */
  async openRuns(): Promise<{
    runs: readonly RunEntry[];
    damaged: readonly DamagedEntry[];
    problems: readonly Problem[];
    /** Jobs that have come to no plan: their process is at it, or was killed. */
    unplanned: readonly JobRecord[];
  }> {
    const runs: RunEntry[] = [];
    const unplanned: JobRecord[] = [];
    const damaged: DamagedEntry[] = [];
    const copied: Problem[] = [];
    const { ids, strays } = await this.store.begun();
    for (const id of ids) {
      const ended = await endOf(this.store, id);
      if (ended !== undefined) {
        await this.store.putAway(id, ended).catch(() => undefined);
        continue;
      }
      const read = await readRunEntry(this.store, id);
      if ('entry' in read) {
        const { runId } = read.entry.header;
        if (runId === id) runs.push(read.entry);
        else copied.push(copiedEntry(this.store, id, runId, runFileName));
      } else if (!(await hasNotBegun(this.store, id))) damaged.push(read);
      else unplanned.push(...[await readJobRecord(this.store, id)].filter((record) => record !== undefined));
    }
    return { unplanned, runs, damaged, problems: [...damaged.map((found) => found.problem), ...copied, ...strays] };
  }

  /**
   * Gives up an unfinished run without sending anything: it is not offered for resuming any more.
   * @param mayBe asked with the run as it is when nobody else can change it
   * @returns whether it was given up
   * @throws FileError `journal-busy` if a process is at it, `journal-unwritable`
   */
  async giveUp(runId: string, mayBe: (entry: RunEntry) => boolean = () => true): Promise<boolean> {
    const held = await this.#hold(runId, `Run ${runId}`);
    let job: OpenJob | undefined;
    try {
      const read = await readRunEntry(this.store, runId);
      if ('entry' in read) {
        const { header } = read.entry;
        if (header.finished || !mayBe(read.entry)) return false;
        const finished = { at: new Date().toISOString(), outcome: 'abandoned' } as const;
        await held.write({ pages: { [runFileName]: headerText({ ...header, finished }) } });
        job = await this.#openedRun(held, read.entry);
      } else {
        // It came to no plan before its process was killed.
        const record = (await hasNotBegun(this.store, runId)) ? await readJobRecord(this.store, runId) : undefined;
        if (!record) return false;
        job = this.#opened(held, record);
      }
      await job.ends({ kind: 'cancel' });
      await job.putAway();
      return true;
    } finally {
      await (job ?? held).close();
    }
  }

  /**
   * Deletes runs that ended more than the given number of days ago, what is left of such that never began, and the locks of
   * processes that were killed. Unfinished and damaged runs stay.
   * @param atMost how many entries; an ingestion takes no longer because of what has gathered
   * @returns the names of the runs deleted
   */
  async tidy(days = daysKept, atMost = tidiedAtOnce): Promise<readonly string[]> {
    const before = Date.now() - days * dayMs;
    const deleted: string[] = [];
    try {
      deleted.push(...(await this.store.removeEndedBefore(before, atMost)));
      for (const id of (await this.store.begun()).ids) {
        if (deleted.length >= atMost) break;
        const isLeft = isJobName(id) && (await hasNotBegun(this.store, id));
        if (!isLeft || (await this.store.touched(id)) >= before) continue;
        await this.store.remove(id);
        deleted.push(id);
      }
      await this.store.removeDeadLocks(atMost);
    } catch {
      // It is tried again by the next ingestion.
    }
    return deleted;
  }

  /** Whether a process is at this run. */
  async isRunning(runId: string): Promise<boolean> {
    return (await this.store.holderOf(jobLock(runId))) !== undefined;
  }

  #opened(held: HeldJob, record: JobRecord): OpenJob {
    return new OpenJob(this.store, held, record, this.stream);
  }

  async #openedRun(held: HeldJob, { header, records }: RunEntry): Promise<OpenJob> {
    const record = (await readJobRecord(this.store, held.id)) ?? recordOf(header, [...records.values()]);
    return this.#opened(held, record);
  }

  async #hold(id: string, what: string, options?: LockOptions): Promise<HeldJob> {
    const taken = await this.store.hold(id, options);
    if ('job' in taken) return taken.job;
    throw busy(what, taken.heldBy);
  }
}

/** Whether a queue comes to the jobs of a way in. Ingestions of the command line are begun by who makes them. */
function isQueue(protocol: string): boolean {
  return protocol !== recordDefaults.protocol;
}
