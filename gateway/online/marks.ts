import type { Jobs } from '../../core/jobs/jobs.ts';
import { jsonIn } from '../../core/scicat/json.ts';

/** What is known of a file, or of a message that was put aside. */
export interface Mark {
  /** The job that was made for it last; empty until it is made. */
  readonly job: string;
  /** What was heard of it last: the keys, newest first. */
  readonly keys: readonly string[];
}

/** So many keys are kept. A message is heard again soon or never. */
const keysKept = 16;

/** A mark stays for so long at least, as the records of jobs do. */
const daysKept = 90;
const dayMs = 24 * 60 * 60 * 1000;
/** So many are looked at in one turn. */
const lookedAtOnce = 5_000;

/** Whether something that was heard, by its key, will never be heard again. */
export type IsGone = (key: string) => boolean | Promise<boolean>;

/** Remembers in a store what was heard of, so that the same message never makes two jobs, in whatever process. */
export class Marks {
  readonly #jobs: Jobs;
  /** Where the next turn of tidying begins. */
  #after = '';

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /** @throws FileError `journal-unwritable` where it is not known whether there is one */
  async read(subject: string): Promise<Mark | undefined> {
    return markIn((await this.#jobs.mark(subject)) ?? '');
  }

  /** @throws FileError `journal-unwritable` */
  async write(subject: string, { job, keys }: Mark): Promise<void> {
    await this.#jobs.setMark(subject, JSON.stringify({ job, keys: keys.slice(0, keysKept) }));
  }

  /**
   * Looks at the next of the marks, and removes those that are old and keep nothing from being done twice: their job and
   * its record are gone, and nothing that was heard of them will be heard again. Others that lie among them stay.
   * @param findOut finds out what is gone; asked where a mark is old
   * @throws FileError `journal-unwritable`, or as `findOut`
   */
  async tidy(findOut: () => Promise<IsGone>, now = Date.now()): Promise<void> {
    const { marks, next } = await this.#jobs.oldMarks(now - daysKept * dayMs, this.#after, lookedAtOnce);
    const old = marks.map((mark) => ({ mark, known: markIn(mark.text) })).filter(({ known }) => known !== undefined);
    const isGone = old.length > 0 ? await findOut() : (): boolean => false;
    for (const { mark, known } of old)
      if (known && (await this.#isOver(known, isGone))) await this.#jobs.removeMark(mark);
    this.#after = next;
  }

  async #isOver({ job, keys }: Mark, isGone: IsGone): Promise<boolean> {
    // Where a process was killed while it made the job, that may be there.
    if (job === '') return false;
    for (const key of keys) if (!(await isGone(key))) return false;
    return (await this.#jobs.record(job)) === undefined;
  }
}

function markIn(text: string): Mark | undefined {
  const found = jsonIn(text);
  return isMark(found) ? found : undefined;
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null || !('job' in value) || !('keys' in value)) return false;
  const { job, keys } = value;
  return typeof job === 'string' && Array.isArray(keys) && keys.every((key) => typeof key === 'string');
}
