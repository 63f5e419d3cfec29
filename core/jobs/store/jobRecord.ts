import type { Problem } from '../../problems/problem.ts';
import type { DataFileIdentity } from '../../files/dataFileIdentity.ts';
import type { Batches } from '../../files/expandPaths.ts';
import { FileError } from '../../files/fileError.ts';
import { preparingSteps } from '../job.ts';
import type { Amendment, StepState } from '../job.ts';
import type { JobStore, Whereabouts, Writing } from './jobStore.ts';

/** A step of a plan. The journal knows no more of it; it must be plain data that JSON can say. */
export interface JournalStep {
  readonly id: string;
  readonly kind: string;
}

/** What begins a run. Never a token. */
export interface RunStart {
  readonly planId: string;
  /** Address of SciCat. */
  readonly host: string;
  readonly configFile: string | undefined;
  readonly dataFile: DataFileIdentity;
}

/** How the page of a run words its end; `readJob.ts` and `journalRun.ts` say what of the lifecycle that is. */
export type RunOutcome = 'done' | 'already-present' | 'failed' | 'abandoned';

/** `run.json` of a run. */
export interface RunHeader extends RunStart {
  /** Of what is in the folder; only runs of `journalVersion` are taken up. */
  readonly version: number;
  readonly runId: string;
  /** ISO time. */
  readonly created: string;
  readonly stepCount: number;
  /** Bytes of the list of further files, which has a file of its own; 0 without one. */
  readonly listBytes: number;
  readonly finished?: undefined | { readonly at: string; readonly outcome: RunOutcome; readonly message?: string };
}

/** What is known of one step: a line of the log, later lines winning. */
export interface StepRecord {
  readonly step: string;
  readonly state: StepState;
  /** ISO time. */
  readonly at: string;
  /** What the step gave, such as a pid or an _id; before it is done, what is to be known about it. */
  readonly result?: unknown;
}

/** A run as it is kept, without the steps themselves. */
export interface RunEntry {
  readonly header: RunHeader;
  readonly records: ReadonlyMap<string, StepRecord>;
  readonly stepsDone: number;
}

export const journalVersion = 2;

/* The pages of a job, as they are called. */
export const jobFileName = 'job.json';
export const runFileName = 'run.json';
export const planFileName = 'plan.jsonl';
/** Is there when the job is to be called off by the process that is at it. */
export const cancelFileName = 'cancel';
export const logFileName = 'events.jsonl';
export const listFileName = 'files.jsonl';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function hasTexts<K extends string>(value: object, ...keys: K[]): value is Record<K, string> {
  return keys.every((key) => typeof Object.getOwnPropertyDescriptor(value, key)?.value === 'string');
}

export function isJournalStep(value: unknown): value is JournalStep {
  return isObject(value) && hasTexts(value, 'id', 'kind');
}

export function isFileIdentity(value: unknown): value is DataFileIdentity {
  return (
    isObject(value) &&
    hasTexts(value, 'path', 'ino') &&
    ['realPath', 'dev', 'birth'].every((key) => !(key in value) || hasTexts(value, key)) &&
    'size' in value &&
    typeof value.size === 'number' &&
    'mtimeMs' in value &&
    typeof value.mtimeMs === 'number'
  );
}

export function isRunHeader(value: unknown): value is RunHeader {
  return (
    isObject(value) &&
    hasTexts(value, 'planId', 'host', 'runId', 'created') &&
    'version' in value &&
    typeof value.version === 'number' &&
    'stepCount' in value &&
    typeof value.stepCount === 'number' &&
    (value.version !== journalVersion || ('listBytes' in value && typeof value.listBytes === 'number')) &&
    (!('configFile' in value) || typeof value.configFile === 'string') &&
    'dataFile' in value &&
    isFileIdentity(value.dataFile) &&
    (!('finished' in value) || (isObject(value.finished) && hasTexts(value.finished, 'at', 'outcome')))
  );
}

/** A line of the log that says what happened to the job as a whole. */
export interface EventRecord {
  readonly event: string;
  /** ISO time. */
  readonly at: string;
  readonly status: string;
  readonly revision: number;
  /** Of a dataset that is about to be amended. */
  readonly given?: Amendment['given'];
  readonly changes?: Amendment['changes'];
}

function isEventRecord(value: unknown): value is EventRecord {
  return isObject(value) && hasTexts(value, 'event', 'at', 'status');
}

export function isStepRecord(value: unknown): value is StepRecord {
  return (
    isObject(value) &&
    hasTexts(value, 'step', 'at') &&
    'state' in value &&
    (value.state === 'planned' || value.state === 'started' || value.state === 'done')
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged({ text, file }: Whereabouts, what: string): Problem & { readonly code: 'journal-damaged' } {
  const away = file === undefined ? '“imsc resume --give-up” gives it up' : 'then delete its folder';
  const message = `The journal entry ${text} ${what}. Look in SciCat what this run has sent, ${away}.`;
  return { code: 'journal-damaged', severity: 'warning', message, ...(file !== undefined && { file }) };
}

/** A run whose plan this version does not understand. */
export function ofOtherVersion(store: JobStore, id: string): Problem {
  return damaged(
    store.whereIs(id, runFileName),
    'is of another version of imsc. Finish it with that one, or do so by hand',
  );
}

/** What cannot be read; `header` if at least that can be. */
export interface DamagedEntry {
  readonly problem: Problem;
  readonly header?: RunHeader;
}

/** The lines of a log; undefined where something else lies in its place, or nobody may read it. */
async function linesOf(store: JobStore, id: string): Promise<readonly string[] | undefined> {
  try {
    return await store.lines(id);
  } catch (error) {
    if (error instanceof FileError && error.code === 'file-unreadable') return undefined;
    throw error;
  }
}

/** Reads what a run left. A last line that was cut off by a crash is passed over; other damage is a problem. */
export async function readRunEntry(store: JobStore, id: string): Promise<{ entry: RunEntry } | DamagedEntry> {
  const header = parsed((await store.pages(id, runFileName))[runFileName] ?? '');
  if (!isRunHeader(header)) return { problem: damaged(store.whereIs(id, runFileName), 'cannot be read') };
  if (header.version !== journalVersion && !header.finished) return { problem: ofOtherVersion(store, id), header };
  const records = new Map<string, StepRecord>();
  const lines = await linesOf(store, id);
  if (!lines) return { problem: damaged(store.whereIs(id, logFileName), 'cannot be read'), header };
  for (const line of lines) {
    const record = parsed(line);
    if (isEventRecord(record)) continue;
    if (!isStepRecord(record))
      return { problem: damaged(store.whereIs(id, logFileName), 'has a line that cannot be read'), header };
    records.set(record.step, record);
  }
  for (const name of preparingSteps) records.delete(name);
  const stepsDone = [...records.values()].filter(({ state }) => state === 'done').length;
  return { entry: { header, records, stepsDone } };
}

/** Whether SciCat may hold something of this run. */
export function hasSent({ records }: RunEntry): boolean {
  return (records.get('dataset')?.state ?? 'planned') !== 'planned';
}

/** What makes the steps of a plan that goes as if they had never been begun, such as writing files beside the data. */
export function undoneSteps({ records }: RunEntry): readonly (StepRecord & { readonly kind: 'step' })[] {
  const at = new Date().toISOString();
  return [...records.values()].flatMap(({ step, state }) =>
    state === 'planned' ? [] : [{ kind: 'step', step, state: 'planned', at }],
  );
}

/**
 * When a run ended, if it has, also if its process was killed right after it had said so.
 * @returns undefined also for what cannot be read
 */
export async function endOf(store: JobStore, id: string): Promise<string | undefined> {
  return endIn(await store.pages(id, runFileName, jobFileName));
}

/** The same of its texts. */
export function endIn(found: { readonly [runFileName]?: string; readonly [jobFileName]?: string }): string | undefined {
  const text = found[runFileName];
  if (text === undefined) return undefined;
  if (text.includes('"finished"')) {
    const header = parsed(text);
    return isRunHeader(header) ? header.finished?.at : undefined;
  }
  const job = found[jobFileName];
  const record = job?.includes('"status": "done"') === true ? parsed(job) : undefined;
  return isObject(record) && hasTexts(record, 'status', 'changed') && record.status === 'done'
    ? record.changed
    : undefined;
}

/** A plan of which nothing was sent goes. */
export const withoutPlan: Writing['pages'] & object = {
  [runFileName]: undefined,
  [planFileName]: undefined,
  [listFileName]: undefined,
};

/** What makes a run that had ended one again that has not. */
export async function takenUpAgain(store: JobStore, id: string): Promise<Writing['pages']> {
  const header = parsed((await store.pages(id, runFileName))[runFileName] ?? '');
  return isRunHeader(header) ? { [runFileName]: headerText({ ...header, finished: undefined }) } : {};
}

/** `run.json` as it is written. */
export function headerText(header: RunHeader): string {
  return `${JSON.stringify(header, null, 2)}\n`;
}

/**
 * A job that has no plan, or whose process was killed before it had one: nothing was sent, so nothing is lost. Of a plan
 * that went, each step was surely not done.
 */
export async function hasNotBegun(store: JobStore, id: string): Promise<boolean> {
  if (((await store.pages(id, runFileName))[runFileName] ?? '') !== '') return false;
  const states = new Map<string, StepState>();
  const lines = await linesOf(store, id);
  if (!lines) return false;
  for (const line of lines) {
    const record = parsed(line);
    if (isEventRecord(record)) continue;
    if (!isStepRecord(record)) return false;
    states.set(record.step, record.state);
  }
  for (const name of preparingSteps) states.delete(name);
  return [...states.values()].every((state) => state === 'planned');
}

/** What lies among the runs and is none. */
export function strayEntry(file: string): Problem {
  const message = `${file} lies in the journal and is not a run of it; it is passed over. Delete it, or put it elsewhere.`;
  return { code: 'journal-damaged', severity: 'warning', message, file };
}

/** The record of another job in the place of one, as somebody leaves it who copies a folder. */
export function copiedEntry(store: JobStore, id: string, of: string, page: string = jobFileName): Problem {
  const { text, file } = store.whereIs(id, page);
  const way = file === undefined ? '' : ' Delete the folder that it lies in, or put that elsewhere.';
  const message = `${text} is the record of job ${of} and not of job ${id}; it is passed over.${way}`;
  return { code: 'journal-damaged', severity: 'warning', message, ...(file !== undefined && { file }) };
}

/** The steps of a run, as they were planned. */
export async function readPlannedSteps<S extends JournalStep>(
  store: JobStore,
  { runId, stepCount, listBytes }: RunHeader,
  isStep: (value: unknown) => value is S,
): Promise<{ steps: readonly S[] } | { problem: Problem }> {
  const incomplete = (page: string): { problem: Problem } => ({
    problem: damaged(store.whereIs(runId, page), 'is not complete'),
  });
  const text = (await store.pages(runId, planFileName))[planFileName] ?? '';
  const lines = text.split('\n').filter((line) => line !== '');
  const steps = lines.map(parsed).filter(isStep);
  if (steps.length !== stepCount || lines.length !== steps.length) return incomplete(planFileName);
  const isWhole = listBytes === 0 || (await store.listBytes(runId)) === listBytes;
  return isWhole ? { steps } : incomplete(listFileName);
}

/** A plan as its page has it. */
export function planText(steps: readonly JournalStep[]): string {
  return steps.map((step) => `${JSON.stringify(step)}\n`).join('');
}

/** A list of any length as it is written, one path a line. */
export async function* listPieces(list: Batches<string>): AsyncGenerator<string, void> {
  for await (const batch of list) if (batch.length > 0) yield batch.map((file) => `${JSON.stringify(file)}\n`).join('');
}

/** Reads such a list again, piece by piece. @throws FileError `journal-damaged` */
export async function* readList(
  store: JobStore,
  { runId, listBytes }: RunHeader,
): AsyncGenerator<readonly string[], void> {
  if (listBytes === 0) return;
  const pathIn = (line: string): string => {
    const found = parsed(line);
    if (typeof found !== 'string') {
      const { code, message } = damaged(store.whereIs(runId, listFileName), 'has a line that cannot be read');
      throw new FileError(code, message);
    }
    return found;
  };
  let rest = '';
  for await (const piece of store.list(runId)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map(pathIn);
  }
}
