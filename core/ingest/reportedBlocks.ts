import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { failureReason } from './failureReason.ts';
import { FileError } from './fileError.ts';
import { blockText } from './plan.ts';
import type { PreparedBlock } from './plan.ts';

/** What a report says of the origDatablocks: their totals, and, where they were kept, they themselves one by one. */
export interface ReportedBlocks {
  /** Of blocks. */
  readonly count: number;
  /** In all of them. */
  readonly files: number;
  /** Bytes of all files. */
  readonly size: number;
  /** Of a few files, for people. */
  readonly firstPaths: readonly string[];
  /** Each block as JSON, in order; none where they were not kept. May be called again. */
  texts(): AsyncIterable<string>;
  /** They cannot be read any more. */
  close(): Promise<void>;
}

const firstPathCount = 5;
/** So many characters are kept in memory, because most lists are short. */
const charactersInMemory = 2_000_000;

/** The origDatablocks of one run as they come along. A long list goes to a file, so that it needs no memory. */
export class BlockRecord implements ReportedBlocks {
  count = 0;
  files = 0;
  size = 0;
  readonly firstPaths: string[] = [];
  /** Of the dataset, for blocks that were prepared before it was known. */
  pid: string | undefined;
  readonly #isKept: boolean;
  readonly #inMemory: string[] = [];
  #room = charactersInMemory;
  #file: FileHandle | undefined;
  /** Bytes of each block in the file. */
  readonly #lengths: number[] = [];

  /** @param isKept whether `texts` is to give them */
  constructor(isKept = false) {
    this.#isKept = isKept;
  }

  /** @throws FileError if there is no room for it on the disk */
  async add(block: PreparedBlock): Promise<void> {
    this.count += 1;
    this.files += block.paths.length;
    this.size += block.head.size;
    this.firstPaths.push(...block.paths.slice(0, firstPathCount - this.firstPaths.length));
    if (!this.#isKept) return;
    const text = blockText(block);
    this.#room -= text.length;
    if (this.#room >= 0) this.#inMemory.push(text);
    else await this.#write(text);
  }

  async *texts(): AsyncGenerator<string, void> {
    for (const text of this.#inMemory) yield this.#withPid(text);
    let position = 0;
    for (const length of this.#lengths) {
      const bytes = Buffer.allocUnsafe(length);
      const read = await this.#file?.read(bytes, 0, length, position);
      if (read?.bytesRead !== length) throw new Error('The kept list of files has become shorter.');
      position += length;
      yield this.#withPid(bytes.toString());
    }
  }

  async close(): Promise<void> {
    this.#inMemory.length = 0;
    this.#lengths.length = 0;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #write(text: string): Promise<void> {
    try {
      this.#file ??= await namelessFile();
      await this.#file.appendFile(text);
      this.#lengths.push(Buffer.byteLength(text));
    } catch (error) {
      const message = `The list of files cannot be kept in ${tmpdir()}: ${failureReason(error)}.`;
      throw new FileError('file-unreadable', message);
    }
  }

  #withPid(text: string): string {
    if (this.pid === undefined || text.startsWith('{"datasetId":')) return text;
    return `{"datasetId":${JSON.stringify(this.pid)},${text.slice(1)}`;
  }
}

/** A file that is gone when it is closed, or the process ends in whatever way. */
async function namelessFile(): Promise<FileHandle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imsc-'));
  try {
    return await open(path.join(folder, 'blocks'), 'wx+', 0o600);
  } finally {
    // Where an open file cannot lose its name, it stays for the system to tidy.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
