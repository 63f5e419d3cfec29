import { appendFileSync } from 'node:fs';
import { open, rename, truncate, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { failureReason } from './failureReason.ts';
import { FileError } from './fileError.ts';
import { bytesOf } from './smallReads.ts';

/** What the system refuses in the folder of the journal is for a person to mend. @throws FileError `journal-unwritable` */
export async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new FileError(
      'journal-unwritable',
      `The journal in ${folder} cannot be written: ${failureReason(error)}. IMSC_JOURNAL_DIR names another folder.`,
    );
  }
}

/** Folders that are brought to the disk, and when that will be done for those who ask meanwhile. */
const syncing = new Map<string, { readonly now: Promise<void>; next?: Promise<void> }>();

/**
 * Makes the names in a folder last; not every system can, and then it does so by itself. All who ask while it is under way
 * wait for the next time, which is one for all of them.
 */
export function syncFolder(folder: string): Promise<void> {
  const underWay = syncing.get(folder);
  const again = (): Promise<void> => syncFolder(folder);
  if (underWay) return (underWay.next ??= underWay.now.then(again, again));
  const now = syncNow(folder).finally(() => {
    syncing.delete(folder);
  });
  syncing.set(folder, { now });
  return now;
}

async function syncNow(folder: string): Promise<void> {
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

/** A file that is written, and soon on disk. */
export interface Written {
  /** Closes the file when the disk has it. To be called. */
  readonly kept: () => Promise<void>;
}

/** Writes a file that is not there yet, readable by its owner only. */
export async function writeNew(file: string, text: string): Promise<Written> {
  const handle = await open(file, 'wx', 0o600);
  const kept = async (): Promise<void> => {
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  };
  try {
    await handle.appendFile(text);
    return { kept };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Writes a whole file anew. When the computer fails, the old one may be there again. */
export async function rewrite(file: string, text: string): Promise<void> {
  const half = `${file}.${process.pid}.new`;
  await writeFile(half, text, { mode: 0o600 });
  await rename(half, file);
}

export interface Lines {
  readonly lines: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
}

/** The whole lines of a file; what a crash left of a last one is passed over. A missing file has none. */
export function readWholeLines(file: string): Lines {
  const bytes = bytesOf(file);
  if (bytes === undefined) return { lines: [], wholeBytes: 0 };
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const text = bytes.toString('utf8', 0, wholeBytes);
  return { lines: text.split('\n').filter((line) => line !== ''), wholeBytes };
}

/** A file that grows line by line. */
export class LineLog {
  readonly #handle: FileHandle;
  /** Lines that are written, and being brought to the disk. */
  #underWay: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Goes on behind the last whole line. */
  static async open(file: string): Promise<LineLog> {
    const { wholeBytes } = readWholeLines(file);
    const handle = await open(file, 'a', 0o600);
    if ((await handle.stat()).size > wholeBytes) await truncate(file, wholeBytes);
    return new LineLog(handle);
  }

  /** The line, and those before it, are on disk when it returns. */
  async append(line: string): Promise<void> {
    this.appendSoon(line);
    await this.#underWay;
  }

  /**
   * The line is written when it returns, and outlives this process. It is on disk a little later: when the next
   * `append` returns, or `close`.
   */
  appendSoon(line: string): void {
    this.#write(line);
    this.#underWay = Promise.all([this.#underWay, this.#handle.datasync()]).then(() => undefined);
    // A failure is seen by whoever waits for it.
    this.#underWay.catch(() => undefined);
  }

  /** The line is written when it returns. When the computer fails, it may be missing. */
  note(line: string): void {
    this.#write(line);
  }

  #write(line: string): void {
    // It goes to memory, which takes less time than asking another thread; only syncing waits for the disk.
    appendFileSync(this.#handle.fd, `${line}\n`);
  }

  /** All lines that are to be kept are on disk when it returns. */
  async flush(): Promise<void> {
    await this.#underWay;
  }

  async close(): Promise<void> {
    await this.#underWay.finally(() => this.#handle.close());
  }
}
