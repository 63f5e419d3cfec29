import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SchemaComparison } from './schemaDiff.ts';
import type { DiffSides, SampleDiff } from './schemaDiff.ts';
import type { DiffAnswer } from './schemaDiffWorker.ts';

/** Fewer files than this are compared before a thread has started. */
const worthThreads = 24;
/** Files that a thread is given ahead, so that it does not wait for the next. */
const ahead = 4;
const mostThreads = 8;

/**
 * Compares many files, by several threads where that is worth it, in their order.
 * @param samples absolute paths
 * @throws what is a bug; the signal's reason
 */
export async function* diffSamples(
  sides: DiffSides,
  samples: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<SampleDiff, void> {
  const program = samples.length < worthThreads ? undefined : builtWorkerFile();
  if (program === undefined) {
    const comparison = SchemaComparison.of(sides);
    for (const sample of samples) {
      signal?.throwIfAborted();
      yield await comparison.compare(sample);
    }
    return;
  }
  const threads = Array.from(
    { length: Math.min(availableParallelism(), mostThreads) },
    () => new Thread(program, sides),
  );
  const begun: Promise<SampleDiff>[] = [];
  let next = 0;
  const fill = (until: number): void => {
    for (; next < Math.min(until, samples.length); next++) {
      const sample = samples[next] ?? '';
      const [idlest] = [...threads].sort((one, other) => one.waiting - other.waiting);
      if (idlest) begun.push(idlest.compare(sample));
    }
  };
  try {
    for (let index = 0; index < samples.length; index++) {
      signal?.throwIfAborted();
      fill(index + threads.length * ahead);
      const diff = await begun[index];
      if (diff) yield diff;
    }
  } finally {
    for (const each of begun) each.catch(() => undefined);
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

/** Sources that run unbuilt have no such file. */
function builtWorkerFile(): string | undefined {
  if (!import.meta.url) return undefined;
  const file = fileURLToPath(new URL('../workers/schemaDiff.cjs', import.meta.url));
  return existsSync(file) ? file : undefined;
}

/** A thread that answers in the order in which it is asked. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting: { readonly resolve: (diff: SampleDiff) => void; readonly reject: (error: Error) => void }[] = [];

  constructor(program: string, sides: DiffSides) {
    this.#worker = new Worker(program, { workerData: sides });
    this.#worker.on('message', (answer: DiffAnswer) => {
      const waiting = this.#waiting.shift();
      if ('diff' in answer) waiting?.resolve(answer.diff);
      else waiting?.reject(new Error(answer.bug));
    });
    const died = (error?: unknown): void => {
      const why = error instanceof Error ? error : new Error('The thread that compares files ended early.');
      for (const { reject } of this.#waiting.splice(0)) reject(why);
    };
    this.#worker.on('error', died);
    this.#worker.on('exit', () => {
      died();
    });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  compare(sample: string): Promise<SampleDiff> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(sample);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
