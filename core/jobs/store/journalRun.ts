import { lost } from './lock.ts';
import type { LoggedNews } from '../events.ts';
import type { Findings, StepState } from '../job.ts';
import type { JobEvent } from '../lifecycle.ts';
import { headerText, readList, runFileName } from './jobRecord.ts';
import type { JournalStep, RunEntry, RunHeader, RunOutcome, StepRecord } from './jobRecord.ts';
import type { JobStore } from './jobStore.ts';
import type { OpenJob } from './openJob.ts';

/** What becomes of a job with the end of its run. */
const endings: Readonly<Record<RunOutcome, JobEvent>> = {
  done: { kind: 'finish', outcome: 'ingested' },
  'already-present': { kind: 'finish', outcome: 'already-present' },
  failed: { kind: 'fail' },
  abandoned: { kind: 'cancel' },
};

/**
 * One run of a plan in the journal. What is said to be started is on disk when the call returns, and with it all that
 * was done before, so that a run that is killed at any moment can be taken up again.
 */
export class JournalRun<S extends JournalStep> {
  readonly steps: readonly S[];
  readonly header: RunHeader;
  readonly #store: JobStore;
  readonly #records: Map<string, StepRecord>;
  readonly job: OpenJob;

  constructor(store: JobStore, entry: RunEntry, steps: readonly S[], job: OpenJob) {
    this.#store = store;
    this.header = entry.header;
    this.steps = steps;
    this.#records = new Map(entry.records);
    this.job = job;
  }

  /** The list that the run was begun with, read as it is gone through. @throws FileError `journal-damaged` */
  get list(): AsyncIterable<readonly string[]> {
    return { [Symbol.asyncIterator]: () => readList(this.#store, this.header) };
  }

  /** Whether a step was refused the last time, so that it was surely not done. */
  get wasRefused(): boolean {
    return [...this.#records.values()].some(({ state }) => state === 'planned');
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
    await this.job.logs([this.#record(stepId, 'started', about)], { until: 'kept' });
  }

  /** After the step was refused: it was surely not done, and stands as if it had never been started. */
  async recordRefused(stepId: string): Promise<void> {
    await this.job.logs([this.#record(stepId, 'planned')], { until: 'kept' });
  }

  /** After the step, before the next one. */
  async recordDone(stepId: string, result?: unknown): Promise<void> {
    await this.job.logs([this.#record(stepId, 'done', result)], { until: 'soon' });
  }

  /**
   * The run is over: it is not offered for resuming any more, and its lock is free.
   * @throws FileError `journal-unwritable`; the lock is free all the same
   */
  async finish(outcome: RunOutcome, message?: string, findings?: Findings): Promise<void> {
    const at = new Date().toISOString();
    const finished = { at, outcome, ...(message !== undefined && { message }) };
    try {
      await this.job.flush();
      if (outcome === 'done') await this.job.load();
      await this.job.ends(endings[outcome], findings);
      await this.job.write({ pages: { [runFileName]: headerText({ ...this.header, finished }) }, place: 'ended' });
    } finally {
      await this.job.close();
    }
  }

  /** Leaves the run as it is, to be resumed later. @param event how the job stands then, if not as it does */
  async close(event?: JobEvent, findings?: Findings): Promise<void> {
    try {
      if (event) await this.job.ends(event, findings);
    } finally {
      await this.job.close();
    }
  }

  /** Right before something is sent. @throws FileError `journal-busy` where another process may have taken over */
  async confirm(): Promise<void> {
    if (!(await this.job.lock.confirm())) throw lost();
  }

  #record(step: string, state: StepState, result?: unknown): LoggedNews {
    if (this.job.lock.isLost) throw lost();
    const record: StepRecord = { step, state, at: new Date().toISOString(), ...(result !== undefined && { result }) };
    this.#records.set(step, record);
    return { kind: 'step', ...record };
  }
}
