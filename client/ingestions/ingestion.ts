import { l10n } from 'vscode';
import { numberAt, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { readProblems } from '../results/report.ts';
import type { ReportedProblem } from '../results/report.ts';

/** An ingestion as `imsc jobs --json` tells it. */
export interface Ingestion {
  /** Of its record; '' for one that came to nothing before there was any. */
  readonly id: string;
  readonly state: IngestionState;
  /** Absolute path of the data file; of the folder where there is none. */
  readonly file: string;
  /** Address of SciCat. */
  readonly host: string;
  readonly pid: string | undefined;
  /** What it is at, or waits for. */
  readonly doing: string | undefined;
  /** ISO times. */
  readonly started: string;
  readonly changed: string;
  readonly steps: readonly IngestionStep[];
  readonly problems: readonly ReportedProblem[];
  /** What happened, in a sentence or two. */
  readonly message: string | undefined;
  /** What a person can do with it, where that is not what its state says. */
  readonly verbs?: readonly string[] | undefined;
  /** The service that carries it out, where that is not this computer. */
  readonly service?:
    | {
        readonly name: string;
        readonly address: string;
        /** What it is called there. */
        readonly id: string;
        readonly can: readonly string[];
        /** Address of the page of its dataset, as far as the service knows it. */
        readonly page: string | undefined;
      }
    | undefined;
}

export interface IngestionStep {
  readonly name: string;
  readonly state: string;
  /** ISO times. */
  readonly started: string | undefined;
  readonly ended: string | undefined;
}

/** How an ingestion stands, what stands for it in the view, and what a person can do with it then. */
export const ingestionStates = {
  running: { text: l10n.t('running'), icon: 'loading~spin', color: undefined, verbs: ['cancel'] },
  waiting: { text: l10n.t('waiting'), icon: 'watch', color: undefined, verbs: ['resume', 'giveUp'] },
  queued: { text: l10n.t('waits for its turn'), icon: 'watch', color: undefined, verbs: ['cancel'] },
  draft: { text: l10n.t('draft'), icon: 'edit', color: undefined, verbs: ['cancel'] },
  interrupted: {
    text: l10n.t('interrupted'),
    icon: 'debug-pause',
    color: 'list.warningForeground',
    verbs: ['resume', 'giveUp'],
  },
  done: { text: l10n.t('done'), icon: 'pass', color: 'testing.iconPassed', verbs: ['open', 'remove'] },
  'already-present': {
    text: l10n.t('already there'),
    icon: 'check-all',
    color: 'testing.iconPassed',
    verbs: ['open', 'remove'],
  },
  failed: { text: l10n.t('failed'), icon: 'error', color: 'testing.iconFailed', verbs: ['remove'] },
  cancelled: { text: l10n.t('cancelled'), icon: 'circle-slash', color: undefined, verbs: ['remove'] },
} as const;

export type IngestionState = keyof typeof ingestionStates;

/** What only a person can give. */
const waitingFor: ReadonlyMap<string | undefined, string> = new Map([
  ['approval', l10n.t('needs approval')],
  ['credentials', l10n.t('needs a sign-in')],
]);

/** Reads a job of `imsc jobs --json`; undefined if it is none. */
export function readIngestion(job: JsonRecord | undefined): Ingestion | undefined {
  const [id, status] = ['id', 'status'].map((key) => textAt(job, key));
  const file = textAt(job, 'dataFile') ?? textAt(job, 'folder');
  if (job === undefined || id === undefined || status === undefined || file === undefined) return undefined;
  const problems = readProblems(job);
  const state = stateOf(job, status);
  const [done, total] = [numberAt(job['progress'], 'done'), numberAt(job['progress'], 'total')];
  const count = done === undefined ? [] : [total === undefined ? String(done) : `${done}/${total}`];
  const doing = [textAt(job, 'step') ?? [], count].flat().join(' ');
  return {
    id,
    state,
    file,
    host: textAt(job, 'host') ?? '',
    pid: textAt(job, 'pid'),
    doing: state === 'waiting' ? waitingFor.get(textAt(job['hold'], 'for')) : doing === '' ? undefined : doing,
    started: textAt(job, 'created') ?? '',
    changed: textAt(job, 'changed') ?? '',
    steps: recordsAt(job, 'steps').map((step) => ({
      name: textAt(step, 'name') ?? '',
      state: textAt(step, 'state') ?? '',
      started: textAt(step, 'started'),
      ended: textAt(step, 'ended'),
    })),
    problems,
    message: messageOf(problems),
  };
}

/** Whether the schema asks SciCat for jobs that it has not taken, although the dataset is there. */
export function hasUnsentJobs({ state, steps }: Ingestion): boolean {
  return state === 'done' && steps.some((step) => step.name.startsWith('archive-job:') && step.state !== 'done');
}

/** What a person can do with it as it stands. */
export function verbsOf(ingestion: Ingestion): readonly string[] {
  return ingestion.verbs ?? [...ingestionStates[ingestion.state].verbs, ...(hasUnsentJobs(ingestion) ? ['send'] : [])];
}

/** What happened, in the words of the last error; where there is none, of the last problem. */
export function messageOf(problems: readonly ReportedProblem[]): string | undefined {
  return (problems.findLast(({ severity }) => severity === 'error') ?? problems.at(-1))?.message;
}

function stateOf(job: JsonRecord, status: string): IngestionState {
  if (job['running'] === true) return 'running';
  switch (status) {
    case 'done':
      return textAt(job, 'outcome') === 'already-present' ? 'already-present' : 'done';
    case 'failed':
    case 'rejected':
      return 'failed';
    case 'cancelled':
    case 'expired':
      return 'cancelled';
    default:
      return waitingFor.has(textAt(job['hold'], 'for')) ? 'waiting' : 'interrupted';
  }
}
