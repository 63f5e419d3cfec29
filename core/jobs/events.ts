import type { PreparingNews } from '../ingest/preparingNews.ts';
import type { Job, JobRecord } from './job.ts';
import type { EventRecord, StepRecord } from './store/jobRecord.ts';

/** What lasts: a line of the job's log (`events.jsonl`) each, which stands there before anybody is told. */
export type LoggedNews =
  | (EventRecord & { readonly kind: 'event' })
  /** A part of the work has begun, is done, or was surely not done. */
  | (StepRecord & { readonly kind: 'step' });

/** What is told in passing, and kept nowhere. */
export type FleetingNews =
  | PreparingNews
  /** SciCat has taken something, or a file beside the data was written; `filesSent` are those that SciCat knows by now. */
  | {
      readonly kind: 'sent';
      readonly what: 'write-file' | 'dataset' | 'origdatablock' | 'archive-job';
      readonly pid: string | undefined;
      readonly filesSent: number;
    }
  /** A request to SciCat and its answer, in one line; never a header. */
  | { readonly kind: 'request'; readonly line: string }
  /** This process is not at it any more. */
  | { readonly kind: 'left' }
  /** A queue has carried it out, as far as it came. */
  | { readonly kind: 'ran'; readonly job: JobRecord; readonly milliseconds: number };

/** How a job stands in the store, whichever process is at it. */
export type StandingNews =
  | { readonly kind: 'job'; readonly job: Job }
  /** Its record is gone. */
  | { readonly kind: 'dropped'; readonly id: string };

/**
 * What is told of a job. The log, the terminal, JSON lines, the page and the view of VS Code each print of it what they
 * show; none has a channel of its own.
 */
export type JobNews = LoggedNews | FleetingNews | StandingNews;

/** Told at once and in order; what it throws ends what it was told of. */
export type JobListener = (news: JobNews, id: string) => void;

/** The news of the jobs that this process is at. What other processes do is seen in their records (`watchJobs.ts`). */
export class JobStream {
  readonly #listeners = new Set<JobListener>();

  /** @returns ends it */
  listen(listener: JobListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(id: string, news: JobNews): void {
    for (const listener of this.#listeners) listener(news, id);
  }
}

/** What has happened to a job as a whole, and how it stands then. */
export function eventOf(event: string, { status, revision, changed }: JobRecord): LoggedNews {
  return { kind: 'event', at: changed, event, status, revision };
}

/** News as a line of the log; what kind it is shows by itself there. */
export function logLine(news: LoggedNews): string {
  return JSON.stringify({ ...news, kind: undefined });
}
