import { access, constants, lstat, realpath, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { failureReason } from '../../core/files/failureReason.ts';
import { filesBelowMatching } from '../../core/files/globFiles.ts';
import { budget } from '../../core/limits/budget.ts';
import { isBeingWritten } from '../../core/nexus/beingWritten.ts';
import { goneFiles, keyOfFile } from './goneFiles.ts';
import type { Heard, Source, SourceHealth, SourceOptions } from '../online/source.ts';

export interface FolderSourceOptions extends SourceOptions {
  /** Each absolute. */
  readonly folders: readonly string[];
  /** Patterns for the files that count, below each folder. */
  readonly files: readonly string[];
  readonly ignore: readonly string[];
  /** Milliseconds for which a file must stay as it is. */
  readonly restMs: number;
  /** Milliseconds between two looks. */
  readonly lookMs: number;
  /** Whether a file was handed on and recorded before, by whatever process. */
  readonly isKnown: (heard: Heard, file: string) => Promise<boolean>;
  /** Milliseconds after which a file that rests counts although it is marked as open for writing; default an hour. */
  readonly abandonedMs?: number | undefined;
}

/** A file that was seen. */
interface Seen {
  readonly size: number;
  readonly mtimeMs: number;
  /** When it was first seen as it is now, by the clock of this process. */
  readonly since: number;
  isTaken: boolean;
}

const abandonedMs = 60 * 60 * 1000;
/** Files whose sizes are asked for at the same time. */
const askedAtOnce = 16;
/** A look takes no more than this part of the time, however many files there are. */
const lookShare = 10;
const patienceMs = 30_000;

/**
 * Files that come to lie below folders. It lists them again and again: that works on every file system, and since a file
 * must rest before it counts, being told at once of its coming would save nothing. Links are not followed.
 */
export class FolderSource implements Source {
  readonly #options: FolderSourceOptions;
  readonly #stopped = new AbortController();
  /** By path. */
  #seen = new Map<string, Seen>();
  /** What is wrong, as it was said last. */
  #trouble: string | undefined;
  #lastSign: number | undefined;
  #isFull = false;
  #waiting = 0;
  #tookMs = 0;
  #looking: Promise<void> | undefined;

  constructor(options: FolderSourceOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (const folder of this.#options.folders) {
      if (!(await isFolder(folder))) throw new Error(`${folder} is no folder`);
      if (!(await isReadable(folder))) throw new Error(unreadable(folder));
    }
    this.#looking = this.#look();
  }

  health(): SourceHealth {
    return {
      isConnected: this.#lastSign !== undefined && this.#trouble === undefined,
      lastSign: this.#lastSign,
      patienceMs: patienceMs + 2 * Math.max(this.#options.lookMs, lookShare * this.#tookMs),
      lag: this.#waiting,
      restarts: 0,
      isPaused: this.#isFull,
    };
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#looking;
  }

  gone(): Promise<(key: string) => Promise<boolean>> {
    return goneFiles(this.#options.folders);
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const began = performance.now();
      try {
        await this.#lookOnce();
      } catch (error) {
        if (!this.#stopped.signal.aborted)
          this.#fails(`The watched folders cannot be looked at: ${failureReason(error)}.`);
      }
      this.#tookMs = performance.now() - began;
      const pause = Math.max(this.#options.lookMs, (lookShare - 1) * this.#tookMs);
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #lookOnce(): Promise<void> {
    const { signal } = this.#stopped;
    const { folders, files, ignore } = this.#options;
    const found = new Set<string>();
    // A folder that is away, such as of a disk that is not mounted, is no folder without files; the others go on.
    let away: string | undefined;
    for (const folder of folders) {
      const real = await realpath(folder).catch(() => undefined);
      if (real === undefined || !(await isFolder(real))) away ??= `${folder} is away`;
      // To who lists it, it would look as if nothing were in it.
      else if (!(await isReadable(real))) away ??= unreadable(folder);
      else for (const file of await filesBelowMatching(real, files, signal, ignore)) found.add(file);
    }
    if (found.size > budget.watchedFiles)
      throw new Error(
        `more than ${budget.watchedFiles} files lie there; watch a part of them, or say others in watch.files`,
      );
    const seen = new Map<string, Seen>();
    const all = [...found];
    for (let at = 0; at < all.length; at += askedAtOnce) {
      signal.throwIfAborted();
      await Promise.all(all.slice(at, at + askedAtOnce).map((file) => this.#see(file, seen)));
      this.#lastSign = Date.now();
    }
    this.#lastSign = Date.now();
    this.#seen = seen;
    await this.#handOn();
    if (away !== undefined) throw new Error(away);
    if (this.#trouble !== undefined) this.#options.say('The watched folders can be looked at again.');
    this.#trouble = undefined;
  }

  async #see(file: string, seen: Map<string, Seen>): Promise<void> {
    const stats = await lstat(file).catch(() => undefined);
    // It may be gone already.
    if (!stats?.isFile()) return;
    const { size, mtimeMs } = stats;
    const before = this.#seen.get(file);
    const isSame = before?.size === size && before.mtimeMs === mtimeMs;
    seen.set(file, isSame ? before : { size, mtimeMs, since: performance.now(), isTaken: false });
  }

  /** Hands on what rests, the oldest first. */
  async #handOn(): Promise<void> {
    const fresh = [...this.#seen].filter(([, { isTaken }]) => !isTaken);
    fresh.sort(([, one], [, other]) => one.mtimeMs - other.mtimeMs);
    this.#waiting = fresh.length;
    this.#isFull = false;
    for (const [file, seen] of fresh) {
      if (this.#stopped.signal.aborted) return;
      const restsMs = performance.now() - seen.since;
      if (restsMs < this.#options.restMs || seen.size === 0) continue;
      const heard = heardOf(file, seen);
      if (!(await this.#options.isKnown(heard, file))) {
        if (!(await this.#isComplete(file, restsMs))) continue;
        if (!(await this.#options.take(heard))) {
          this.#isFull = true;
          return;
        }
      }
      seen.isTaken = true;
      this.#waiting -= 1;
      this.#lastSign = Date.now();
    }
  }

  async #isComplete(file: string, restsMs: number): Promise<boolean> {
    // The job says what is wrong with it; waiting for ever would say nothing.
    if (restsMs >= (this.#options.abandonedMs ?? abandonedMs)) return true;
    return !(await isBeingWritten(file).catch(() => false));
  }

  #fails(trouble: string): void {
    if (trouble !== this.#trouble) this.#options.say(trouble, 'warning');
    this.#trouble = trouble;
  }
}

function heardOf(file: string, { size, mtimeMs }: Seen): Heard {
  return { key: keyOfFile(file, size, mtimeMs), place: { file, size }, bytes: null };
}

async function isReadable(folder: string): Promise<boolean> {
  return access(folder, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

function unreadable(folder: string): string {
  return `${folder} cannot be read: give the user that runs imsc the permission to`;
}

async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() === true;
}
