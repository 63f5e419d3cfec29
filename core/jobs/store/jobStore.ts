import type { Problem } from '../../problems/problem.ts';
import type { HeldLock, LockOptions, LockOwner, LockResult } from './lock.ts';

/*
 * What is kept of jobs, and the one interface of all places where it can be kept. Of a job there are
 *
 *   pages   small texts by their names: its record, its plan, what came of it
 *   lines   its log, which only grows
 *   a list  of further files, of any length
 *   a place it waits, is open, or has ended
 *   a label by which it is found, such as its status
 *
 * What these say is nothing to a store. What was sent for a job lies in a folder whatever the store.
 */

/** A job of a store, without looking into it. */
export interface JobPlace {
  readonly id: string;
  /** It has been put away: nothing is left to do. */
  readonly isEnded: boolean;
}

/** How a text is called in messages; with its path, where it is a file. */
export interface Whereabouts {
  readonly text: string;
  readonly file?: string | undefined;
}

/** What is written of a job, in this order: what is killed in between has written what comes first. */
export interface Writing {
  /** Its dataset is about to be changed; false, which is written last: it is known what became of that. */
  readonly isAmending?: boolean | undefined;
  /** Texts by name; undefined takes one away. */
  readonly pages?: Readonly<Record<string, string | undefined>> | undefined;
  /** By what it is found from now on: a word of letters and hyphens. */
  readonly label?: string | undefined;
  readonly lines?: readonly string[] | undefined;
  readonly place?: 'open' | 'ended' | undefined;
  /**
   * `written`, the default: it outlives this process. `kept`: it outlives the computer; the pages are not there yet.
   * `soon`: as `written` now, and as `kept` when the next `kept` or `flush` returns.
   */
  readonly until?: 'written' | 'soon' | 'kept' | undefined;
}

/** A job that this process holds. Nobody else writes to it until it is closed. */
export interface HeldJob {
  readonly id: string;
  readonly lock: HeldLock;
  /** @throws FileError `journal-unwritable`; `journal-busy` where the store knows that another process holds it now */
  write(writing: Writing): Promise<void>;
  /**
   * Writes its list, of any length, as it comes.
   * @returns its bytes
   * @throws FileError as `write`; what going through the pieces throws
   */
  writeList(pieces: AsyncIterable<string>): Promise<number>;
  /** All that was written is kept when it returns. */
  flush(): Promise<void>;
  /** Lets go of it. What cannot be kept then is looked up when the job is resumed. */
  close(): Promise<void>;
}

/** Where jobs are kept. Several processes may use it at the same time, on one computer or on many. */
export interface JobStore {
  /** How it is called in messages; never with a password. */
  readonly name: string;
  /** The folder of what is sent for jobs. Computers that share the jobs share it, too. */
  readonly folder: string;
  /** How often it is looked whether a job is called off, in milliseconds. */
  readonly lookMs: number;

  /**
   * Makes a job and holds it, all at once.
   * @param isQueued whether a queue will come to it
   * @param first what is written of the job of that id, which is no job before; kept when it returns
   * @throws FileError `journal-unwritable`, or as `first`; nothing of the job stays then
   */
  create(
    isQueued: boolean,
    first: (id: string) => Promise<Pick<Writing, 'pages' | 'lines' | 'label'>>,
  ): Promise<HeldJob>;
  /** Takes hold of a job that is there, or was. @throws FileError `journal-unwritable` */
  hold(
    id: string,
    options?: LockOptions,
  ): Promise<{ readonly job: HeldJob } | { readonly heldBy: LockOwner | undefined }>;

  /** Those of these pages that are there, by name. */
  pages<Name extends string>(id: string, ...names: readonly Name[]): Promise<Readonly<Partial<Record<Name, string>>>>;
  /** Whole lines of its log. */
  lines(id: string): Promise<readonly string[]>;
  /** Bytes of its list; 0 where there is none. */
  listBytes(id: string): Promise<number>;
  list(id: string): AsyncIterable<string>;
  whereIs(id: string, page: string): Whereabouts;
  /** Where files of a job lie. The folder may not be there yet. */
  filesOf(id: string): string;

  /** All jobs, or so many of them, newest first. */
  places(most?: number): Promise<readonly JobPlace[]>;
  /** The newest jobs, newest first, each with what is another text when it may be another job than at the look before. */
  newest(most: number): Promise<readonly MarkedPlace[]>;
  find(id: string): Promise<JobPlace | undefined>;
  /**
   * The labels of jobs, by their numbers. A job whose process was killed while it changed may have the one before, too;
   * those of older versions have none.
   */
  labels(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Those that have not ended, oldest first. */
  open(): Promise<readonly string[]>;
  /** As `open`, without those that it knows to be held by a process. */
  free(): Promise<readonly string[]>;
  /** Those that have a plan, or were begun by a person, oldest first; and what lies among them and is no job. */
  begun(): Promise<{ readonly ids: readonly string[]; readonly strays: readonly Problem[] }>;
  /** Those whose dataset is being changed, or was when a process was killed. */
  amending(): Promise<readonly string[]>;
  putAway(id: string, at: string): Promise<void>;
  /** Deletes a job. */
  remove(id: string): Promise<void>;
  /** The jobs that ended on days that were over before a time in milliseconds, day by day, the oldest first. */
  endedBefore(before: number): Promise<readonly { readonly day: string; readonly ids: readonly string[] }[]>;
  /** Deletes those. @returns their ids, no more than `atMost` */
  removeEndedBefore(before: number, atMost: number): Promise<readonly string[]>;
  /** When something was last done to a job, in milliseconds. */
  touched(id: string): Promise<number>;

  /** Calls a job off: the process that holds it is told. @throws FileError `journal-unwritable` */
  callOff(id: string): Promise<void>;
  isCalledOff(id: string): Promise<boolean>;

  /** Takes the lock of that name. @throws FileError `journal-unwritable` */
  lock(name: string, options?: LockOptions): Promise<LockResult>;
  holderOf(name: string): Promise<LockOwner | undefined>;
  /** Removes locks of processes that were killed. @param atMost how many are looked at */
  removeDeadLocks(atMost: number): Promise<void>;

  /** What was noted under a name that belongs to no job. @throws FileError `journal-unwritable` if that cannot be read */
  mark(name: string): Promise<string | undefined>;
  /** @throws FileError `journal-unwritable` */
  setMark(name: string, text: string): Promise<void>;
  /**
   * Looks at so many of the marks, from behind one on.
   * @param before milliseconds since 1970: those written later are passed over
   * @param after where the look before came to; empty for the first
   */
  oldMarks(before: number, after: string, atMost: number): Promise<OldMarks>;
  /** Removes a mark unless it was written anew. @throws FileError `journal-unwritable` */
  removeMark(mark: OldMark): Promise<void>;
}

/** A job, and by what it is told whether it has changed. */
export interface MarkedPlace extends JobPlace {
  readonly mark: string;
}

/** What was noted under a name, which is not known any more. */
export interface OldMark {
  /** What the store calls it. */
  readonly key: string;
  readonly text: string;
}

export interface OldMarks {
  readonly marks: readonly OldMark[];
  /** Where the next look goes on; empty where there are no more. */
  readonly next: string;
}

/** The name of the lock of a job. */
export function jobLock(id: string): string {
  return JSON.stringify(['run', id]);
}
