import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fileIdentity } from './file.ts';
import { NexusError } from './model.ts';
import type { ChildrenPage, NexusAttribute, NexusData, NexusEntry, NexusFile, NexusNode } from './model.ts';
import { errorFrom } from './workerProtocol.ts';
import type { Question, Request, WorkerMessage, WorkerOrder } from './workerProtocol.ts';

export interface NexusWorkerOptions {
  /** The bundled `core/nexus/worker.ts`. */
  readonly workerUrl: URL;
  /** Milliseconds for one answer, then the worker is replaced. Default 10 000. */
  readonly timeout?: number;
  /** Milliseconds without a question after which a file is closed. Default 5 000. */
  readonly idle?: number;
}

export interface NexusWorker {
  /** Opens a file in the worker. Rejects with NexusError as `openNexus` does. */
  open(path: string): Promise<NexusFile>;
  /** Ends the worker; what is still asked rejects. */
  dispose(): Promise<void>;
}

/** Answers of at most this many parts (names, nodes, elements) are kept, and this many answers for each file. */
const MAX_KEPT_PARTS = 2_000;
const MAX_KEPT_ANSWERS = 500;
/** Milliseconds for the worker to load the HDF5 library. */
const START_TIMEOUT = 60_000;

/** Reads NeXus files in a thread, so that a file that makes the reader hang or crash harms nobody. */
export function createNexusWorker(options: NexusWorkerOptions): NexusWorker {
  const thread = new ReaderThread(options.workerUrl, options.timeout ?? 10_000);
  const files = new Map<string, WorkerFile>();
  return {
    async open(path) {
      const file = resolve(path);
      const known = files.get(file);
      const opened = known ?? new WorkerFile(file, thread, options.idle ?? 5_000);
      files.set(file, opened);
      await opened.answer({ method: 'open' });
      return opened;
    },
    dispose: () => thread.end(),
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
  readonly #pending = new Map<number, Pending>();
  #unsent: Request[] = [];
  #worker: Worker | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #ended = false;

  constructor(url: URL, timeout: number) {
    this.#url = url;
    this.#timeout = timeout;
  }

  ask(file: string, question: Question): Promise<unknown> {
    if (this.#ended) return Promise.reject(new NexusError('reader-crashed', 'Reading NeXus files has ended.'));
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
      reject(new NexusError('reader-crashed', 'Reading NeXus files has ended.'));
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
    const worker = new Worker(this.#url, { name: 'nexus' });
    this.#worker = worker;
    this.#ready = false;
    this.#timer = this.#alarm(START_TIMEOUT);
    // The thread alone keeps no process running; a question that waits does, through its timer.
    worker.unref();
    worker.on('message', (message: WorkerMessage) => {
      if (worker === this.#worker) this.#receive(message);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#replace(error.message);
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#replace('the reader ended');
    });
  }

  #receive(message: WorkerMessage): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (message === 'ready') {
      this.#ready = true;
      this.#send();
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) pending?.reject(errorFrom(message.error));
    else pending?.resolve(message.answer);
    if (this.#pending.size > this.#unsent.length) this.#timer = this.#alarm(this.#timeout);
  }

  #alarm(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#replace(`no answer within ${milliseconds / 1000} s`);
    }, milliseconds);
  }

  #stop(): Worker | undefined {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    return worker;
  }

  /** The oldest question made it fail; the others are asked again in a new thread. */
  #replace(reason: string): void {
    const started = this.#ready;
    void this.#stop()?.terminate();
    const [oldest] = this.#pending.values();
    if (oldest === undefined) return;
    const { file, id } = oldest.request;
    const failed = started ? [oldest] : [...this.#pending.values()];
    for (const { request, reject } of failed) {
      this.#pending.delete(request.id);
      const message = started
        ? `Reading ${file} failed: ${reason}. The file is probably damaged.`
        : `The reader of NeXus files did not start: ${reason}.`;
      reject(new NexusError('reader-crashed', message));
    }
    this.#unsent = [...this.#pending.values()].map(({ request }) => request).filter((request) => request.id !== id);
    if (this.#unsent.length > 0) this.#send();
  }
}

class WorkerFile implements NexusFile {
  readonly path: string;
  readonly #thread: ReaderThread;
  readonly #idle: number;
  readonly #answers = new Map<string, Promise<unknown>>();
  #identity = '';
  #checking: Promise<string> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(path: string, thread: ReaderThread, idle: number) {
    this.path = path;
    this.#thread = thread;
    this.#idle = idle;
  }

  describe(path: string): Promise<NexusNode> {
    return this.#ask<NexusNode>({ method: 'describe', path });
  }

  childNames(path: string, page?: { offset: number; limit: number }): Promise<ChildrenPage> {
    return this.#ask<ChildrenPage>({ method: 'childNames', path, page });
  }

  childKinds(path: string, page?: { offset: number; limit: number }): Promise<{ total: number; nodes: NexusEntry[] }> {
    return this.#ask<{ total: number; nodes: NexusEntry[] }>({ method: 'childKinds', path, page });
  }

  children(path: string, page?: { offset: number; limit: number }): Promise<{ total: number; nodes: NexusNode[] }> {
    return this.#ask<{ total: number; nodes: NexusNode[] }>({ method: 'children', path, page });
  }

  read(path: string, limit?: number): Promise<NexusData> {
    return this.#ask<NexusData>({ method: 'read', path, limit });
  }

  attributes(path: string): Promise<ReadonlyMap<string, NexusAttribute>> {
    return this.#ask<ReadonlyMap<string, NexusAttribute>>({ method: 'attributes', path });
  }

  /** Others may have the same file open; the thread closes it when nobody asks any more. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  async answer(question: Question): Promise<unknown> {
    clearTimeout(this.#idleTimer);
    await this.#forgetWhenChanged();
    const key = JSON.stringify(question);
    const known = this.#answers.get(key);
    this.#answers.delete(key);
    const answer = known ?? this.#thread.ask(this.path, question);
    this.#answers.set(key, answer);
    try {
      const value = await answer;
      if (parts(value) > MAX_KEPT_PARTS) this.#forget(key, answer);
      return value;
    } catch (error) {
      this.#forget(key, answer);
      throw error;
    } finally {
      const [oldest] = this.#answers.keys();
      if (this.#answers.size > MAX_KEPT_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
      clearTimeout(this.#idleTimer);
      this.#idleTimer = setTimeout(() => {
        this.#thread.close(this.path);
      }, this.#idle).unref();
    }
  }

  /** The worker answers a question with what the method of that name returns. */
  #ask<T>(question: Question): Promise<T>;
  #ask(question: Question): Promise<unknown> {
    return this.answer(question);
  }

  #forget(key: string, answer: Promise<unknown>): void {
    if (this.#answers.get(key) === answer) this.#answers.delete(key);
  }

  async #forgetWhenChanged(): Promise<void> {
    // Questions of the same moment share one look at the file. What is wrong with it, the worker says in words.
    this.#checking ??= stat(this.path, { bigint: true })
      .then(fileIdentity, () => 'unreadable')
      .finally(() => {
        this.#checking = undefined;
      });
    const identity = await this.#checking;
    if (identity !== this.#identity) this.#answers.clear();
    this.#identity = identity;
  }
}

/** How much an answer holds, roughly. */
function parts(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 1;
  if (answer instanceof Map) return answer.size;
  for (const value of Object.values(answer)) if (Array.isArray(value) && value.length > 100) return value.length;
  return 1;
}
