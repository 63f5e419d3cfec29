import { resolve as absolute } from 'node:path';
import { budget } from '../../limits/budget.ts';
import { fileStats } from '../diskStats.ts';
import { openNexus } from '../file.ts';
import { fileIdentity } from '../storage/fileIdentity.ts';
import { NexusError } from '../model.ts';
import type { NexusFile } from '../model.ts';
import { QuestionedFile } from './questionedFile.ts';
import { createNexusWorker } from './workerFile.ts';
import type { NexusWorker, NexusWorkerOptions } from './workerFile.ts';
import { ask } from './workerProtocol.ts';
import type { Question } from './workerProtocol.ts';

/**
 * Opens NeXus files in this thread, which costs the least, but never keeps it for long: what is not answered within a
 * second or so is asked again in a thread of its own, while this one goes on to take signals. What is not answered
 * there either makes the file count as damaged until it changes.
 */
export class NexusOpener {
  readonly #hereMs: number;
  readonly #options: NexusWorkerOptions;
  /** Files that took too long here, and what they were then. */
  readonly #slow = new Map<string, string>();
  #worker: NexusWorker | undefined;

  constructor(options: NexusWorkerOptions = {}, hereMs: number = budget.nexus.answerHereMs) {
    this.#options = options;
    this.#hereMs = hereMs;
  }

  /**
   * @param linkedFolders folders into which the files may lead, besides their own; the same for all
   * @param signal when it is aborted, nobody waits for the answer any longer, and no other thread is left behind
   * @throws NexusError for whatever is wrong with the file; the signal's reason when aborted
   */
  async open(path: string, signal?: AbortSignal, linkedFolders: readonly string[] = []): Promise<NexusFile> {
    const name = absolute(path);
    const identity = fileIdentity(fileStats(name));
    let here: NexusFile | undefined;
    if (this.#slow.get(name) !== identity) here = await orTooSlow(openNexus(name, this.#hereMs, linkedFolders));
    let elsewhere = here ? undefined : await this.#elsewhere(name, identity, linkedFolders, signal);
    const answer = async (question: Question): Promise<unknown> => {
      if (here && !elsewhere) {
        const answered = await orTooSlow(ask(here, question).then((value) => ({ value })));
        if (answered) return answered.value;
      }
      elsewhere ??= await this.#elsewhere(name, identity, linkedFolders, signal);
      return unlessAborted(ask(elsewhere, question), signal);
    };
    return new QuestionedFile(name, answer, async () => {
      await here?.close();
      await elsewhere?.close();
    });
  }

  #elsewhere(
    name: string,
    identity: string,
    linkedFolders: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<NexusFile> {
    this.#slow.set(name, identity);
    if (!this.#worker) {
      const worker = createNexusWorker({ ...this.#options, linkedFolders });
      this.#worker = worker;
      signal?.addEventListener('abort', () => void worker.dispose(), { once: true });
    }
    return unlessAborted(this.#worker.open(name), signal);
  }
}

/** The answer; undefined where it took too long. */
async function orTooSlow<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NexusError && error.code === 'too-slow') return undefined;
    throw error;
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

const opener = new NexusOpener();

/** Opens a NeXus file for a command; see NexusOpener. */
export function openNexusInTime(
  path: string,
  signal?: AbortSignal,
  linkedFolders?: readonly string[],
): Promise<NexusFile> {
  return opener.open(path, signal, linkedFolders);
}
