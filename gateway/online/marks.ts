import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { rewrite, writing } from '../../core/files/durableFiles.ts';

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
  readonly #folder: string;

  constructor(store: string) {
    this.#folder = path.join(store, 'heard');
  }

  async read(subject: string): Promise<Mark | undefined> {
    let found: unknown;
    try {
      found = JSON.parse(await readFile(this.#file(subject), 'utf8'));
    } catch {
      return undefined;
    }
    return isMark(found) ? found : undefined;
  }

  /** @throws FileError `journal-unwritable` */
  async write(subject: string, { job, keys }: Mark): Promise<void> {
    const file = this.#file(subject);
    await writing(this.#folder, async () => {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await rewrite(file, JSON.stringify({ job, keys: keys.slice(0, keysKept) }));
    });
  }

  #file(subject: string): string {
    const hash = createHash('sha256').update(subject).digest('hex');
    return path.join(this.#folder, hash.slice(0, 2), hash.slice(2, 40));
  }
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null || !('job' in value) || !('keys' in value)) return false;
  const { job, keys } = value;
  return typeof job === 'string' && Array.isArray(keys) && keys.every((key) => typeof key === 'string');
}
