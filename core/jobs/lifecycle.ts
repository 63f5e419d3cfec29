/**
 * The life of a job. A *job* is our record of one ingestion, from its first moment on; SciCat's own jobs are always
 * called archive jobs, and `job_id` is a key of metadata that has nothing to do with either. What is here is the only
 * writer of a job's status.
 */

/** `draft`: parts may still come. `verified`: everything but writing to SciCat is done. The last five are ends. */
export const jobStatuses = [
  'draft',
  'deposited',
  'verified',
  'loading',
  'done',
  'rejected',
  'failed',
  'expired',
  'cancelled',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** Why a job that could go on waits. */
export type Hold =
  /** A person must say that it may be loaded. */
  | { readonly for: 'approval' }
  /** It needs a token, and none is recorded, ever. */
  | { readonly for: 'credentials' }
  /** What failed may work later. */
  | { readonly for: 'retry'; readonly until: string; readonly reason: string };

/** What became of a job that is done. */
export const jobOutcomes = ['ingested', 'already-present', 'dry-run', 'metadata-only'] as const;
export type JobOutcome = (typeof jobOutcomes)[number];

/** What the lifecycle knows of a job. */
export interface JobState {
  readonly status: JobStatus;
  /** Grows by one with each change. */
  readonly revision: number;
  readonly outcome?: JobOutcome | undefined;
  readonly hold?: Hold | undefined;
  /** Whether it was submitted: a draft that was called off has nothing to go on with. */
  readonly submitted: boolean;
  /** Whether loading has begun, so that SciCat may hold something of it. */
  readonly hasLoaded: boolean;
}

export type JobEvent =
  /** Parts or metadata of a draft were added, replaced or removed. */
  | { readonly kind: 'change' }
  | { readonly kind: 'submit' }
  | { readonly kind: 'expire' }
  /** Every check has passed. */
  | { readonly kind: 'verify' }
  /** A check has found what only a person can mend. */
  | { readonly kind: 'reject' }
  | { readonly kind: 'hold'; readonly hold: Hold }
  /** What it waited for is there. */
  | { readonly kind: 'release' }
  /** From now on SciCat is written to. */
  | { readonly kind: 'load' }
  | { readonly kind: 'finish'; readonly outcome: JobOutcome }
  | { readonly kind: 'fail' }
  | { readonly kind: 'cancel' }
  /** It goes on at the first step that is not done; where SciCat surely holds nothing of it, it is planned anew. */
  | { readonly kind: 'resume'; readonly isUnsent?: boolean | undefined }
  /** The metadata of what is in SciCat were changed. */
  | { readonly kind: 'amend' };

/** Why an event cannot happen in a state. */
export interface Refused {
  readonly refused: string;
}

/** The states that a job does not leave by itself. */
export const endStates: ReadonlySet<JobStatus> = new Set(['done', 'rejected', 'failed', 'expired', 'cancelled']);

/** A job that was just made: one that is complete is deposited at once. */
export function created(isComplete: boolean): JobState {
  return { status: isComplete ? 'deposited' : 'draft', revision: 1, submitted: isComplete, hasLoaded: false };
}

/** A new job that begins where one ended that cannot go on; its parts are linked, not copied. */
export function reopened({ status }: JobState): JobState | Refused {
  if (status === 'rejected' || status === 'expired') return created(false);
  return { refused: `A job that is ${status} cannot be reopened.` };
}

type EventKind = JobEvent['kind'];

/** The status that an event leads to: all there is. What needs more than the status is in `refusal`. */
export const lifecycle: Readonly<Record<JobStatus, Readonly<Partial<Record<EventKind, JobStatus>>>>> = {
  draft: { change: 'draft', submit: 'deposited', cancel: 'cancelled', expire: 'expired' },
  deposited: {
    hold: 'deposited',
    release: 'deposited',
    verify: 'verified',
    reject: 'rejected',
    finish: 'done',
    fail: 'failed',
    cancel: 'cancelled',
  },
  verified: {
    hold: 'verified',
    release: 'verified',
    load: 'loading',
    finish: 'done',
    fail: 'failed',
    cancel: 'cancelled',
  },
  loading: { hold: 'loading', release: 'loading', finish: 'done', fail: 'failed', cancel: 'cancelled' },
  done: { amend: 'done' },
  rejected: {},
  failed: { resume: 'deposited' },
  expired: {},
  cancelled: { resume: 'deposited' },
};

/** The outcomes with which a job can be finished from a status. */
export const outcomesFrom: Readonly<Partial<Record<JobStatus, readonly JobOutcome[]>>> = {
  // Found by the checks: nothing needs to be written.
  deposited: ['already-present'],
  verified: ['already-present', 'dry-run'],
  loading: ['ingested', 'already-present', 'metadata-only'],
};

/** The steps forward, which a job does not take while it waits for something. */
const forward: ReadonlySet<EventKind> = new Set(['verify', 'reject', 'load', 'finish']);

/** The state after an event, or why there is none. Pure: what it says is true wherever the job is kept. */
export function transition(state: JobState, event: JobEvent): JobState | Refused {
  const next = lifecycle[state.status][event.kind];
  if (next === undefined) return { refused: `A job that is ${state.status} cannot ${verbs[event.kind]}.` };
  const why = refusal(state, event);
  if (why !== undefined) return { refused: why };
  const { submitted, hasLoaded, outcome } = state;
  const after = { status: next, revision: state.revision + 1, submitted, hasLoaded };
  switch (event.kind) {
    case 'hold':
      return { ...after, hold: event.hold };
    case 'submit':
      return { ...after, submitted: true };
    case 'load':
      return { ...after, hasLoaded: true };
    case 'finish':
      return { ...after, outcome: event.outcome };
    case 'resume': {
      const isSent = hasLoaded && event.isUnsent !== true;
      return { ...after, status: isSent ? 'loading' : next, hasLoaded: isSent };
    }
    case 'amend':
      return { ...after, outcome };
    default:
      return after;
  }
}

function refusal({ status, hold, submitted, outcome }: JobState, event: JobEvent): string | undefined {
  if (hold && forward.has(event.kind))
    return `This job waits for ${waitsFor[hold.for]} and cannot ${verbs[event.kind]}.`;
  if (event.kind === 'release' && !hold) return 'This job waits for nothing.';
  if (event.kind === 'finish' && !outcomesFrom[status]?.includes(event.outcome))
    return `A job that is ${status} cannot end as ${event.outcome}.`;
  if (event.kind === 'resume' && !submitted) return 'This job was called off before it was submitted. Make a new one.';
  if (event.kind === 'amend' && outcome === 'dry-run')
    return 'This was a dry run: there is nothing in SciCat to change.';
  return undefined;
}

const waitsFor: Readonly<Record<Hold['for'], string>> = {
  approval: 'approval',
  credentials: 'a token',
  retry: 'another attempt',
};

/** What an event is called in a refusal. */
const verbs: Readonly<Record<EventKind, string>> = {
  change: 'be changed',
  submit: 'be submitted',
  expire: 'expire',
  verify: 'be verified',
  reject: 'be rejected',
  hold: 'wait',
  release: 'go on',
  load: 'be loaded',
  finish: 'be finished',
  fail: 'fail',
  cancel: 'be cancelled',
  resume: 'be resumed',
  amend: 'be amended',
};
