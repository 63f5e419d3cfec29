import { NexusError } from '../model.ts';

/** Bytes that all answers together may take, roughly; a single one may take an eighth of it. */
const BUDGET = 16_000_000;

interface Kept {
  readonly answer: Promise<unknown>;
  bytes: number;
}

/** What readers of files have answered, or are about to; the answer that was used longest ago is forgotten first. */
export class KeptAnswers {
  readonly #budget: number;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(budget = BUDGET) {
    this.#budget = budget;
  }

  /** Roughly, without the answers that are not there yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The answer to a question, asked only where it is not known. That a path is not there is an answer, too. */
  get(key: string, ask: () => Promise<unknown>): Promise<unknown> {
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.answer;
    }
    const kept: Kept = { answer: ask(), bytes: 0 };
    this.#kept.set(key, kept);
    kept.answer.then(
      (answer) => {
        this.#weigh(key, kept, answer);
      },
      (error: unknown) => {
        if (isAboutPath(error)) this.#weigh(key, kept, error.message);
        else this.#forget(key, kept);
      },
    );
    return kept.answer;
  }

  /** Forgets all answers whose keys begin like this. */
  forget(prefix: string): void {
    for (const [key, kept] of this.#kept) if (key.startsWith(prefix)) this.#forget(key, kept);
  }

  #weigh(key: string, kept: Kept, answer: unknown): void {
    if (this.#kept.get(key) !== kept) return;
    kept.bytes = 2 * key.length + weightOf(answer);
    this.#bytes += kept.bytes;
    if (kept.bytes > this.#budget / 8) this.#forget(key, kept);
    for (const [oldest, other] of this.#kept) {
      if (this.#bytes <= this.#budget) break;
      if (other.bytes > 0) this.#forget(oldest, other);
    }
  }

  #forget(key: string, kept: Kept): void {
    if (this.#kept.get(key) !== kept) return;
    this.#kept.delete(key);
    this.#bytes -= kept.bytes;
  }
}

/** What holds for as long as the file does not change. */
function isAboutPath(error: unknown): error is NexusError {
  return error instanceof NexusError && (error.code.startsWith('path-') || error.code === 'too-large');
}

/** Bytes that a piece of plain data takes in memory, roughly; of long lists the beginning tells for the rest. */
function weightOf(data: unknown): number {
  if (typeof data === 'string') return 24 + data.length;
  if (typeof data !== 'object' || data === null) return typeof data === 'bigint' ? 24 : 8;
  if (ArrayBuffer.isView(data)) return 100 + data.byteLength;
  const parts: readonly unknown[] = Array.isArray(data) ? data : data instanceof Map ? [...data] : Object.values(data);
  const first = parts.length > 200 ? parts.slice(0, 100) : parts;
  const weight = first.reduce<number>((sum, part) => sum + 8 + weightOf(part), 0);
  return 24 + (first.length === 0 ? 0 : (weight * parts.length) / first.length);
}
