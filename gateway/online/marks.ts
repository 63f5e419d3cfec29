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

/** Remembers in a store what was heard of, so that the same message never makes two jobs, in whatever process. */
export class Marks {
  readonly #jobs: Jobs;

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /** @throws FileError `journal-unwritable` where it is not known whether there is one */
  async read(subject: string): Promise<Mark | undefined> {
    const found = jsonIn((await this.#jobs.mark(subject)) ?? '');
    return isMark(found) ? found : undefined;
  }

  /** @throws FileError `journal-unwritable` */
  async write(subject: string, { job, keys }: Mark): Promise<void> {
    await this.#jobs.setMark(subject, JSON.stringify({ job, keys: keys.slice(0, keysKept) }));
  }
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null || !('job' in value) || !('keys' in value)) return false;
  const { job, keys } = value;
  return typeof job === 'string' && Array.isArray(keys) && keys.every((key) => typeof key === 'string');
}
