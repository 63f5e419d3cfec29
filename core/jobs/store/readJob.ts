import { problem } from '../../problems/problem.ts';
import { archiveJobPrefix, jobSchemaVersion, preparingSteps, recordDefaults } from '../job.ts';
import type { JobProgress, JobRecord, JobStep, StepState } from '../job.ts';
import { endStates, jobStatuses } from '../lifecycle.ts';
import type { JobState } from '../lifecycle.ts';
import { endIn, isRunHeader, isStepRecord, jobFileName, runFileName } from './jobRecord.ts';
import type { RunHeader, RunOutcome, StepRecord } from './jobRecord.ts';
import type { JobStore } from './jobStore.ts';

/** A job as its store has it. */
export interface StoredJob {
  readonly record: JobRecord;
  readonly progress?: JobProgress | undefined;
  readonly steps: readonly JobStep[];
  /** Its run has ended, whether it was put away already or not. */
  readonly hasEnded: boolean;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const listPrefix = 'origdatablock-';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isJobRecord(value: unknown): value is JobRecord {
  return (
    isObject(value) &&
    'schemaVersion' in value &&
    value.schemaVersion === jobSchemaVersion &&
    'id' in value &&
    typeof value.id === 'string' &&
    'status' in value &&
    jobStatuses.some((status) => status === value.status) &&
    'revision' in value &&
    typeof value.revision === 'number' &&
    'request' in value &&
    isObject(value.request) &&
    'host' in value.request &&
    typeof value.request.host === 'string' &&
    'statusDetail' in value &&
    Array.isArray(value.statusDetail) &&
    'scicat' in value &&
    isObject(value.scicat) &&
    'times' in value &&
    isObject(value.times)
  );
}

/** Reads `job.json`. @returns undefined where there is none that this version understands, or that of another job */
export async function readJobRecord(store: JobStore, id: string): Promise<JobRecord | undefined> {
  const record = recordIn((await store.pages(id, jobFileName))[jobFileName]);
  return record?.id === id ? record : undefined;
}

function recordIn(text: string | undefined): JobRecord | undefined {
  const record = parsed(text);
  return isJobRecord(record) ? { ...recordDefaults, ...record } : undefined;
}

/**
 * Reads a job. Runs of versions that kept no record of the job are understood from what they did.
 * @returns what lies in its place, which has another id where somebody has copied it there; undefined for what cannot be
 * understood
 */
export async function readJob(store: JobStore, id: string): Promise<StoredJob | undefined> {
  const [pages, lines] = await Promise.all([
    store.pages(id, jobFileName, runFileName),
    store.lines(id).catch((): readonly string[] => []),
  ]);
  const record = recordIn(pages[jobFileName]);
  const header = parsed(pages[runFileName]);
  const records = lines.flatMap((line): readonly StepRecord[] => {
    const found = parsed(line);
    return isStepRecord(found) ? [found] : [];
  });
  const run = isRunHeader(header) ? header : undefined;
  if (!record && !run) return undefined;
  const isPreparing = ({ step }: StepRecord): boolean => preparingSteps.some((name) => name === step);
  const steps = run ? loadSteps(records.filter((each) => !isPreparing(each))) : [];
  const progress = progressOf(records);
  const hasEnded = endIn(pages) !== undefined;
  if (!record) {
    const known = run && recordOf(run, records);
    // The last list of files had no mark of its own.
    return (
      known && {
        record: known,
        progress,
        steps: known.status === 'done' ? steps.map((step) => done(step)) : steps,
        hasEnded,
      }
    );
  }
  const now = run ? withRun(record, run, records) : record;
  const ofPlan = now.status === 'done' ? steps.map((step) => done(step, now.times.done)) : steps;
  return { record: now, progress, steps: [...preparing(records), ...ofPlan], hasEnded };
}

/** A record is not waited for until it is on disk; what was done is, and it may know better. */
function withRun(record: JobRecord, run: RunHeader, records: readonly StepRecord[]): JobRecord {
  const known = recordOf(run, records);
  const isBehind = run.finished ? !endStates.has(record.status) : known.hasLoaded && !record.hasLoaded;
  // The pid stands in the line of its step before the record is written again.
  if (!isBehind) return record.scicat.pid === undefined ? { ...record, scicat: known.scicat } : record;
  const { status, outcome, hasLoaded, scicat, changed } = known;
  const times = { ...record.times, [status]: changed };
  return { ...record, status, outcome, hasLoaded, scicat, changed, times, revision: record.revision + 1 };
}

/** How many files SciCat has been told of; how many there are comes out when all are listed. */
function progressOf(records: readonly StepRecord[]): JobProgress | undefined {
  const lists = new Map(records.filter(({ step }) => step.startsWith(listPrefix)).map((each) => [each.step, each]));
  if (lists.size === 0) return undefined;
  const done = [...lists.values()].reduce((sum, { state, result }) => {
    const hasCount = isObject(result) && 'files' in result && typeof result.files === 'number';
    return sum + (state === 'done' && hasCount ? Number(result.files) : 0);
  }, 0);
  return { done, total: null, unit: 'files' };
}

/** The steps before there is a plan, as far as any of them was begun. */
function preparing(records: readonly StepRecord[]): JobStep[] {
  const isBegun = records.some(({ step }) => preparingSteps.some((name) => name === step));
  if (!isBegun) return [];
  return preparingSteps.map((name) => {
    const own = records.filter(({ step }) => step === name);
    const last = own.at(-1);
    return {
      name,
      state: last?.state ?? 'planned',
      attempts: own.filter(({ state }) => state === 'started').length,
      started: own.findLast(({ state }) => state === 'started')?.at,
      ended: last?.state === 'done' ? last.at : undefined,
    };
  });
}

/** The steps of loading, from the lines in which they were recorded; a list of files is one step of many lines. */
function loadSteps(records: readonly StepRecord[]): JobStep[] {
  const names = [...new Set([...records.map(({ step }) => stepName(step)), 'dataset', 'files'])];
  const order = (name: string): number =>
    name.startsWith(archiveJobPrefix) ? Infinity : ['dataset', 'files'].indexOf(name);
  return names
    .sort((one, other) => (order(one) === order(other) ? 0 : order(one) - order(other)))
    .map((name) => {
      const own = records.filter(({ step }) => stepName(step) === name);
      const starts = own.filter(({ state }) => state === 'started');
      const state = stateOf(own, name);
      return {
        name,
        state,
        // What is done at once is recorded when it is done.
        attempts: name === 'files' ? Math.min(1, own.length) : starts.length || Math.min(1, own.length),
        started: own[0]?.at,
        ended: state === 'done' ? own.at(-1)?.at : undefined,
      };
    });
}

function done(step: JobStep, ended?: string): JobStep {
  // A job that SciCat has not taken leaves the ingestion done.
  if (step.name.startsWith(archiveJobPrefix)) return step;
  return { ...step, state: 'done', ended: step.ended ?? ended };
}

function stepName(step: string): string {
  return step.startsWith(listPrefix) ? 'files' : step;
}

function stateOf(own: readonly StepRecord[], name: string): StepState {
  const last = own.at(-1);
  if (!last) return 'planned';
  // One list is done; whether it was the last one is said by a line of the step itself.
  return name === 'files' && last.step !== 'files' ? 'started' : last.state;
}

const ends: Readonly<Record<RunOutcome, Pick<JobState, 'status' | 'outcome'>>> = {
  done: { status: 'done', outcome: 'ingested' },
  'already-present': { status: 'done', outcome: 'already-present' },
  failed: { status: 'failed' },
  abandoned: { status: 'cancelled' },
};

/** The job that a run of a version without such records was. */
export function recordOf(run: RunHeader, records: readonly StepRecord[]): JobRecord {
  const { runId, created, dataFile, host, configFile, finished } = run;
  const dataset = records.findLast(({ step }) => step === 'dataset');
  const hasLoaded = (dataset?.state ?? 'planned') !== 'planned';
  const open = { status: hasLoaded ? 'loading' : 'verified' } as const;
  const state = finished ? ends[finished.outcome] : open;
  const pid = dataset?.state === 'done' && typeof dataset.result === 'string' ? dataset.result : undefined;
  const changed = finished?.at ?? records.at(-1)?.at ?? created;
  return {
    schemaVersion: jobSchemaVersion,
    id: runId,
    kind: 'ingest',
    ...recordDefaults,
    revision: 1,
    submitted: true,
    hasLoaded,
    ...state,
    request: { dataFile: dataFile.path, include: [], configFile, host, options: { dryRun: false } },
    statusDetail: finished?.message === undefined ? [] : [problem('scicat', finished.message)],
    scicat: pid === undefined ? {} : { pid },
    created,
    changed,
    times: { [state.status]: changed },
  };
}
