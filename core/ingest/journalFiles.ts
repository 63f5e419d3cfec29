import { open, readFile, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';

/** Makes the names in a folder last; not every system can, and then it does so by itself. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Windows cannot open folders.
  } finally {
    await handle?.close();
  }
}

/** Writes a whole file so that after a crash either the old or the new one is there. Readable by its owner only. */
export async function writeDurably(file: string, text: string): Promise<void> {
  await writeFileAtomic(file, text, { mode: 0o600, fsync: true });
}

export interface Lines {
  readonly lines: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
}

/** The whole lines of a file; what a crash left of a last one is passed over. A missing file has none. */
export async function readWholeLines(file: string): Promise<Lines> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { lines: [], wholeBytes: 0 };
    throw error;
  }
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const text = bytes.toString('utf8', 0, wholeBytes);
  return { lines: text.split('\n').filter((line) => line !== ''), wholeBytes };
}

/** A file that grows line by line; each line is on disk when `append` returns. */
export class LineLog {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Goes on behind the last whole line. */
  static async open(file: string): Promise<LineLog> {
    const { wholeBytes } = await readWholeLines(file);
    const handle = await open(file, 'a', 0o600);
    if ((await handle.stat()).size > wholeBytes) await truncate(file, wholeBytes);
    return new LineLog(handle);
  }

  async append(line: string): Promise<void> {
    await this.#handle.appendFile(`${line}\n`);
    await this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
