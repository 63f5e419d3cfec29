import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { digestFile } from './checksum.ts';
import type { DigestOptions } from './checksum.ts';
import type { ChecksumAnswer, ChecksumRequest } from './checksumWorker.ts';
import { FileError } from './fileError.ts';

/** Files from this size on are worth a thread. */
const bigFileBytes = 16n * 1024n * 1024n;
/** Small files are hashed in this thread, a few at a time, so that their reads overlap. */
const smallAtATime = 4;
/** Each thread costs about 8 MB. */
const mostThreads = 8;

/** A number of places; who finds none free waits for its turn. */
class Places {
  readonly #free: number[];
  readonly #waiting: ((place: number) => void)[] = [];

  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
    this.#free = Array.from({ length: count }, (_, index) => index);
  }

  get busy(): number {
    return this.#count - this.#free.length;
  }

  async use<T>(task: (place: number) => Promise<T>): Promise<T> {
    const free = this.#free.shift();
    const place = free ?? (await new Promise<number>((resolve) => this.#waiting.push(resolve)));
    try {
      return await task(place);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(place);
      else {
        this.#free.push(place);
        this.#free.sort((a, b) => a - b);
      }
    }
  }
}

/**
 * The worker's file, which lies at the same place from every built file. Sources that run unbuilt have none: then
 * everything is hashed in this thread.
 */
function builtWorkerFile(): string | undefined {
  if (!import.meta.url) return undefined;
  const file = fileURLToPath(new URL('../workers/checksum.cjs', import.meta.url));
  return existsSync(file) ? file : undefined;
}

export interface ChecksumLanesOptions {
  /** Big files at the same time; default: the number of cores, at most 8. */
  readonly parallel?: number | undefined;
  /** Path of the built `checksumWorker.ts`; default: where the build puts it. */
  readonly workerFile?: string | undefined;
}

/**
 * Checksums of many files, in this thread and, when several big ones come together, in worker threads. The first big
 * file stays in this thread, because one file cannot be hashed faster than by one core.
 */
export class ChecksumLanes {
  readonly #small = new Places(smallAtATime);
  readonly #big: Places;
  readonly #workers = new Map<number, Worker>();
  readonly #workerFile: string | undefined;

  constructor(options: ChecksumLanesOptions = {}) {
    this.#workerFile = options.workerFile ?? builtWorkerFile();
    const parallel = options.parallel ?? Math.min(availableParallelism(), mostThreads);
    this.#big = new Places(this.#workerFile === undefined ? 1 : Math.max(1, parallel));
  }

  /** As `digestFile`; waits for its turn. */
  async digests(path: string, size: bigint, options: DigestOptions): Promise<readonly string[]> {
    if (size < bigFileBytes) return this.#small.use(() => digestFile(path, options));
    const isCrowded = (): boolean => this.#big.busy >= availableParallelism();
    return this.#big.use((place) =>
      place === 0 || this.#workerFile === undefined
        ? digestFile(path, { ...options, isCrowded })
        : this.#inWorker(place, this.#workerFile, path, { ...options, isCrowded }),
    );
  }

  /** Ends the worker threads. */
  async close(): Promise<void> {
    const workers = [...this.#workers.values()];
    this.#workers.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  async #inWorker(place: number, file: string, path: string, options: DigestOptions): Promise<readonly string[]> {
    options.signal?.throwIfAborted();
    const worker = this.#workers.get(place) ?? new Worker(file);
    this.#workers.set(place, worker);
    const { signal } = options;
    let forget: (() => void) | undefined;
    try {
      return await new Promise<readonly string[]>((resolve, reject) => {
        const stop = (): void => {
          this.#workers.delete(place);
          void worker.terminate();
          reject(signal?.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
        };
        signal?.addEventListener('abort', stop, { once: true });
        const answered = (answer: ChecksumAnswer): void => {
          if (answer.kind === 'progress') options.onProgress?.(answer.bytesDone);
          else if (answer.kind === 'done') resolve(answer.digests);
          else reject(answer.code ? new FileError(answer.code, answer.message) : new Error(answer.message));
        };
        const died = (error?: unknown): void => {
          this.#workers.delete(place);
          const why = error instanceof Error ? `: ${error.message}` : '';
          reject(new Error(`The thread that computes checksums ended early${why}.`));
        };
        const exited = (): void => {
          died();
        };
        worker.on('message', answered).on('error', died).on('exit', exited);
        // Each by itself: without a name those of Node would go, too, and the answer to the next file may never arrive.
        forget = () => {
          signal?.removeEventListener('abort', stop);
          worker.off('message', answered).off('error', died).off('exit', exited);
        };
        const { algorithms, identity, isCrowded } = options;
        const request: ChecksumRequest = { path, algorithms, identity, isCrowded: isCrowded?.() ?? false };
        worker.postMessage(request);
      });
    } finally {
      forget?.();
    }
  }
}
