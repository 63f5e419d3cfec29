import { rename } from 'node:fs/promises';
import path from 'node:path';
import { FileError } from '../../files/fileError.ts';
import { readList, runFileName } from './jobRecord.ts';
import type { JournalStep, RunEntry, RunHeader, RunOutcome, StepRecord, StepState } from './jobRecord.ts';
import { rewrite, writing } from '../../files/durableFiles.ts';
import type { LineLog } from '../../files/durableFiles.ts';
import type { HeldLock } from './lock.ts';
import { makeFolder } from '../../files/makeFolder.ts';

/** `run.json` as it is written. */
export function headerText(header: RunHeader): string {
  return `${JSON.stringify(header, null, 2)}\n`;
}

/** The folder in which a run lies that ended on that day: the older ones are found without looking into any. */
export function finishedFolder(journal: string, at: string): string {
  return path.join(journal, 'finished', at.slice(0, 10));
}

/**
 * Marks a run as ended and puts it away, so that nobody looks at it any more. It need not be on disk: a run that is
 * open again after a failure of the computer has nothing left to send.
 */
export async function putAway(journal: string, folder: string, header: RunHeader, at: string): Promise<void> {
  await rewrite(path.join(folder, runFileName), headerText(header));
  await moveAway(journal, folder, at);
}

/** Puts a run that has ended where the ended ones are. */
export async function moveAway(journal: string, folder: string, at: string): Promise<void> {
  const to = finishedFolder(journal, at);
  await makeFolder(to, 0o700);
  // Another process may have been quicker, or it lies there already.
  await rename(folder, path.join(to, path.basename(folder))).catch(() => undefined);
}

/**
 * One run of a plan in the journal. What is said to be started is on disk when the call returns, and with it all that
 * was done before, so that a run that is killed at any moment can be taken up again.
 */
export class JournalRun<S extends JournalStep> {
  readonly steps: readonly S[];
  readonly folder: string;
  readonly header: RunHeader;
  readonly #journal: string;
  readonly #records: Map<string, StepRecord>;
  readonly #log: LineLog;
  readonly #lock: HeldLock;

  /** @param journal the folder of the journal */
  constructor(journal: string, entry: RunEntry, steps: readonly S[], log: LineLog, lock: HeldLock) {
    this.#journal = journal;
    this.folder = entry.folder;
    this.header = entry.header;
    this.steps = steps;
    this.#records = new Map(entry.records);
    this.#log = log;
    this.#lock = lock;
  }

  /** The list that the run was begun with, read as it is gone through. @throws FileError `journal-damaged` */
  get list(): AsyncIterable<readonly string[]> {
    return { [Symbol.asyncIterator]: () => readList(this) };
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
    const line = this.#record(stepId, 'started', about);
    await writing(this.#journal, () => this.#log.append(line));
  }

  /** After the step was refused: it was surely not done, and stands as if it had never been started. */
  async recordRefused(stepId: string): Promise<void> {
    const line = this.#record(stepId, 'planned');
    await writing(this.#journal, () => this.#log.append(line));
  }

  /** After the step, before the next one. */
  async recordDone(stepId: string, result?: unknown): Promise<void> {
    const line = this.#record(stepId, 'done', result);
    await writing(this.#journal, () => this.#log.appendSoon(line));
  }

  /**
   * The run is over: it is not offered for resuming any more, and its lock is free.
   * @throws FileError `journal-unwritable`; the lock is free all the same
   */
  async finish(outcome: RunOutcome, message?: string): Promise<void> {
    const at = new Date().toISOString();
    const finished = { at, outcome, ...(message !== undefined && { message }) };
    try {
      await writing(this.#journal, async () => {
        await this.#log.close();
        await putAway(this.#journal, this.folder, { ...this.header, finished }, at);
      });
    } finally {
      await this.#lock.release();
    }
  }

  /** Leaves the run as it is, to be resumed later. */
  async close(): Promise<void> {
    // What the disk has not taken is looked up when it is resumed.
    await this.#log.close().catch(() => undefined);
    await this.#lock.release();
  }

  #record(step: string, state: StepState, result?: unknown): string {
    if (this.#lock.isLost) {
      throw new FileError(
        'journal-busy',
        'The lock of this run was lost, perhaps because the computer slept. Another process may have taken over; ' +
          'this one stops. `imsc resume` finishes what is left.',
      );
    }
    const record: StepRecord = { step, state, at: new Date().toISOString(), ...(result !== undefined && { result }) };
    this.#records.set(step, record);
    return JSON.stringify(record);
  }
}
