import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { FormatError } from '../../hdf5/formatError.ts';
import { budget } from '../../limits/budget.ts';
import { isOfObject, NexusError } from '../model.ts';
import { OpenFile } from '../openFile.ts';
import { Reach } from '../storage/reach.ts';
import { isLockedForWriting } from '../storage/superblock.ts';
import { ask } from './workerProtocol.ts';
import type { Question } from './workerProtocol.ts';

/** Bytes that are read or unpacked at once. */
const MOST = 256 * 1024;
/** Bytes that are read, though fewer are asked for. */
const LEAST = 64 * 1024;
/** Reads for one answer. */
const MAX_READS = 64;
/** So often an answer may take too long here, before the file is asked about elsewhere only. */
const MAX_SLOW = 3;

/** Bytes are asked for that are not here yet. */
class NotYet extends Error {
  readonly position: number;
  readonly length: number;

  constructor(position: number, length: number) {
    super('not read yet');
    this.position = position;
    this.length = length;
  }
}

/** Somebody else has to be asked. */
class Elsewhere extends Error {}

/** No other file is opened here: to look for it may take as long as it likes. */
class NoReach extends Reach {
  override refusal(): never {
    throw new FormatError('another file is not opened here');
  }
}

/**
 * Answers questions about a file in this thread, which has other work, too: with our own reader alone, a few milliseconds
 * at a time. The disk is never waited for: where bytes are missing they are read beside, and the question is asked again
 * from its beginning, which then has them.
 */
export class ReadHere {
  readonly #path: string;
  readonly #answerMs: number;
  #parts: { readonly first: number; readonly bytes: Uint8Array; readonly length: number }[] = [];
  #opening: Promise<FileHandle> | undefined;
  #file: OpenFile | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #slow = 0;
  #isClosed = false;

  /** @param answerMs milliseconds for which one answer may keep this thread at a time */
  constructor(path: string, answerMs: number) {
    this.#path = path;
    this.#answerMs = answerMs;
  }

  /**
   * @returns undefined where somebody else has to be asked
   * @throws NexusError that is the answer
   */
  answer(question: Question): Promise<{ readonly value: unknown } | undefined> {
    if (this.#slow >= MAX_SLOW) return Promise.resolve(undefined);
    const turn = this.#queue.then(() => this.#answer(question));
    this.#queue = turn.catch(() => undefined);
    return this.#inTime(turn);
  }

  /** To be called when it is not asked any more, for now. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const [file, opening] = [this.#file, this.#opening];
    this.#file = this.#opening = undefined;
    this.#parts = [];
    await file?.close();
    await opening?.then((handle) => handle.close()).catch(() => undefined);
  }

  /** A disk that does not answer keeps nobody waiting twice. */
  async #inTime<T>(turn: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.#slow = MAX_SLOW;
        resolve(undefined);
      }, budget.nexus.answerMs);
    });
    try {
      return await Promise.race([turn, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer(question: Question): Promise<{ readonly value: unknown } | undefined> {
    try {
      for (let reads = 0; reads < MAX_READS && !this.#isClosed; reads += 1) {
        try {
          this.#file ??= await this.#open();
          return { value: await ask(this.#file, question) };
        } catch (error) {
          if (error instanceof NotYet) await this.#fetch(error);
          else if (isTooSlow(error)) await this.#startAgain();
          else throw error;
        }
      }
      return undefined;
    } catch (error) {
      // What is wrong with the file as a whole is for others to find out.
      if (isOfObject(error)) throw error;
      return undefined;
    } finally {
      this.#parts = [];
    }
  }

  /** What took too long may have waited for its code to be compiled, or for a busy machine. Others have their turn first. */
  async #startAgain(): Promise<void> {
    this.#slow += 1;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
    if (this.#slow >= MAX_SLOW) throw new Elsewhere();
    await setImmediate();
  }

  async #open(): Promise<OpenFile> {
    await (this.#opening ??= this.#handle());
    const stats = await (await this.#opening).stat({ bigint: true });
    return OpenFile.open(
      this.#path,
      new NoReach(this.#path),
      stats,
      this.#answerMs,
      () => Promise.reject(new Elsewhere()),
      { read: (_, position, length) => this.#bytes(position, length), most: MOST },
    );
  }

  async #handle(): Promise<FileHandle> {
    // To open what is no file may take forever.
    const stats = await stat(this.#path, { bigint: true });
    if (!stats.isFile() || (await isLockedForWriting(this.#path, stats))) throw new Elsewhere();
    return open(this.#path, 'r');
  }

  #bytes(position: number, length: number): Uint8Array {
    for (const part of this.#parts) {
      const at = position - part.first;
      if (at >= 0 && at + length <= part.length) return part.bytes.subarray(at, at + length);
    }
    throw new NotYet(position, length);
  }

  async #fetch({ position, length }: NotYet): Promise<void> {
    const handle = await this.#opening;
    if (handle === undefined) throw new Elsewhere();
    const wanted = Math.max(length, LEAST);
    const bytes = Buffer.allocUnsafeSlow(wanted);
    let done = 0;
    while (done < wanted) {
      const { bytesRead } = await handle.read(bytes, done, wanted - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    this.#parts.push({ first: position, bytes: bytes.subarray(0, done), length: wanted });
  }
}

function isTooSlow(error: unknown): boolean {
  return error instanceof NexusError && error.code === 'too-slow';
}
