import type { Dirent } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { CatalogueAddress } from '../../scicat/catalogueAddress.ts';
import type { Batches } from '../../files/expandPaths.ts';
import { failureCode } from '../../files/failureReason.ts';
import { FileError } from '../../files/fileError.ts';
import {
  endOf,
  hasNotBegun,
  isRunFolder,
  jobFileName,
  journalVersion,
  ofOtherVersion,
  headerText,
  planFileName,
  removePlan,
  readPlannedSteps,
  readRunEntry,
  runFileName,
  strayEntry,
  writeList,
} from './jobRecord.ts';
import type { DamagedEntry, JournalStep, RunEntry, RunHeader, RunStart } from './jobRecord.ts';
import { LineLog, rewrite, syncFolder, writeNew, writing } from '../../files/durableFiles.ts';
import type { Written } from '../../files/durableFiles.ts';
import { holderOf, removeDeadLocks, takeLock } from './lock.ts';
import type { HeldLock, LockOptions, LockResult } from './lock.ts';
import {
  findJobFolder,
  isJobName,
  logFileOf,
  makeJobFolder,
  markPlanned,
  openFolder,
  putAway,
  removeEndedBefore,
  removeJobFolder,
} from './jobFolders.ts';
import { JournalRun } from './journalRun.ts';
import { eventLine, OpenJob, recordText } from './openJob.ts';
import { cancelFileName, readJobRecord, recordOf } from './readJob.ts';
import { jobSchemaVersion, recordDefaults } from '../job.ts';
import type { JobRecord } from '../job.ts';
import { created as createdJob } from '../lifecycle.ts';
import type { JobRequest } from '../request.ts';

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
  /** Default: `IMSC_JOURNAL_DIR`, otherwise a folder of the user that the system provides for such data. */
  readonly folder?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

function heldLock(result: LockResult, what: string): HeldLock {
  if ('lock' in result) return result.lock;
  const by = result.heldBy ? ` (process ${result.heldBy.pid} on ${result.heldBy.host})` : '';
  throw new FileError('journal-busy', `${what} is being ingested by another process${by}. Try again when it is done.`);
}

/** How long ended runs are kept. */
export const daysKept = 30;
/** How much an ingestion tidies, whatever has gathered; `imsc resume` does all of it. */
const tidiedAtOnce = 50;

/** Asks the process that is at a job to call it off. @throws FileError `journal-unwritable` */
export async function askToCancel(journal: string, folder: string): Promise<void> {
  await writing(journal, () => writeFile(path.join(folder, cancelFileName), '', { mode: 0o600 }));
}

/**
 * The journal of one user: in `runs` a folder for each run that is not finished, with `run.json` (what it is about),
 * `plan.jsonl` (its steps, one a line, written once), `steps.jsonl` (what became of them, growing) and `files.jsonl`
 * (further files, if any); in `finished` those that have ended, by the day, which nobody looks at. Several processes may
 * use it at the same time.
 */
export class Journal {
  readonly folder: string;

  constructor({ folder, env = process.env }: JournalOptions = {}) {
    const chosen = [folder, env['IMSC_JOURNAL_DIR']].find((each) => each !== undefined && each !== '');
    this.folder = path.resolve(chosen ?? path.join(envPaths('imsc', { suffix: '' }).data, 'journal'));
  }

  get #locksFolder(): string {
    return path.join(this.folder, 'locks');
  }

  /**
   * Makes sure that no other process ingests this file into this SciCat, by whatever names. To be held from before it
   * is asked whether the dataset is already there until it is.
   * @throws FileError `journal-busy` if another process holds it for longer than `waitMs`, `journal-unwritable`
   */
  async lockDataFile(dataFile: string, host: string, options: LockOptions = {}): Promise<HeldLock> {
    const found = await stat(dataFile, { bigint: true }).catch(() => undefined);
    const file = found ? [String(found.dev), String(found.ino)] : [path.resolve(dataFile)];
    const name = JSON.stringify(['file', ...file, CatalogueAddress.identityOf(host)]);
    return heldLock(await this.#lock(name, options), dataFile);
  }

  /**
   * Does something that no process does at the same time under that name.
   * @throws FileError `journal-busy` if another is at it for longer than `waitMs`, `journal-unwritable`
   */
  async alone<T>(name: string, work: () => Promise<T>, options?: LockOptions): Promise<T> {
    const lock = heldLock(await this.#lock(name, options), 'What was heard of');
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  /**
   * Makes a job: its record is on disk when this returns, before anything is planned. Until it is closed no other
   * process is at it.
   * @throws FileError `journal-unwritable`
   */
  async createJob(request: JobRequest, about: NewJob = {}): Promise<OpenJob> {
    const created = new Date().toISOString();
    const { isComplete = true, ...more } = about;
    const state = createdJob(isComplete);
    // Ingestions of the command line are begun by who makes them.
    const isQueued = about.protocol !== undefined && about.protocol !== 'command-line';
    const id = String(await writing(this.folder, () => makeJobFolder(this.folder, isQueued)));
    const record: JobRecord = {
      schemaVersion: jobSchemaVersion,
      id,
      kind: 'ingest',
      ...recordDefaults,
      ...more,
      ...state,
      request,
      statusDetail: [],
      scicat: {},
      created,
      changed: created,
      times: { [state.status]: created },
    };
    const folder = openFolder(this.folder, id);
    const lock = heldLock(await this.#lockRun(id), `Job ${id}`);
    let log: LineLog | undefined;
    try {
      return await writing(this.folder, async () => {
        log = await LineLog.open(logFileOf(folder));
        await log.note(eventLine('create', record));
        const written = await writeNew(path.join(folder, jobFileName), recordText(record));
        await Promise.all([
          written.kept(),
          ...[folder, path.dirname(folder), path.join(this.folder, isQueued ? 'waiting' : 'open')].map(syncFolder),
        ]);
        return new OpenJob(this.folder, folder, record, lock, log);
      });
    } catch (error) {
      await log?.close().catch(() => undefined);
      // The disk may be full: nothing of the job stays.
      await removeJobFolder({ id, folder, isEnded: false }, this.folder).catch(() => undefined);
      await lock.release();
      throw error;
    }
  }

  /**
   * Takes hold of a job, so that no other process changes it until it is closed.
   * @returns undefined where there is none that can be understood
   * @throws FileError `journal-busy` if a process is at it for longer than `waitMs`, `journal-unwritable`
   */
  async openJob(id: string, options: LockOptions = {}): Promise<OpenJob | undefined> {
    const found = await findJobFolder(this.folder, id);
    if (!found) return undefined;
    const lock = heldLock(await this.#lock(runLock(id), options), `Job ${id}`);
    try {
      const record = await readJobRecord(found.folder);
      if (record) return await this.#opened(found.folder, record, lock);
      await lock.release();
      return undefined;
    } catch (error) {
      await lock.release();
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
    const { folder } = held;
    const runId = held.record.id;
    let plan: Written | undefined;
    try {
      return await writing(this.folder, async () => {
        // A process may have been killed while it wrote them.
        await removePlan(folder);
        await markPlanned(this.folder, runId);
        plan = await writeNew(
          path.join(folder, planFileName),
          steps.map((step) => `${JSON.stringify(step)}\n`).join(''),
        );
        const listBytes = await writeList(folder, list);
        const stepCount = steps.length;
        const header: RunHeader = { version: journalVersion, runId, created, ...start, stepCount, listBytes };
        const run = await writeNew(path.join(folder, runFileName), headerText(header));
        // Nothing is sent before all of it is on disk; in which order it comes there does not matter.
        await Promise.all([plan.kept(), run.kept(), syncFolder(folder)]);
        if (held.record.status === 'deposited') await held.happens([{ kind: 'verify' }]);
        return new JournalRun(this.folder, { header, folder, records: new Map(), stepsDone: 0 }, steps, held);
      });
    } catch (error) {
      await plan?.kept().catch(() => undefined);
      // Nothing was sent of it.
      await removePlan(folder).catch(() => undefined);
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
    const lock = heldLock(await this.#lockRun(runId), `Run ${runId}`);
    const unusable = async (found: Problem): Promise<{ problem: Problem }> => {
      await lock.release();
      return { problem: found };
    };
    try {
      const folder = openFolder(this.folder, runId);
      const read = await readRunEntry(folder);
      if (!('entry' in read)) {
        const isGone = (await stat(folder).catch(() => undefined)) === undefined;
        const message = `Run ${runId} has been ended by another process in the meantime.`;
        return await unusable(isGone ? problem('journal-busy', message) : read.problem);
      }
      const { finished, version } = read.entry.header;
      if (version !== journalVersion) return await unusable(ofOtherVersion(folder));
      if (finished && finished.outcome !== 'done') {
        const message = `Run ${runId} has been ended by another process in the meantime (${finished.outcome}).`;
        return await unusable(problem('journal-busy', message));
      }
      const planned = await readPlannedSteps(read.entry, isStep);
      if ('problem' in planned) return await unusable(planned.problem);
      const { header, records } = read.entry;
      const record = (await readJobRecord(folder)) ?? recordOf(header, [...records.values()]);
      await rm(path.join(folder, cancelFileName), { force: true });
      const job = await this.#opened(folder, record, lock);
      return { run: new JournalRun(this.folder, read.entry, planned.steps, job) };
    } catch (error) {
      await lock.release();
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
    const strays: Problem[] = [];
    for (const { id, folder, isFolder } of await this.#open()) {
      if (!isFolder || !(await isRunFolder(folder, isJobName(id)))) {
        strays.push(strayEntry(folder));
        continue;
      }
      const ended = endOf(folder);
      if (ended !== undefined) {
        await putAway(this.folder, id, ended).catch(() => undefined);
        continue;
      }
      const read = await readRunEntry(folder);
      if ('entry' in read) runs.push(read.entry);
      else if (!(await hasNotBegun(folder))) damaged.push(read);
      else unplanned.push(...[await readJobRecord(folder)].filter((record) => record !== undefined));
    }
    return { unplanned, runs, damaged, problems: [...damaged.map((found) => found.problem), ...strays] };
  }

  /**
   * Gives up an unfinished run without sending anything: it is not offered for resuming any more.
   * @param mayBe asked with the run as it is when nobody else can change it
   * @returns whether it was given up
   * @throws FileError `journal-busy` if a process is at it, `journal-unwritable`
   */
  async giveUp(runId: string, mayBe: (entry: RunEntry) => boolean = () => true): Promise<boolean> {
    const lock = heldLock(await this.#lockRun(runId), `Run ${runId}`);
    try {
      const read = await readRunEntry(openFolder(this.folder, runId));
      if (!('entry' in read)) return await this.#giveUpUnbegun(openFolder(this.folder, runId), lock);
      if (read.entry.header.finished || !mayBe(read.entry)) return false;
      const { header, folder, records } = read.entry;
      const finished = { at: new Date().toISOString(), outcome: 'abandoned' } as const;
      await writing(this.folder, () => rewrite(path.join(folder, runFileName), headerText({ ...header, finished })));
      const record = (await readJobRecord(folder)) ?? recordOf(header, [...records.values()]);
      const job = await this.#opened(folder, record, lock);
      await job.ends({ kind: 'cancel' });
      await job.putAway();
      return true;
    } finally {
      await lock.release();
    }
  }

  /** Gives up a job that came to no plan before its process was killed. */
  async #giveUpUnbegun(folder: string, lock: HeldLock): Promise<boolean> {
    const record = (await hasNotBegun(folder)) ? await readJobRecord(folder) : undefined;
    if (!record) return false;
    const job = await this.#opened(folder, record, lock);
    await job.ends({ kind: 'cancel' });
    await job.putAway();
    return true;
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
      deleted.push(...(await removeEndedBefore(this.folder, before, atMost)));
      for (const { id, folder, isFolder } of await this.#open()) {
        const isLeft = isFolder && isJobName(id) && (await hasNotBegun(folder));
        if (!isLeft || deleted.length >= atMost || (await stat(folder)).mtimeMs >= before) continue;
        await removeJobFolder({ id, folder, isEnded: false }, this.folder);
        deleted.push(id);
      }
      await removeDeadLocks(this.#locksFolder, atMost);
    } catch {
      // It is tried again by the next ingestion.
    }
    return deleted;
  }

  async #opened(folder: string, record: JobRecord, lock: HeldLock): Promise<OpenJob> {
    const log = await writing(this.folder, () => LineLog.open(logFileOf(folder)));
    return new OpenJob(this.folder, folder, record, lock, log);
  }

  /** What lies where jobs lie that have not ended, oldest first. */
  async #open(): Promise<readonly OpenEntry[]> {
    return writing(this.folder, async () => {
      const older = await entriesOf(path.join(this.folder, 'runs'));
      const own = await entriesOf(path.join(this.folder, 'open'));
      return [
        ...older.map((entry) => ({
          id: entry.name,
          folder: path.join(this.folder, 'runs', entry.name),
          isFolder: entry.isDirectory(),
        })),
        ...own
          .map(({ name }) => ({ id: name, folder: openFolder(this.folder, name), isFolder: isJobName(name) }))
          .sort((one, other) => Number(one.id) - Number(other.id)),
      ];
    });
  }

  /** Whether a process is at this run. */
  async isRunning(runId: string): Promise<boolean> {
    return (await holderOf(this.#locksFolder, runLock(runId))) !== undefined;
  }

  #lock(name: string, options?: LockOptions): Promise<LockResult> {
    return writing(this.folder, () => takeLock(this.#locksFolder, name, options));
  }

  #lockRun(runId: string): Promise<LockResult> {
    return this.#lock(runLock(runId));
  }
}

function runLock(runId: string): string {
  return JSON.stringify(['run', runId]);
}

interface OpenEntry {
  readonly id: string;
  readonly folder: string;
  readonly isFolder: boolean;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown): Dirent[] => {
    // What cannot be read may hold an interrupted run of this file.
    if (failureCode(error) !== 'ENOENT') throw error;
    return [];
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
