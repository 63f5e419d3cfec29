import type { Problem } from '../problems/problem.ts';
import { transition } from './lifecycle.ts';
import type { JobEvent, JobState, JobStatus, Refused } from './lifecycle.ts';
import type { Given, GivenField } from '../ingest/dataset/given.ts';
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

/** Something that was sent for a job, as it came. */
export interface JobPart {
  /** Tells it from the other parts of the job. */
  readonly id: string;
  readonly kind: 'archive' | 'file' | 'metadata';
  /** As the sender calls it, without folders. */
  readonly name: string;
  readonly mediaType?: string | undefined;
  readonly packaging?: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal, by algorithm: `md5`, `sha256`. */
  readonly digests: Readonly<Record<string, string>>;
  /** ISO time. */
  readonly received: string;
}

/** What came of looking at the files of a job: where they are, and which is the data file. */
export interface StagedFiles {
  /** Real path of the folder whose files are the dataset; undefined where the data file was named. */
  readonly folder?: string | undefined;
  /** Real path of the folder that it was named in. */
  readonly within?: string | undefined;
  readonly dataFile?: string | undefined;
}

/** A change of a dataset that had been ingested. */
export interface Amendment {
  /** ISO time. */
  readonly at: string;
  /** What was given; `from` says by whom. */
  readonly given: readonly GivenField[];
  /** Fields as they were before, and as they are since. */
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

/** `job.json`: what is known of a job besides the records of its steps, which are kept for themselves. Never a token. */
export interface JobRecord extends JobState {
  readonly schemaVersion: number;
  /** Its number as text; of older versions a name. */
  readonly id: string;
  readonly kind: JobKind;
  /** By which way it came: `command-line`, `sword`, … */
  readonly protocol: string;
  /** The account that it belongs to; empty for the person of this computer. */
  readonly owner: string;
  readonly collection?: string | undefined;
  /** How the sender calls it. */
  readonly slug?: string | undefined;
  readonly tag?: string | undefined;
  readonly request: JobRequest;
  readonly parts: readonly JobPart[];
  readonly given: Given;
  readonly staged?: StagedFiles | undefined;
  readonly bag?: { readonly version: string; readonly algorithms: readonly string[] } | undefined;
  /** Identifier of the content. */
  readonly swhid?: string | undefined;
  /** Where each field of the dataset came from. */
  readonly provenance?: Readonly<Record<string, string>> | undefined;
  /** The job that was reopened as this one. */
  readonly parent?: string | undefined;
  readonly amendments: readonly Amendment[];
  /** Not listed any more for the one who has put it away. */
  readonly hidden?: boolean | undefined;
  /** How often it was tried again since it last came on. */
  readonly retries?: number | undefined;
  /** ISO time at which a draft, or what is kept of an ended job, goes. */
  readonly expiresAt?: string | undefined;
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

export type JobKind = 'ingest' | 'extraction';

/** What a record says that does not say otherwise. */
export const recordDefaults = {
  protocol: 'command-line',
  owner: '',
  parts: [],
  given: { deposited: [], user: [] },
  amendments: [],
} as const satisfies Partial<JobRecord>;

/** The steps of a job in their order, and what each does, for people. What a plan says is done behind the first five. */
const stepTexts: Readonly<Record<string, string>> = {
  stage: 'looks for the files, and unpacks what is packed',
  verify: 'checks that everything arrived as it was sent',
  extract: 'reads the data file and asks SciCat',
  merge: 'puts together what the schema makes and what is given',
  check: 'checks the dataset, and whether it is in SciCat already',
  dataset: 'creates the dataset',
  files: 'registers its files',
};
/** The steps that ask SciCat for jobs of its own, each named by its key in the schema. */
export const archiveJobPrefix = 'archive-job:';

/** What a step does, for people; empty for one that nobody knows. */
export function stepText(name: string): string {
  return name.startsWith(archiveJobPrefix) ? 'asks SciCat for this job' : (stepTexts[name] ?? '');
}
export const preparingSteps = ['stage', 'verify', 'extract', 'merge', 'check'] as const;
export type PreparingStep = (typeof preparingSteps)[number];

/** How far a step is; `planned` again after it was surely not done. */
export type StepState = 'planned' | 'started' | 'done';

/** A part of the work, and what became of it. */
export interface JobStep {
  readonly name: string;
  readonly state: StepState;
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

/** What a record says anew when an event happens. */
export interface Findings extends Partial<
  Pick<
    JobRecord,
    | 'statusDetail'
    | 'parts'
    | 'given'
    | 'staged'
    | 'bag'
    | 'swhid'
    | 'provenance'
    | 'amendments'
    | 'expiresAt'
    | 'retries'
    | 'hidden'
    | 'slug'
    | 'request'
  >
> {
  readonly pid?: string | undefined;
}

/** The record with what was found besides. */
export function withFindings(record: JobRecord, findings: Findings, now = new Date()): JobRecord {
  const { pid = record.scicat.pid, ...found } = findings;
  return { ...record, ...found, scicat: pid === undefined ? {} : { pid }, changed: now.toISOString() };
}

/** The record after an event, or why it cannot happen. */
export function advance(
  record: JobRecord,
  event: JobEvent,
  findings: Findings = {},
  now = new Date(),
): JobRecord | Refused {
  const next = transition(record, event);
  if ('refused' in next) return next;
  // With whatever happens to it, a draft is not forgotten any more.
  const statusDetail = findings.statusDetail ?? record.statusDetail.filter(({ code }) => code !== 'draft-expires');
  const found = withFindings(record, { ...findings, statusDetail }, now);
  const after = { ...found, hold: undefined, outcome: undefined, ...next };
  return { ...after, times: { ...record.times, [next.status]: after.changed } };
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
    dataFile: dataFileOf(job) ?? null,
    folder: job.staged?.folder ?? request.folder ?? null,
    protocol: job.protocol,
    owner: job.owner,
    tag: job.tag ?? null,
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

/** The data file of a job, as far as it is known. */
export function dataFileOf({ request, staged }: JobRecord): string | undefined {
  return request.dataFile ?? staged?.dataFile;
}

/** The folder that a job was named in, and as what others see it; undefined where that is nothing else. */
export function publishedOf({
  request: { publishedAs },
  staged,
}: JobRecord): { readonly folder: string; readonly as: string } | undefined {
  const folder = staged?.within;
  return folder === undefined || publishedAs === undefined ? undefined : { folder, as: publishedAs };
}

/** What a job is about, for people. */
export function subjectOf(job: JobRecord): string {
  return dataFileOf(job) ?? job.request.folder ?? job.slug ?? job.parts[0]?.name ?? `job ${job.id}`;
}

/** When a job ended, if it has. */
function endOf({ status, times }: JobRecord): string | undefined {
  const isOpen = status === 'draft' || status === 'deposited' || status === 'verified' || status === 'loading';
  return isOpen ? undefined : times[status];
}
