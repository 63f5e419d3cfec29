import { isDraftDue, tellDraft } from './draftTime.ts';
import type { Refused } from '../lifecycle.ts';
import type { Journal } from '../store/journal.ts';
import type { OpenJob } from '../store/openJob.ts';
import { abandonedMs, removeAbandonedParts, removeParts } from '../store/parts.ts';
import { readJobRecord } from '../store/readJob.ts';

/** How long what has ended is kept. */
export interface ExpireOptions {
  /** Days for which the parts are; default 30. */
  readonly keepDays?: number | undefined;
  /** Days for which the record is; default 90. */
  readonly recordDays?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now?: number | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Does something with a job that nobody else is at. */
type Holding = (id: string, work: (job: OpenJob) => Promise<Refused | undefined>) => Promise<unknown>;

/** What time does to the jobs of a store. */
export class Expiry {
  readonly #journal: Journal;
  /** Days of which the parts of all ended jobs are removed. */
  readonly #partsGone = new Set<string>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /**
   * Ends drafts whose time is over and warns of it a day before, removes what nobody took, and of jobs that ended long
   * ago first parts, then records.
   * @throws FileError `journal-unwritable`
   */
  async run({ keepDays = 30, recordDays = 90, now = Date.now() }: ExpireOptions, holding: Holding): Promise<void> {
    const { store } = this.#journal;
    await removeAbandonedParts(this.#journal.folder);
    await this.#journal.tidy(recordDays);
    for (const { day, ids } of await store.endedBefore(now - keepDays * dayMs)) {
      if (this.#partsGone.has(day)) continue;
      for (const id of ids) await removeParts(store.filesOf(id));
      this.#partsGone.add(day);
    }
    for (const id of await store.open()) {
      const record = (await store.find(id)) && (await readJobRecord(store, id));
      // Its process was killed when the parts were there, and not the job.
      if (!record && now - (await store.touched(id).catch(() => now)) > abandonedMs)
        await removeParts(store.filesOf(id));
      if (!record || !isDraftDue(record, now)) continue;
      await holding(id, async (job) => {
        await tellDraft(job, now);
        return undefined;
      });
    }
  }
}
