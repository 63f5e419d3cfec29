import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fileIdentity } from '../storage/fileIdentity.ts';
import { KeptAnswers } from './keptAnswers.ts';
import { budget } from '../../limits/budget.ts';
import { NexusError } from '../model.ts';
import type { NexusFile } from '../model.ts';
import { QuestionedFile } from './questionedFile.ts';
import { ReadHere } from './readHere.ts';
import { errorFrom } from './workerProtocol.ts';
import type { Question, Request, WorkerMessage, WorkerOrder } from './workerProtocol.ts';

export interface NexusWorkerOptions {
  /** Folders into which files may lead, besides their own. */
  readonly linkedFolders?: readonly string[];
  /** The bundled `core/nexus/worker/worker.ts`. Default: where it lies, as seen from every program. */
  readonly workerUrl?: URL;
  /** Milliseconds for one answer, then the worker is replaced. Default 10 000 (core/limits/budget.ts). */
  readonly timeout?: number;
  /** Milliseconds without a question after which a file is closed. Default 5 000. */
  readonly idle?: number;
  /**
   * Milliseconds for which one answer may keep the thread that asks. Where that is not enough, and for what our own reader
   * does not read, the other thread is started. Default 0: all is answered there.
   */
  readonly hereMs?: number;
  /** Milliseconds without a question after which the thread ends; the next question starts another. Default 10 000. */
  readonly rest?: number;
}

export interface NexusWorker {
  /** Lets the thread load the HDF5 library while others still find out what to ask. */
  start(): void;
  /** Opens a file in the worker. Rejects with NexusError as `openNexus` does. */
  open(path: string): Promise<NexusFile>;
  /**
   * Opens a file for one piece of work: whether it has changed is looked at once, now. What is asked of it rejects with
   * the signal's reason when the work is given up, and nothing more is sent to the worker.
   */
  openFor(path: string, signal: AbortSignal): Promise<NexusFile>;
  /** Ends the worker; what is still asked rejects. */
  dispose(): Promise<void>;
}

/** Milliseconds for the worker to load the HDF5 library. */
const START_TIMEOUT = 60_000;

/**
 * Reads NeXus files in a thread, so that a file that makes the reader hang or crash harms nobody; what is quick and needs
 * no library, in the thread that asks, where that is allowed.
 */
export function createNexusWorker(options: NexusWorkerOptions = {}): NexusWorker {
  const {
    workerUrl = new URL('../workers/nexus.cjs', import.meta.url),
    timeout = budget.nexus.answerMs,
    rest = 10_000,
    idle = 5_000,
    hereMs = 0,
    linkedFolders = [],
  } = options;
  const thread = new ReaderThread(workerUrl, timeout, rest, linkedFolders);
  const answers = new KeptAnswers();
  const sources = new Map<string, Source>();
  const open = async (path: string): Promise<Source> => {
    const file = resolve(path);
    const source = sources.get(file) ?? new Source(file, sources.size, thread, answers, { idle, hereMs });
    sources.set(file, source);
    await source.answer({ method: 'open' });
    return source;
  };
  return {
    start: () => {
      if (hereMs === 0) thread.start();
    },
    async open(path) {
      return (await open(path)).file;
    },
    async openFor(path, signal) {
      return (await open(path)).fileFor(signal);
    },
    dispose: async () => {
      await Promise.all([thread.end(), ...Array.from(sources.values(), (source) => source.close())]);
    },
  };
}

interface Pending {
  readonly request: Request;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The thread and the questions that it has not answered yet, in the order in which it answers them. */
class ReaderThread {
  readonly #url: URL;
  readonly #timeout: number;
  readonly #rest: number;
  readonly #linkedFolders: readonly string[];
  readonly #pending = new Map<number, Pending>();
  #unsent: Request[] = [];
  #worker: Worker | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  #restTimer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #ended = false;

  constructor(url: URL, timeout: number, rest: number, linkedFolders: readonly string[]) {
    this.#linkedFolders = linkedFolders;
    this.#url = url;
    this.#timeout = timeout;
    this.#rest = rest;
  }

  start(): void {
    if (this.#worker === undefined && !this.#ended) this.#start();
  }

  ask(file: string, question: Question): Promise<unknown> {
    if (this.#ended) return Promise.reject(new NexusError('no-reader', 'Reading NeXus files has ended.'));
    this.#lastId += 1;
    const request = { id: this.#lastId, file, question };
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { request, resolve, reject });
      this.#unsent.push(request);
      // What is asked in one turn is sent together.
      if (this.#unsent.length === 1)
        queueMicrotask(() => {
          this.#send();
        });
    });
  }

  close(file: string): void {
    if (this.#ready) this.#post({ close: file });
  }

  async end(): Promise<void> {
    this.#ended = true;
    const worker = this.#stop();
    for (const { reject } of this.#pending.values()) {
      reject(new NexusError('no-reader', 'Reading NeXus files has ended.'));
    }
    this.#pending.clear();
    await worker?.terminate();
  }

  #send(): void {
    if (this.#worker === undefined) this.#start();
    if (!this.#ready || this.#unsent.length === 0) return;
    const requests = this.#unsent;
    this.#unsent = [];
    this.#post({ requests });
    this.#timer ??= this.#alarm(this.#timeout);
  }

  #post(order: WorkerOrder): void {
    this.#worker?.postMessage(order);
  }

  #start(): void {
    const worker = new Worker(this.#url, { name: 'nexus', workerData: this.#linkedFolders });
    this.#worker = worker;
    this.#ready = false;
    this.#timer = this.#alarm(START_TIMEOUT);
    worker.on('message', (message: WorkerMessage) => {
      if (worker === this.#worker) this.#receive(message);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#replace(error.message);
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#replace('the reader ended');
    });
    // The thread alone keeps no process running; a question that waits does, through its timer. A listener keeps it running
    // again, so this comes last.
    worker.unref();
  }

  #receive(message: WorkerMessage): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (message === 'ready') {
      this.#ready = true;
      this.#send();
      if (this.#pending.size === 0) this.#endAfterRest();
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) pending?.reject(errorFrom(message.error));
    else pending?.resolve(message.answer);
    if (this.#pending.size > this.#unsent.length) this.#timer = this.#alarm(this.#timeout);
    if (this.#pending.size === 0) this.#endAfterRest();
  }

  /** The library and its memory take some 50 MB, whether anybody asks or not. */
  #endAfterRest(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      if (this.#pending.size === 0) void this.#stop()?.terminate();
    }, this.#rest).unref();
  }

  #alarm(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#replace(`no answer within ${milliseconds / 1000} s`);
    }, milliseconds);
  }

  #stop(): Worker | undefined {
    clearTimeout(this.#timer);
    clearTimeout(this.#restTimer);
    this.#timer = undefined;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    return worker;
  }

  /** The oldest question made it fail; those about other files are asked again in a new thread. */
  #replace(reason: string): void {
    const started = this.#ready;
    void this.#stop()?.terminate();
    const [oldest] = this.#pending.values();
    if (oldest === undefined) return;
    const { file, question } = oldest.request;
    const what = 'path' in question ? `${question.path} of ${file}` : file;
    const error = started
      ? new NexusError('reader-crashed', `Reading ${what} failed: ${reason}. The file is probably damaged.`)
      : new NexusError('no-reader', `The reader of NeXus files did not start: ${reason}.`);
    for (const { request, reject } of [...this.#pending.values()]) {
      if (started && request.file !== file) continue;
      this.#pending.delete(request.id);
      reject(error);
    }
    this.#unsent = [...this.#pending.values()].map(({ request }) => request);
    if (this.#unsent.length > 0) this.#send();
  }
}

/** One file on disk: the questions about it, and whether it has changed. */
class Source {
  readonly file: NexusFile;
  readonly #path: string;
  readonly #thread: ReaderThread;
  readonly #answers: KeptAnswers;
  readonly #prefix: string;
  readonly #idle: number;
  readonly #hereMs: number;
  #here: ReadHere | undefined;
  #identity = '';
  /** Why nothing more is asked of the file as it is. */
  #damage: NexusError | undefined;
  #checking: Promise<string> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(
    path: string,
    number: number,
    thread: ReaderThread,
    answers: KeptAnswers,
    { idle, hereMs }: { idle: number; hereMs: number },
  ) {
    this.#path = path;
    this.#thread = thread;
    this.#answers = answers;
    this.#prefix = `${number} `;
    this.#idle = idle;
    this.#hereMs = hereMs;
    this.file = new QuestionedFile(path, (question) => this.answer(question));
  }

  /** The same file for one piece of work, which does not look at the disk again. */
  fileFor(signal: AbortSignal): NexusFile {
    return new QuestionedFile(this.#path, async (question) => {
      signal.throwIfAborted();
      const answer = await this.#answer(question);
      signal.throwIfAborted();
      return answer;
    });
  }

  async answer(question: Question): Promise<unknown> {
    await this.#forgetWhenChanged();
    return this.#answer(question);
  }

  #answer(question: Question): Promise<unknown> {
    if (this.#damage) return Promise.reject(this.#damage);
    return this.#answers.get(this.#prefix + JSON.stringify(question), () => this.#ask(question));
  }

  async #ask(question: Question): Promise<unknown> {
    clearTimeout(this.#idleTimer);
    const identity = this.#identity;
    try {
      if (this.#hereMs > 0) {
        this.#here ??= new ReadHere(this.#path, this.#hereMs);
        const answered = await this.#here.answer(question);
        if (answered) return answered.value;
      }
      return await this.#thread.ask(this.#path, question);
    } catch (error) {
      // Each question would take as long again, and keep others waiting.
      if (error instanceof NexusError && error.code === 'reader-crashed' && identity === this.#identity) {
        this.#damage = error;
      }
      throw error;
    } finally {
      clearTimeout(this.#idleTimer);
      this.#idleTimer = setTimeout(() => {
        this.#thread.close(this.#path);
        void this.#closeHere();
      }, this.#idle).unref();
    }
  }

  /** Nothing is asked any more. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await this.#closeHere();
  }

  async #closeHere(): Promise<void> {
    const here = this.#here;
    this.#here = undefined;
    await here?.close();
  }

  async #forgetWhenChanged(): Promise<void> {
    // Questions of the same moment share one look at the file. What is wrong with it, the worker says in words.
    this.#checking ??= stat(this.#path, { bigint: true })
      .then(fileIdentity, () => 'unreadable')
      .finally(() => {
        this.#checking = undefined;
      });
    const identity = await this.#checking;
    if (identity === this.#identity) return;
    this.#answers.forget(this.#prefix);
    void this.#closeHere();
    this.#damage = undefined;
    this.#identity = identity;
  }
}
