import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { failureReason } from '../../files/failureReason.ts';
import { FileError } from '../../files/fileError.ts';
import type { PreparedBlock } from '../../ingest/plan/plan.ts';

/** What a report says of the origDatablocks: their totals, and, where they were kept, they themselves piece by piece. */
export interface ReportedBlocks {
  /** Of blocks. */
  readonly count: number;
  /** In all of them. */
  readonly files: number;
  /** Bytes of all files. */
  readonly size: number;
  /** Of a few files, for people. */
  readonly firstPaths: readonly string[];
  /** The blocks in order; none where they were not kept. */
  readonly kept: readonly KeptBlock[];
  /** They cannot be read any more. */
  close(): Promise<void>;
}

export interface KeptBlock {
  readonly head: PreparedBlock['head'];
  /** Its files as JSON, each for itself, some at a time. May be called again. */
  readonly files: () => AsyncIterable<readonly string[]>;
}

const firstPathCount = 5;
/** How many files are kept in memory: most lists are short. */
const filesInMemory = 2000;
/** How many files are read back at once. */
const filesAtOnce = 500;

/** The origDatablocks of one run as they come along. A long list goes to a file, so that it needs no memory. */
export class BlockRecord implements ReportedBlocks {
  count = 0;
  files = 0;
  size = 0;
  readonly firstPaths: string[] = [];
  /** Of the dataset, for blocks that were prepared before it was known. */
  pid: string | undefined;
  readonly #isKept: boolean;
  readonly #blocks: { readonly head: PreparedBlock['head']; readonly pieces: readonly Piece[] }[] = [];
  #file: FileHandle | undefined;
  #fileBytes = 0;

  /** @param isKept whether `kept` is to give them */
  constructor(isKept = false) {
    this.#isKept = isKept;
  }

  get kept(): readonly KeptBlock[] {
    const known = this.pid === undefined ? {} : { datasetId: this.pid };
    return this.#blocks.map(({ head, pieces }) => ({ head: { ...known, ...head }, files: () => this.#read(pieces) }));
  }

  /** @throws FileError if there is no room for it on the disk */
  async add({ head, paths, texts }: PreparedBlock): Promise<void> {
    this.count += 1;
    this.files += paths.length;
    this.size += head.size;
    this.firstPaths.push(...paths.slice(0, firstPathCount - this.firstPaths.length));
    if (!this.#isKept) return;
    const pieces: Piece[] = [];
    if (this.files <= filesInMemory) pieces.push(texts);
    else
      for (let at = 0; at < texts.length; at += filesAtOnce)
        pieces.push(await this.#write(texts.slice(at, at + filesAtOnce)));
    this.#blocks.push({ head, pieces });
  }

  async close(): Promise<void> {
    this.#blocks.length = 0;
    await this.#file?.close();
    this.#file = undefined;
  }

  async *#read(pieces: readonly Piece[]): AsyncGenerator<readonly string[], void> {
    for (const piece of pieces) {
      if (!('position' in piece)) {
        yield piece;
        continue;
      }
      const { position, length } = piece;
      const bytes = Buffer.allocUnsafe(length);
      const read = await this.#file?.read(bytes, 0, length, position);
      if (read?.bytesRead !== length) throw new Error('The kept list of files has become shorter.');
      yield bytes.toString().split('\n');
    }
  }

  /** JSON on one line has no line breaks within. */
  async #write(texts: readonly string[]): Promise<Piece> {
    const bytes = Buffer.from(texts.join('\n'));
    const piece = { position: this.#fileBytes, length: bytes.length };
    try {
      this.#file ??= await namelessFile();
      await this.#file.appendFile(bytes);
    } catch (error) {
      const message = `The list of files cannot be kept in ${tmpdir()}: ${failureReason(error)}.`;
      throw new FileError('file-unreadable', message);
    }
    this.#fileBytes += bytes.length;
    return piece;
  }
}

/** Some files of a block, or where they are in the file. */
type Piece = readonly string[] | { readonly position: number; readonly length: number };

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
