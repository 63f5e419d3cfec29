import { appendFileSync, rmSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LineLog, readWholeLines, rewrite, syncFolder, writeNew, writing } from '../../files/durableFiles.ts';
import type { Written } from '../../files/durableFiles.ts';
import { failureCode, failureReason } from '../../files/failureReason.ts';
import { FileError } from '../../files/fileError.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { bytesOf, removeFile, statOf, textOf } from '../../files/smallReads.ts';
import type { Problem } from '../../problems/problem.ts';
import { FolderMarks } from './folderMarks.ts';
import {
  endedOnDays,
  fileOfMark,
  findJobFolder,
  isJobName,
  jobPlaces,
  keysOfMarks,
  labelJob,
  labelsOfJobs,
  logFileOf,
  makeJobFolder,
  markFile,
  namesIn,
  namesOfOpen,
  openFolder,
  putAway,
  removeEndedBefore,
  removeEndedJob,
  removeJobFolder,
  takeBack,
  unlabelJob,
} from './jobFolders.ts';
import { listFileName, runFileName, strayEntry } from './jobRecord.ts';
import { jobLock } from './jobStore.ts';
import type { HeldJob, JobPlace, JobStore, MarkedPlace, OldMark, OldMarks, Whereabouts, Writing } from './jobStore.ts';
import { holderOf, lost, removeDeadLocks, takeLock } from './lock.ts';
import type { HeldLock, LockOptions, LockOwner, LockResult } from './lock.ts';

/** Lies in the folder of a job that is to be called off by the process that is at it. */
const cancelFileName = 'cancel';

/** Jobs in a folder, each in one of its own (jobFolders.ts). On shared storage it serves many computers. */
export class FolderStore implements JobStore {
  readonly folder: string;
  readonly lookMs = 400;
  #lastNumber: Promise<unknown> = Promise.resolve();
  readonly #marks: FolderMarks;

  /** @param folder absolute path; made when something is written */
  constructor(folder: string) {
    this.folder = folder;
    this.#marks = new FolderMarks(folder);
  }

  get name(): string {
    return this.folder;
  }

  async create(
    isQueued: boolean,
    first: (id: string) => Promise<Pick<Writing, 'pages' | 'lines' | 'label'>>,
  ): Promise<HeldJob> {
    const store = this.folder;
    const id = String(await this.#numbered(isQueued));
    const folder = openFolder(store, id);
    const taken = await this.lock(jobLock(id));
    if (!('lock' in taken)) throw new Error(`The new job ${id} is held by another process.`);
    const job = new HeldFolder(this, id, folder, taken.lock);
    try {
      const { pages, lines, label } = await first(id);
      await job.write({ lines });
      await job.write({ pages, label, until: 'kept' });
      const marks = path.join(store, isQueued ? 'waiting' : 'open');
      await Promise.all([path.dirname(folder), marks].map(syncFolder));
      return job;
    } catch (error) {
      // The disk may be full: nothing of the job stays.
      await job.letGo();
      await removeJobFolder({ id, folder, isEnded: false }, store).catch(() => undefined);
      await taken.lock.release();
      throw error;
    }
  }

  /** One after the other, so that many that are made at once do not try the same numbers. */
  #numbered(isQueued: boolean): Promise<number> {
    const number = this.#lastNumber.then(() => writing(this.folder, () => makeJobFolder(this.folder, isQueued)));
    this.#lastNumber = number.catch(() => undefined);
    return number;
  }

  async hold(id: string, options?: LockOptions): ReturnType<JobStore['hold']> {
    const taken = await this.lock(jobLock(id), options);
    return 'lock' in taken ? { job: new HeldFolder(this, id, this.filesOf(id), taken.lock) } : taken;
  }

  async pages<Name extends string>(id: string, ...names: readonly Name[]): Promise<Partial<Record<Name, string>>> {
    const found: Partial<Record<Name, string>> = {};
    const folder = await this.#folderOf(id);
    for (const name of names) {
      const text = textOf(path.join(folder, name));
      if (text !== undefined) found[name] = text;
    }
    return found;
  }

  async lines(id: string): Promise<readonly string[]> {
    const file = logFileOf(await this.#folderOf(id));
    try {
      return readWholeLines(file).lines;
    } catch (error) {
      if (failureCode(error) === undefined) throw error;
      throw new FileError('file-unreadable', `${file} cannot be read: ${failureReason(error)}.`);
    }
  }

  listBytes(id: string): Promise<number> {
    return Promise.resolve(statOf(path.join(this.filesOf(id), listFileName))?.size ?? 0);
  }

  async *list(id: string): AsyncGenerator<string, void> {
    const file = path.join(this.filesOf(id), listFileName);
    if (statOf(file)?.isFile() === false) throw new FileError('file-unreadable', `${file} is not an ordinary file.`);
    const handle = await open(file);
    for await (const piece of handle.createReadStream({ encoding: 'utf8' })) yield String(piece);
  }

  whereIs(id: string, page: string): Whereabouts {
    const folder = openFolder(this.folder, id);
    const file = page === 'events.jsonl' ? logFileOf(folder) : path.join(folder, page);
    return { text: file, file };
  }

  filesOf(id: string): string {
    return openFolder(this.folder, id);
  }

  async places(most?: number): Promise<readonly JobPlace[]> {
    return (await jobPlaces(this.folder)).slice(0, most);
  }

  newest(most: number): Promise<readonly MarkedPlace[]> {
    return this.#marks.newest(most, async (id) => (await this.holderOf(jobLock(id))) !== undefined);
  }

  find(id: string): Promise<JobPlace | undefined> {
    return findJobFolder(this.folder, id);
  }

  labels(): Promise<ReadonlyMap<string, readonly string[]>> {
    return labelsOfJobs(this.folder);
  }

  open(): Promise<readonly string[]> {
    return namesOfOpen(this.folder);
  }

  free(): Promise<readonly string[]> {
    return namesOfOpen(this.folder);
  }

  async begun(): Promise<{ readonly ids: readonly string[]; readonly strays: readonly Problem[] }> {
    const ids: string[] = [];
    const strays: Problem[] = [];
    for (const { id, isFolder } of await this.#entries()) {
      const folder = openFolder(this.folder, id);
      if (isFolder && (isJobName(id) || isFile(path.join(folder, runFileName)))) ids.push(id);
      else strays.push(strayEntry(folder));
    }
    return { ids, strays };
  }

  /** What lies where jobs lie that have not ended, oldest first. */
  async #entries(): Promise<readonly { readonly id: string; readonly isFolder: boolean }[]> {
    return writing(this.folder, async () => {
      const older = await entriesOf(path.join(this.folder, 'runs'));
      const own = await entriesOf(path.join(this.folder, 'open'));
      return [
        ...older.map((entry) => ({ id: entry.name, isFolder: entry.isDirectory() })),
        ...own
          .map(({ name }) => ({ id: name, isFolder: isJobName(name) }))
          .sort((one, other) => Number(one.id) - Number(other.id)),
      ];
    });
  }

  amending(): Promise<readonly string[]> {
    return namesIn(path.join(this.folder, 'amending'));
  }

  putAway(id: string, at: string): Promise<void> {
    return putAway(this.folder, id, at);
  }

  async remove(id: string): Promise<void> {
    const found = await findJobFolder(this.folder, id);
    if (found) await removeEndedJob(found, this.folder);
  }

  endedBefore(before: number): ReturnType<JobStore['endedBefore']> {
    return endedOnDays(this.folder, before);
  }

  removeEndedBefore(before: number, atMost: number): Promise<readonly string[]> {
    return removeEndedBefore(this.folder, before, atMost);
  }

  async touched(id: string): Promise<number> {
    return (await stat(this.filesOf(id))).mtimeMs;
  }

  async callOff(id: string): Promise<void> {
    const folder = await this.#folderOf(id);
    await writing(this.folder, () => writeFile(path.join(folder, cancelFileName), '', { mode: 0o600 }));
  }

  isCalledOff(id: string): Promise<boolean> {
    return Promise.resolve(isFile(path.join(this.filesOf(id), cancelFileName)));
  }

  lock(name: string, options?: LockOptions): Promise<LockResult> {
    return writing(this.folder, () => takeLock(this.#locks, name, options));
  }

  holderOf(name: string): Promise<LockOwner | undefined> {
    return holderOf(this.#locks, name);
  }

  removeDeadLocks(atMost: number): Promise<void> {
    return removeDeadLocks(this.#locks, atMost);
  }

  mark(name: string): Promise<string | undefined> {
    return writing(this.folder, () => Promise.resolve(readMark(markFile(this.folder, name))));
  }

  async setMark(name: string, text: string): Promise<void> {
    const file = markFile(this.folder, name);
    await writing(this.folder, async () => {
      await makeFolder(path.dirname(file), 0o700);
      await rewrite(file, text);
    });
  }

  async oldMarks(before: number, after: string, atMost: number): Promise<OldMarks> {
    const keys = await keysOfMarks(this.folder, after, atMost);
    const marks = keys.flatMap((key): OldMark[] => {
      const file = fileOfMark(this.folder, key);
      const text = (statOf(file)?.mtimeMs ?? Infinity) < before ? textOf(file) : undefined;
      return text === undefined ? [] : [{ key, text }];
    });
    return { marks, next: keys.length < atMost ? '' : (keys.at(-1) ?? '') };
  }

  async removeMark({ key, text }: OldMark): Promise<void> {
    const file = fileOfMark(this.folder, key);
    // Nothing is waited for in between. What another process writes there just then it writes again with its job.
    await writing(this.folder, () => {
      if (readMark(file) === text) rmSync(file, { force: true });
      return Promise.resolve();
    });
  }

  get #locks(): string {
    return path.join(this.folder, 'locks');
  }

  /** Of a job that has ended, too, which of older versions lies elsewhere then. */
  async #folderOf(id: string): Promise<string> {
    return /^\d+$/.test(id) ? this.filesOf(id) : ((await findJobFolder(this.folder, id))?.folder ?? this.filesOf(id));
  }
}

class HeldFolder implements HeldJob {
  readonly id: string;
  readonly lock: HeldLock;
  readonly #store: FolderStore;
  readonly #folder: string;
  #log: Promise<LineLog> | undefined;
  /** The label that it was put under last, and it alone. */
  #label: string | undefined;

  constructor(store: FolderStore, id: string, folder: string, lock: HeldLock) {
    this.#store = store;
    this.id = id;
    this.#folder = folder;
    this.lock = lock;
  }

  async write({ isAmending, pages = {}, label, lines = [], place, until = 'written' }: Writing): Promise<void> {
    if (this.lock.isLost) throw lost();
    const mark = path.join(this.#store.folder, 'amending', this.id);
    await writing(this.#store.folder, async () => {
      if (isAmending === true) {
        await mkdir(path.dirname(mark), { recursive: true, mode: 0o700 });
        await writeFile(mark, '', { mode: 0o600 });
      }
      const last = this.#label;
      if (label !== undefined) {
        this.#label = undefined;
        await labelJob(this.#store.folder, this.id, label);
      }
      await this.#writePages(pages, until === 'kept');
      if (label !== undefined) {
        await unlabelJob(this.#store.folder, this.id, label, last);
        this.#label = label;
      }
      for (const line of lines) {
        const log = await (this.#log ??= LineLog.open(logFileOf(this.#folder)));
        if (until === 'kept') await log.append(line);
        else if (until === 'soon') log.appendSoon(line);
        else log.note(line);
      }
      if (place === 'open') await takeBack(this.#store.folder, this.id);
      else if (place === 'ended') await putAway(this.#store.folder, this.id, new Date().toISOString());
      if (isAmending === false) await removeFile(mark);
    });
  }

  async #writePages(pages: NonNullable<Writing['pages']>, isKept: boolean): Promise<void> {
    const written: Written[] = [];
    try {
      for (const [name, text] of Object.entries(pages)) {
        const file = path.join(this.#folder, name);
        if (text === undefined) await removeFile(file);
        else if (isKept) written.push(await writeNew(file, text));
        else {
          if (path.dirname(file) !== this.#folder) await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
          await rewrite(file, text);
        }
      }
      // In which order it comes to the disk does not matter.
      await Promise.all([
        ...written.map(({ kept }) => kept()),
        ...(written.length > 0 ? [syncFolder(this.#folder)] : []),
      ]);
    } catch (error) {
      await Promise.allSettled(written.map(({ kept }) => kept()));
      throw error;
    }
  }

  async writeList(pieces: AsyncIterable<string>): Promise<number> {
    return writing(this.#store.folder, async () => {
      let handle;
      let bytes = 0;
      try {
        for await (const piece of pieces) {
          handle ??= await open(path.join(this.#folder, listFileName), 'wx', 0o600);
          // It goes to memory first, which takes less time than asking another thread; only syncing waits for the disk.
          appendFileSync(handle.fd, piece);
          bytes += Buffer.byteLength(piece);
        }
        await handle?.datasync();
      } finally {
        await handle?.close();
      }
      return bytes;
    });
  }

  async flush(): Promise<void> {
    await writing(this.#store.folder, async () => (await this.#log)?.flush());
  }

  /** Closes its files, and keeps its lock. */
  async letGo(): Promise<void> {
    await this.#log?.then((log) => log.close()).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.letGo();
    await this.lock.release();
  }
}

function readMark(file: string): string | undefined {
  // One that cannot be read is another thing than none.
  return bytesOf(file)?.toString('utf8');
}

function isFile(file: string): boolean {
  return statOf(file)?.isFile() === true;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown): Dirent[] => {
    // What cannot be read may hold an interrupted run of this file.
    if (failureCode(error) !== 'ENOENT') throw error;
    return [];
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
