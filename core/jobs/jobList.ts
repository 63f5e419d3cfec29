import type { Problem } from '../problems/problem.ts';
import { dataFileOf } from './job.ts';
import type { Job, JobRecord } from './job.ts';
import { endStates, jobStatuses } from './lifecycle.ts';
import type { JobStatus } from './lifecycle.ts';
import { copiedEntry } from './store/jobRecord.ts';
import type { JobPlace } from './store/jobStore.ts';
import type { Journal } from './store/journal.ts';
import { readJob } from './store/readJob.ts';
import type { StoredJob } from './store/readJob.ts';

/** Which jobs are asked for. */
export interface JobFilter {
  readonly status?: readonly JobStatus[] | undefined;
  /** Absolute path. */
  readonly dataFile?: string | undefined;
  readonly owner?: string | undefined;
  readonly protocol?: string | undefined;
  readonly collection?: string | undefined;
  readonly tag?: string | undefined;
  /** Those, too, that were put away by who they belong to. Default: true. */
  readonly hidden?: boolean | undefined;
  /** From 1 on; default 1. */
  readonly page?: number | undefined;
  /** Default: all. */
  readonly pageSize?: number | undefined;
}

export interface JobPage {
  /** Newest first. */
  readonly jobs: readonly Job[];
  /**
   * On all pages together. Without a filter the others are not read: a copy of a record, which somebody has left there,
   * is counted until its page comes.
   */
  readonly total: number;
  /** What lies in the place of a job of this page and is none. */
  readonly problems: readonly Problem[];
}

/** The jobs of a store, looked up. What never changes of one is kept in memory, so that long lists are quick. */
export class JobList {
  readonly #journal: Journal;
  /** What never changes of a job, by its number. */
  readonly #facts = new Map<string, Facts>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** The jobs that fit, newest first, a page at a time. */
  async list(filter: JobFilter): Promise<JobPage> {
    const { page = 1, pageSize = Infinity } = filter;
    const places = await this.#journal.store.places();
    const first = (Math.max(1, page) - 1) * (pageSize === Infinity ? 0 : pageSize);
    // Without a filter only those of the page are read.
    if (isOpenFilter(filter)) return this.#page(places, first, pageSize);
    const problems: Problem[] = [];
    const { status } = filter;
    // What has not come to an end is never put away.
    const isForOpen = status?.every((each) => !endStates.has(each)) === true;
    const could = isForOpen ? places.filter(({ isEnded }) => !isEnded) : places;
    this.#forgetOthers(places);
    const those = asksForFacts(filter) ? await this.#thatCouldFit(could, filter) : could;
    const known = await this.#ofStatus(those, status, problems);
    // What else is asked for does not change, so that those of the page are enough.
    if (!mayChange(filter)) {
      const page = await this.#page(known, first, pageSize);
      return { ...page, problems: [...problems, ...page.problems] };
    }
    const fitting = (await this.#readAll(known, problems)).filter(({ found }) => fits(found.record, filter));
    return { jobs: await this.#shown(fitting.slice(first, first + pageSize)), total: fitting.length, problems };
  }

  /** So many of these jobs, of which no other is read. */
  async #page(places: readonly JobPlace[], first: number, pageSize: number): Promise<JobPage> {
    const problems: Problem[] = [];
    const jobs = await this.read(places.slice(first, first + pageSize), problems);
    return { jobs, total: places.length - problems.length, problems };
  }

  /**
   * The jobs that have such a status. It is told by their labels but for those whose log may know better than their
   * record: those are read.
   */
  async #ofStatus(
    places: readonly JobPlace[],
    wanted: JobFilter['status'],
    problems: Problem[],
  ): Promise<readonly JobPlace[]> {
    if (wanted === undefined) return places;
    const { store } = this.#journal;
    const [labels, begun] = await Promise.all([store.labels(), store.begun()]);
    const isBegun = new Set(begun.ids);
    const told = ({ id, isEnded }: JobPlace): JobStatus | undefined => {
      const [label, ...others] = labels.get(id) ?? [];
      const status = jobStatuses.find((each) => each === label);
      const isSure = others.length === 0 && !isBegun.has(id) && status && endStates.has(status) === isEnded;
      return isSure ? status : undefined;
    };
    const read = await this.#readAll(
      places.filter((place) => told(place) === undefined),
      problems,
    );
    const statuses = new Map(read.map(({ place, found }) => [place.id, found.record.status]));
    return places.filter((place) => {
      const status = told(place) ?? statuses.get(place.id);
      return status !== undefined && wanted.includes(status);
    });
  }

  /** The jobs of which what never changes fits. Each is read for that once. */
  async #thatCouldFit(places: readonly JobPlace[], filter: JobFilter): Promise<readonly JobPlace[]> {
    const fitting: JobPlace[] = [];
    for (const found of places) {
      const facts = this.#facts.get(found.id) ?? (await readJob(this.#journal.store, found.id))?.record;
      if (!facts) continue;
      const { owner, protocol, collection, tag } = facts;
      this.#facts.set(found.id, { owner, protocol, collection, tag });
      if (belongs(facts, filter)) fitting.push(found);
    }
    return fitting;
  }

  /** Of jobs that were deleted nothing is kept. */
  #forgetOthers(places: readonly JobPlace[]): void {
    if (this.#facts.size === 0) return;
    const there = new Set(places.map(({ id }) => id));
    for (const id of this.#facts.keys()) if (!there.has(id)) this.#facts.delete(id);
  }

  /** How many jobs have not ended, drafts too. */
  async countOpen(): Promise<number> {
    return (await this.#journal.store.open()).length;
  }

  /** One job; undefined if there is none of that name. */
  async show(id: string): Promise<Job | undefined> {
    const place = await this.#journal.store.find(id);
    return place && (await this.read([place]))[0];
  }

  /** These jobs, as far as they can be understood. @param problems takes what lies in their places and is none */
  async read(places: readonly JobPlace[], problems: Problem[] = []): Promise<Job[]> {
    return this.#shown(await this.#readAll(places, problems));
  }

  /** What is kept of jobs, a few at a time. */
  async #readAll(places: readonly JobPlace[], problems: Problem[]): Promise<Read[]> {
    const read: Read[] = [];
    for (let from = 0; from < places.length; from += readAtOnce) {
      const some = places.slice(from, from + readAtOnce);
      const found = await Promise.all(some.map(({ id }) => readJob(this.#journal.store, id)));
      for (const [index, place] of some.entries()) {
        const job = found[index];
        if (job?.record.id === place.id) read.push({ place, found: job });
        else if (job) problems.push(copiedEntry(this.#journal.store, place.id, job.record.id));
      }
    }
    return read;
  }

  /** Whether somebody is at it is looked up for those only that are shown. */
  #shown(read: readonly Read[]): Promise<Job[]> {
    return Promise.all(
      read.map(async ({ place: { id, isEnded }, found: { record, progress, steps, hasEnded } }) => {
        const isRunning = !isEnded && !hasEnded && (await this.#journal.isRunning(id));
        return { ...record, progress, steps, isRunning };
      }),
    );
  }
}

/** So many jobs are read at the same time. */
const readAtOnce = 32;

/** What is kept of a job, and where it lies. */
interface Read {
  readonly place: JobPlace;
  readonly found: StoredJob;
}

function isOpenFilter(filter: JobFilter): boolean {
  return filter.status === undefined && !asksForFacts(filter) && !mayChange(filter);
}

/** Whether a filter asks for what never changes of a job. */
function asksForFacts({ owner, protocol, collection, tag }: JobFilter): boolean {
  return [owner, protocol, collection, tag].some((each) => each !== undefined);
}

type Facts = Pick<JobRecord, 'owner' | 'protocol' | 'collection' | 'tag'>;

function belongs(job: Facts, { owner, protocol, collection, tag }: JobFilter): boolean {
  return (
    (owner === undefined || job.owner === owner) &&
    (protocol === undefined || job.protocol === protocol) &&
    (collection === undefined || job.collection === collection) &&
    (tag === undefined || job.tag === tag)
  );
}

/** Whether a filter asks for what can only be told by reading a job each time. */
function mayChange({ dataFile, hidden = true }: JobFilter): boolean {
  return dataFile !== undefined || !hidden;
}

function fits(job: JobRecord, { dataFile, hidden = true }: JobFilter): boolean {
  return (
    (dataFile === undefined || dataFileOf(job) === dataFile || job.request.folder === dataFile) &&
    (hidden || job.hidden !== true)
  );
}
