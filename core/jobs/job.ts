import type { Problem } from '../problems/problem.ts';
import { transition } from './lifecycle.ts';
import type { JobEvent, JobState, JobStatus, Refused } from './lifecycle.ts';
import type { JobRequest } from './request.ts';

/** What was found of a job: a problem without the text that it stands in. */
export type JobProblem = Pick<Problem, 'code' | 'severity' | 'message' | 'file'>;

/** So many problems of a job are kept, the worst ones. */
const mostDetails = 100;

/** What of problems is kept with a job. */
export function details(problems: readonly Problem[]): JobProblem[] {
  const shown = problems.filter(({ severity }) => severity === 'error' || severity === 'warning');
  return [
    ...shown.filter(({ severity }) => severity === 'error'),
    ...shown.filter(({ severity }) => severity !== 'error'),
  ]
    .slice(0, mostDetails)
    .map(({ code, severity, message, file }) => ({ code, severity, message, ...(file !== undefined && { file }) }));
}

/** How far something is. */
export interface JobProgress {
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
  readonly unit: string;
}

/** `job.json`: what is known of a job besides the records of its steps, which are kept for themselves. Never a token. */
export interface JobRecord extends JobState {
  readonly schemaVersion: number;
  readonly id: string;
  readonly kind: 'ingest';
  readonly request: JobRequest;
  /** Why it stands where it stands. */
  readonly statusDetail: readonly JobProblem[];
  readonly scicat: { readonly pid?: string | undefined };
  /** ISO time of its making, and of its last change. */
  readonly created: string;
  readonly changed: string;
  /** When it came to each status, the last time. */
  readonly times: Readonly<Partial<Record<JobStatus, string>>>;
}

export const jobSchemaVersion = 1;

/** The steps before there is a plan, in their order; what a plan says is done behind them. */
export const preparingSteps = ['stage', 'verify', 'extract', 'merge', 'check'] as const;
export type PreparingStep = (typeof preparingSteps)[number];

export type JobStepState = 'planned' | 'started' | 'done';

/** A part of the work, and what became of it. */
export interface JobStep {
  readonly name: string;
  readonly state: JobStepState;
  readonly attempts: number;
  /** ISO times, as far as it came. */
  readonly started?: string | undefined;
  readonly ended?: string | undefined;
}

/** A job as it is shown. */
export interface Job extends JobRecord {
  readonly steps: readonly JobStep[];
  readonly progress?: JobProgress | undefined;
  /** Whether a process is at it. */
  readonly isRunning: boolean;
}

/** The step that a job is at; undefined before the first one and behind the last. */
export function currentStep({ steps, status }: Pick<Job, 'steps' | 'status'>): string | undefined {
  return status === 'done' ? undefined : steps.find(({ state }) => state !== 'done')?.name;
}

/** What is found besides when an event happens. */
export interface Findings {
  readonly statusDetail?: readonly JobProblem[] | undefined;
  readonly pid?: string | undefined;
}

/** The record after an event, or why it cannot happen. */
export function advance(
  record: JobRecord,
  event: JobEvent,
  { statusDetail = record.statusDetail, pid = record.scicat.pid }: Findings = {},
  now = new Date(),
): JobRecord | Refused {
  const next = transition(record, event);
  if ('refused' in next) return next;
  const at = now.toISOString();
  const { schemaVersion, id, kind, request, created } = record;
  return {
    schemaVersion,
    id,
    kind,
    ...next,
    request,
    statusDetail,
    scicat: pid === undefined ? {} : { pid },
    created,
    changed: at,
    times: { ...record.times, [next.status]: at },
  };
}

/** A job as JSON output has it. */
export function jobJson(job: Job): object {
  const { id, status, outcome, hold, progress, request, steps, statusDetail } = job;
  return {
    id,
    status,
    step: currentStep(job) ?? null,
    progress: progress ?? null,
    hold: hold ?? null,
    outcome: outcome ?? null,
    running: job.isRunning,
    pid: job.scicat.pid ?? null,
    dataFile: request.dataFile,
    host: request.host,
    created: job.created,
    changed: job.changed,
    ended: endOf(job) ?? null,
    problems: statusDetail.map(({ code, severity, message }) => ({ code, severity, message })),
    steps: steps.map(({ name, state, attempts, started, ended }) => ({
      name,
      state,
      attempts,
      started: started ?? null,
      ended: ended ?? null,
    })),
  };
}

/** When a job ended, if it has. */
function endOf({ status, times }: JobRecord): string | undefined {
  const isOpen = status === 'draft' || status === 'deposited' || status === 'verified' || status === 'loading';
  return isOpen ? undefined : times[status];
}
