import { randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { problem } from '../imsc/problems.ts';
import type { Problem } from '../imsc/problems.ts';
import type { Batches } from './expandPaths.ts';
import { failureReason } from './failureReason.ts';
import { FileError } from './fileError.ts';
import {
  planFileName,
  hasNotBegun,
  journalVersion,
  ofOtherVersion,
  readList,
  readPlannedSteps,
  readRunEntry,
  runFileName,
  stepsFileName,
  writeList,
} from './journalEntry.ts';
import type {
  DamagedEntry,
  JournalStep,
  RunEntry,
  RunHeader,
  RunOutcome,
  RunStart,
  StepRecord,
  StepState,
} from './journalEntry.ts';
import { LineLog, syncFolder, writeDurably } from './journalFiles.ts';
import { takeLock } from './journalLock.ts';
import type { HeldLock, LockOptions, LockResult } from './journalLock.ts';

export interface JournalOptions {
  /** Default: `IMSC_JOURNAL_DIR`, otherwise a folder of the user that the system provides for such data. */
  readonly folder?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What the system refuses in the folder of the journal is for a person to mend. */
async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError || !(error instanceof Error) || !('syscall' in error)) throw error;
    throw new FileError(
      'journal-unwritable',
      `The journal in ${folder} cannot be written: ${failureReason(error)}. IMSC_JOURNAL_DIR names another folder.`,
    );
  }
}

const dayMs = 24 * 60 * 60 * 1000;

function heldLock(result: LockResult, what: string): HeldLock {
  if ('lock' in result) return result.lock;
  const by = result.heldBy ? ` (process ${result.heldBy.pid} on ${result.heldBy.host})` : '';
  throw new FileError('journal-busy', `${what} is being ingested by another process${by}. Try again when it is done.`);
}

/**
 * One run of a plan in the journal. What is said to be started or done is on disk when the call returns, so that a
 * run that is killed at any moment can be taken up again.
 */
export class JournalRun<S extends JournalStep> {
  readonly folder: string;
  readonly steps: readonly S[];
  #header: RunHeader;
  readonly #records: Map<string, StepRecord>;
  readonly #log: LineLog;
  readonly #lock: HeldLock;

  constructor(entry: RunEntry, steps: readonly S[], log: LineLog, lock: HeldLock) {
    this.folder = entry.folder;
    this.steps = steps;
    this.#header = entry.header;
    this.#records = new Map(entry.records);
    this.#log = log;
    this.#lock = lock;
  }

  get header(): RunHeader {
    return this.#header;
  }

  /** The list that the run was begun with, read as it is gone through. @throws FileError `journal-damaged` */
  get list(): AsyncIterable<readonly string[]> {
    return { [Symbol.asyncIterator]: () => readList({ folder: this.folder, header: this.#header }) };
  }

  /** `started` without `done` means that nobody knows whether it happened. */
  stateOf(stepId: string): StepState {
    return this.#records.get(stepId)?.state ?? 'planned';
  }

  /** What the last record of the step was given; plain data. */
  resultOf(stepId: string): unknown {
    return this.#records.get(stepId)?.result;
  }

  /**
   * Before the step.
   * @param about what is to be known about it if it is not finished; `resultOf` gives it
   */
  async recordStarted(stepId: string, about?: unknown): Promise<void> {
    await this.#write(stepId, 'started', about);
  }

  /** After the step was refused: it was surely not done, and stands as if it had never been started. */
  async recordRefused(stepId: string): Promise<void> {
    await this.#write(stepId, 'planned');
  }

  /** After the step, before the next one. */
  async recordDone(stepId: string, result?: unknown): Promise<void> {
    await this.#write(stepId, 'done', result);
  }

  /** The run is over: it is not offered for resuming any more, and its lock is free. */
  async finish(outcome: RunOutcome, message?: string): Promise<void> {
    const finished = { at: new Date().toISOString(), outcome, ...(message !== undefined && { message }) };
    this.#header = { ...this.#header, finished };
    await writeHeader(this.folder, this.#header);
    await this.close();
  }

  /** Leaves the run as it is, to be resumed later. */
  async close(): Promise<void> {
    await this.#log.close();
    await this.#lock.release();
  }

  async #write(step: string, state: StepState, result?: unknown): Promise<void> {
    await this.#record({ step, state, at: new Date().toISOString(), ...(result !== undefined && { result }) });
  }

  async #record(record: StepRecord): Promise<void> {
    if (this.#lock.isLost) {
      throw new FileError(
        'journal-busy',
        'The lock of this run was lost, perhaps because the computer slept. Another process may have taken over; ' +
          'this one stops. `imsc resume` finishes what is left.',
      );
    }
    await writing(this.folder, () => this.#log.append(JSON.stringify(record)));
    this.#records.set(record.step, record);
  }
}

async function writeHeader(folder: string, header: RunHeader): Promise<void> {
  await writeDurably(path.join(folder, runFileName), `${JSON.stringify(header, null, 2)}\n`);
}

/**
 * The journal of one user: a folder per run with `run.json` (what it is about), `plan.jsonl` (its steps, one a line,
 * written once), `steps.jsonl` (what became of them, growing) and `files.jsonl` (further files, if any). Several processes may use it at the same time.
 */
export class Journal {
  readonly folder: string;

  constructor({ folder, env = process.env }: JournalOptions = {}) {
    const chosen = [folder, env['IMSC_JOURNAL_DIR']].find((each) => each !== undefined && each !== '');
    this.folder = path.resolve(chosen ?? path.join(envPaths('imsc', { suffix: '' }).data, 'journal'));
  }

  get #runsFolder(): string {
    return path.join(this.folder, 'runs');
  }

  get #locksFolder(): string {
    return path.join(this.folder, 'locks');
  }

  /**
   * Makes sure that no other process ingests this file into this SciCat. To be held from before it is asked whether
   * the dataset is already there until it is.
   * @throws FileError `journal-busy` if another process holds it for longer than `waitMs`, `journal-unwritable`
   */
  async lockDataFile(dataFile: string, host: string, options: LockOptions = {}): Promise<HeldLock> {
    const file = await realpath(dataFile).catch(() => path.resolve(dataFile));
    const name = JSON.stringify(['file', file, host.replace(/\/+$/, '')]);
    return heldLock(await writing(this.folder, () => takeLock(this.#locksFolder, name, options)), file);
  }

  /**
   * Begins a run: its plan is on disk when this returns. Lock the data file first.
   * @param list absolute paths that the plan is about, as many as there are
   * @throws FileError `journal-unwritable`; what going through the list throws
   */
  async startRun<S extends JournalStep>(
    start: RunStart,
    steps: readonly S[],
    list: Batches<string> = [],
  ): Promise<JournalRun<S>> {
    const created = new Date().toISOString();
    const runId = `${created.replace(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`;
    const folder = path.join(this.#runsFolder, runId);
    const { configFile, ...required } = start;
    const lock = heldLock(await this.#lockRun(runId), start.dataFile.path);
    try {
      return await writing(this.folder, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeDurably(path.join(folder, planFileName), steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
        const listBytes = await writeList(folder, list);
        // A field that is undefined is not written, and read back as missing.
        const stepCount = steps.length;
        const header: RunHeader = {
          version: journalVersion,
          runId,
          created,
          ...required,
          configFile,
          stepCount,
          listBytes,
        };
        // Last: without it there is no run, and nothing was sent yet.
        await writeHeader(folder, header);
        await syncFolder(folder);
        await syncFolder(this.#runsFolder);
        const log = await LineLog.open(path.join(folder, stepsFileName));
        return new JournalRun({ header, folder, records: new Map(), stepsDone: 0 }, steps, log, lock);
      });
    } catch (error) {
      // Nothing was sent of it.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      await lock.release();
      throw error;
    }
  }

  /**
   * Takes up a run where it was left.
   * @throws FileError `journal-busy` if a process is at it.
   */
  async resumeRun<S extends JournalStep>(
    runId: string,
    isStep: (value: unknown) => value is S,
  ): Promise<{ run: JournalRun<S> } | { problem: Problem }> {
    const folder = path.join(this.#runsFolder, runId);
    const lock = heldLock(await this.#lockRun(runId), `Run ${runId}`);
    try {
      const read = await readRunEntry(folder);
      if (!('entry' in read)) return await this.#unusable(read, lock);
      const { finished, version } = read.entry.header;
      if (version !== journalVersion) return await this.#unusable({ problem: ofOtherVersion(folder) }, lock);
      if (finished && finished.outcome !== 'done') {
        const message = `Run ${runId} has been ended by another process in the meantime (${finished.outcome}).`;
        return await this.#unusable({ problem: problem('journal-busy', message) }, lock);
      }
      const planned = await readPlannedSteps(read.entry, isStep);
      if ('problem' in planned) return await this.#unusable(planned, lock);
      const log = await LineLog.open(path.join(folder, stepsFileName));
      return { run: new JournalRun(read.entry, planned.steps, log, lock) };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** All runs, oldest first. A damaged one is a problem and stops nothing. */
  async listRuns(): Promise<{
    runs: readonly RunEntry[];
    damaged: readonly DamagedEntry[];
    problems: readonly Problem[];
  }> {
    const names = await this.#runNames();
    const runs: RunEntry[] = [];
    const damaged: DamagedEntry[] = [];
    for (const name of names) {
      const read = await readRunEntry(path.join(this.#runsFolder, name));
      if ('entry' in read) runs.push(read.entry);
      else if (!(await hasNotBegun(path.join(this.#runsFolder, name)))) damaged.push(read);
    }
    return { runs, damaged, problems: damaged.map((entry) => entry.problem) };
  }

  /**
   * Gives up an unfinished run without sending anything: it is not offered for resuming any more.
   * @param mayBe asked with the run as it is when nobody else can change it
   * @returns whether it was given up
   * @throws FileError `journal-busy` if a process is at it.
   */
  async giveUp(runId: string, mayBe: (entry: RunEntry) => boolean = () => true): Promise<boolean> {
    const lock = heldLock(await this.#lockRun(runId), `Run ${runId}`);
    try {
      const read = await readRunEntry(path.join(this.#runsFolder, runId));
      if (!('entry' in read) || read.entry.header.finished || !mayBe(read.entry)) return false;
      const finished = { at: new Date().toISOString(), outcome: 'abandoned' } as const;
      await writeHeader(read.entry.folder, { ...read.entry.header, finished });
      return true;
    } finally {
      await lock.release();
    }
  }

  /**
   * Deletes runs that finished more than `days` ago, and what is left of such that never began; unfinished and damaged
   * ones stay. Gives the ids deleted.
   */
  async tidy(days: number): Promise<readonly string[]> {
    const before = Date.now() - days * dayMs;
    const deleted: string[] = [];
    for (const name of await this.#runNames()) {
      const folder = path.join(this.#runsFolder, name);
      const read = await readRunEntry(folder);
      const ended =
        'entry' in read
          ? Date.parse(read.entry.header.finished?.at ?? '')
          : (await hasNotBegun(folder))
            ? (await stat(folder)).mtimeMs
            : NaN;
      if (!(ended < before)) continue;
      await rm(folder, { recursive: true, force: true });
      deleted.push(name);
    }
    return deleted;
  }

  async #runNames(): Promise<string[]> {
    return (await readdir(this.#runsFolder).catch((): string[] => [])).sort();
  }

  async #unusable(found: { problem: Problem }, lock: HeldLock): Promise<{ problem: Problem }> {
    await lock.release();
    return { problem: found.problem };
  }

  #lockRun(runId: string): Promise<LockResult> {
    return takeLock(this.#locksFolder, JSON.stringify(['run', runId]));
  }
}
