import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Arrived, ArrivingFile } from './arrivingWorker.ts';

/** What is shorter is not worth a thread. */
const worthThreadBytes = 16 * 1024 * 1024;
/** The thread is told of new bytes after so many. */
const stretchBytes = 4 * 1024 * 1024;

/** As in `checksumLanes.ts`: sources that run unbuilt have no such file. */
function builtWorkerFile(): string | undefined {
  if (!import.meta.url) return undefined;
  const file = fileURLToPath(new URL('../workers/arriving.cjs', import.meta.url));
  return existsSync(file) ? file : undefined;
}

/** Threads of all files that arrive now. */
let threads = 0;

/**
 * Checksums of a file while it is written. Of a long one a thread reads behind the writer what is still in the memory of
 * the system, so that whoever takes it in hashes nothing; that is told what is there, and no bytes go from one to the other.
 */
export class ArrivingDigests {
  readonly #path: string;
  readonly #algorithms: readonly string[];
  readonly #workerFile: string | undefined;
  #hashes: readonly Hash[];
  #bytes = 0;
  #told = 0;
  #worker: Worker | undefined;
  #answer: Promise<readonly string[]> | undefined;

  /**
   * @param algorithms as node:crypto calls them
   * @param workerFile path of the built `arrivingWorker.ts`; default: where the build puts it
   */
  constructor(path: string, algorithms: readonly string[], workerFile = builtWorkerFile()) {
    this.#path = path;
    this.#workerFile = workerFile;
    this.#algorithms = algorithms;
    this.#hashes = algorithms.map((algorithm) => createHash(algorithm));
  }

  /** These come next in the file, and are written already. */
  add(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.#bytes += piece.length;
    if (!this.#worker && this.#bytes >= worthThreadBytes && this.#hashes.length > 0) this.#begin();
    if (this.#worker) {
      if (this.#bytes - this.#told >= stretchBytes) this.#tell(false);
      return;
    }
    for (const hash of this.#hashes) for (const piece of pieces) hash.update(piece);
  }

  /** Hexadecimal, in the order of the algorithms, when all is written. */
  async end(): Promise<readonly string[]> {
    if (!this.#answer) return this.#hashes.map((hash) => hash.digest('hex'));
    this.#tell(true);
    return this.#answer;
  }

  /** Nobody wants them any more. */
  stop(): void {
    void this.#worker?.terminate();
  }

  #tell(isAll: boolean): void {
    const arrived: Arrived = { bytes: this.#bytes, isAll };
    this.#told = this.#bytes;
    this.#worker?.postMessage(arrived);
  }

  /** It reads from the beginning: what a hash has taken in cannot be handed on. */
  #begin(): void {
    const file = this.#workerFile;
    if (file === undefined || threads >= availableParallelism()) return;
    const workerData: ArrivingFile = { path: this.#path, algorithms: this.#algorithms };
    const worker = new Worker(file, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 } }); // prettier-ignore
    threads += 1;
    worker.once('exit', () => {
      threads -= 1;
    });
    this.#hashes = [];
    this.#worker = worker;
    this.#answer = new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        reject(new Error('The thread that computes checksums ended early.'));
      });
    });
    // A failure is told to whoever asks for the end.
    this.#answer.catch(() => undefined);
  }
}
