import { appendFileSync, readFileSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../problems/problem.ts';
import type { DataFileIdentity } from '../../files/dataFileIdentity.ts';
import type { Batches } from '../../files/expandPaths.ts';
import { FileError } from '../../files/fileError.ts';
import { readWholeLines, rewrite } from '../../files/durableFiles.ts';
import { preparingSteps } from '../job.ts';
import { logFileOf } from './jobFolders.ts';

/** A step of a plan. The journal knows no more of it; it must be plain data that JSON can say. */
export interface JournalStep {
  readonly id: string;
  readonly kind: string;
}

export type StepState = 'planned' | 'started' | 'done';

/** What begins a run. Never a token. */
export interface RunStart {
  readonly planId: string;
  /** Address of SciCat. */
  readonly host: string;
  readonly configFile: string | undefined;
  readonly dataFile: DataFileIdentity;
}

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
  /** `planned` again after SciCat has refused it: it was surely not done. */
  readonly state: StepState;
  /** ISO time. */
  readonly at: string;
  /** What the step gave, such as a pid or an _id; before it is done, what is to be known about it. */
  readonly result?: unknown;
}

/** A run as it lies on disk, without the steps themselves. */
export interface RunEntry {
  readonly header: RunHeader;
  readonly folder: string;
  readonly records: ReadonlyMap<string, StepRecord>;
  readonly stepsDone: number;
}

export const journalVersion = 2;

export const jobFileName = 'job.json';
export const runFileName = 'run.json';
export const planFileName = 'plan.jsonl';
export const listFileName = 'files.jsonl';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function hasTexts<K extends string>(value: object, ...keys: K[]): value is Record<K, string> {
  return keys.every((key) => typeof Object.getOwnPropertyDescriptor(value, key)?.value === 'string');
}

export function isJournalStep(value: unknown): value is JournalStep {
  return isObject(value) && hasTexts(value, 'id', 'kind');
}

function isFileIdentity(value: unknown): value is DataFileIdentity {
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
}

export function isEventRecord(value: unknown): value is EventRecord {
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

function damaged(file: string, what: string): Problem & { readonly code: 'journal-damaged' } {
  const message = `The journal entry ${file} ${what}. Look in SciCat what this run has sent, then delete its folder.`;
  return { code: 'journal-damaged', severity: 'warning', message, file };
}

/** A run whose plan this version does not understand. */
export function ofOtherVersion(folder: string): Problem {
  return damaged(
    path.join(folder, runFileName),
    'is of another version of imsc. Finish it with that one, or do so by hand',
  );
}

/** What cannot be read; `header` if at least that can be. */
export interface DamagedEntry {
  readonly problem: Problem;
  readonly header?: RunHeader;
}

/** Reads what a run left on disk. A last line that was cut off by a crash is passed over; other damage is a problem. */
export async function readRunEntry(folder: string): Promise<{ entry: RunEntry } | DamagedEntry> {
  const runFile = path.join(folder, runFileName);
  const header = parsed(await readFile(runFile, 'utf8').catch(() => ''));
  if (!isRunHeader(header)) return { problem: damaged(runFile, 'cannot be read') };
  if (header.version !== journalVersion && !header.finished) return { problem: ofOtherVersion(folder), header };
  const stepsFile = logFileOf(folder);
  const records = new Map<string, StepRecord>();
  const { lines } = await readWholeLines(stepsFile);
  for (const line of lines) {
    const record = parsed(line);
    if (isEventRecord(record)) continue;
    if (!isStepRecord(record)) return { problem: damaged(stepsFile, 'has a line that cannot be read'), header };
    records.set(record.step, record);
  }
  for (const name of preparingSteps) records.delete(name);
  const stepsDone = [...records.values()].filter(({ state }) => state === 'done').length;
  return { entry: { header, folder, records, stepsDone } };
}

/**
 * When a run ended, if it has. Read at once, because an older version may have left very many.
 * @returns undefined also for what cannot be read
 */
export function endOf(folder: string): string | undefined {
  try {
    const text = readFileSync(path.join(folder, runFileName), 'utf8');
    if (!text.includes('"finished"')) return doneAt(folder);
    const header = parsed(text);
    return isRunHeader(header) ? header.finished?.at : undefined;
  } catch {
    return undefined;
  }
}

/** When a job was done, if its process was killed right after it had said so. */
function doneAt(folder: string): string | undefined {
  const text = readFileSync(path.join(folder, jobFileName), 'utf8');
  const record = text.includes('"status": "done"') ? parsed(text) : undefined;
  return isObject(record) && hasTexts(record, 'status', 'changed') && record.status === 'done'
    ? record.changed
    : undefined;
}

/** Removes a plan of which nothing was sent. */
export async function removePlan(folder: string): Promise<void> {
  for (const name of [runFileName, planFileName, listFileName]) await rm(path.join(folder, name), { force: true });
}

/** A run that had ended is one again that has not. */
export async function takeUpAgain(folder: string): Promise<void> {
  const header = parsed(await readFile(path.join(folder, runFileName), 'utf8').catch(() => ''));
  if (isRunHeader(header))
    await rewrite(path.join(folder, runFileName), headerText({ ...header, finished: undefined }));
}

/** `run.json` as it is written. */
export function headerText(header: RunHeader): string {
  return `${JSON.stringify(header, null, 2)}\n`;
}

/** A job that has no plan yet, or whose process was killed before it had: nothing was sent, so nothing is lost. */
export async function hasNotBegun(folder: string): Promise<boolean> {
  if ((await stat(folder).catch(() => undefined)) === undefined) return false;
  const plan = await stat(path.join(folder, runFileName)).catch(() => undefined);
  if (plan !== undefined && plan.size > 0) return false;
  const { lines } = await readWholeLines(logFileOf(folder));
  return lines.every((line) => !isStepOfPlan(parsed(line)));
}

/** What is written only once there is a plan. */
function isStepOfPlan(line: unknown): boolean {
  return !isEventRecord(line) && (!isStepRecord(line) || !preparingSteps.some((name) => name === line.step));
}

/** Whether a folder among the runs is one of a run. @param isNamedSo whether its name is that of a run */
export async function isRunFolder(folder: string, isNamedSo: boolean): Promise<boolean> {
  return isNamedSo || (await stat(path.join(folder, runFileName)).catch(() => undefined))?.isFile() === true;
}

/** What lies among the runs and is none. */
export function strayEntry(file: string): Problem {
  const message = `${file} lies in the journal and is not a run of it; it is passed over. Delete it, or put it elsewhere.`;
  return { code: 'journal-damaged', severity: 'warning', message, file };
}

/** The steps of a run, as they were planned. */
export async function readPlannedSteps<S extends JournalStep>(
  entry: RunEntry,
  isStep: (value: unknown) => value is S,
): Promise<{ steps: readonly S[] } | { problem: Problem }> {
  const planFile = path.join(entry.folder, planFileName);
  const { lines } = await readWholeLines(planFile);
  const steps = lines.map(parsed).filter(isStep);
  if (steps.length !== entry.header.stepCount || lines.length !== steps.length)
    return { problem: damaged(planFile, 'is not complete') };
  return (await hasWholeList(entry))
    ? { steps }
    : { problem: damaged(path.join(entry.folder, listFileName), 'is not complete') };
}

/** Whether the list of further files is there as it was written. */
async function hasWholeList({ folder, header }: RunEntry): Promise<boolean> {
  if (header.listBytes === 0) return true;
  const found = await stat(path.join(folder, listFileName)).catch(() => undefined);
  return found?.size === header.listBytes;
}

/**
 * Writes a list of any length, one path a line, as it comes.
 * @returns its bytes; an empty list makes no file
 */
export async function writeList(folder: string, list: Batches<string>): Promise<number> {
  let handle;
  let bytes = 0;
  try {
    for await (const batch of list) {
      if (batch.length === 0) continue;
      handle ??= await open(path.join(folder, listFileName), 'wx', 0o600);
      const text = batch.map((file) => `${JSON.stringify(file)}\n`).join('');
      // It goes to memory first, which takes less time than asking another thread; only syncing waits for the disk.
      appendFileSync(handle.fd, text);
      bytes += Buffer.byteLength(text);
    }
    await handle?.datasync();
  } finally {
    await handle?.close();
  }
  return bytes;
}

/** Reads such a list again, piece by piece. @throws FileError `journal-damaged` */
export async function* readList({
  folder,
  header,
}: Pick<RunEntry, 'folder' | 'header'>): AsyncGenerator<string[], void> {
  if (header.listBytes === 0) return;
  const file = path.join(folder, listFileName);
  const pathIn = (line: string): string => {
    const found = parsed(line);
    if (typeof found !== 'string') {
      const { code, message } = damaged(file, 'has a line that cannot be read');
      throw new FileError(code, message);
    }
    return found;
  };
  const handle = await open(file);
  let rest = '';
  for await (const piece of handle.createReadStream({ encoding: 'utf8' })) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map(pathIn);
  }
}
