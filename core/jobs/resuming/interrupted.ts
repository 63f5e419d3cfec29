import type { Problem } from '../../problems/problem.ts';
import type { JobStream } from '../events.ts';
import { giveUp } from './giveUp.ts';
import { resumeRun } from './resumeJob.ts';
import type { ResumeOptions, Resumption } from './resumeJob.ts';
import { daysKept, Journal } from '../store/journal.ts';
import type { RunEntry } from '../store/jobRecord.ts';
import type { JobStore } from '../store/jobStore.ts';

/** The plans of which only a part was carried out, and what a person does with all of them at once. */
export class Interrupted {
  readonly #journal: Journal;

  constructor(store: JobStore) {
    this.#journal = new Journal({ store });
  }

  /** What happens to the jobs that this process is at. */
  get stream(): JobStream {
    return this.#journal.stream;
  }

  /** They, oldest first; and what is damaged, or does not belong among them. */
  list(): Promise<{ readonly runs: readonly RunEntry[]; readonly problems: readonly Problem[] }> {
    return this.#journal.openRuns();
  }

  /** Finishes one at the first step that is not done. @throws as `resumeRun` */
  resume(run: RunEntry, options: ResumeOptions): Promise<Resumption> {
    return resumeRun(this.#journal, run, options);
  }

  /** Gives one up without sending anything. @throws FileError `journal-busy`, `journal-unwritable` */
  giveUp({ header }: RunEntry): Promise<boolean> {
    return giveUp(this.#journal, header.runId);
  }

  /** Deletes all that ended long ago. */
  async tidy(): Promise<void> {
    await this.#journal.tidy(daysKept, Infinity);
  }
}

export type { Resumption, RunEntry };
