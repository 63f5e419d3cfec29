import path from 'node:path';
import { walkFolder } from '../../../core/packages/walk.ts';
import type { Job } from '../../../core/jobs/jobs.ts';
import { errorMessages, idOf, stepNames, statusOf } from './ingest.ts';

interface ProcessingStep {
  readonly name: string;
  readonly status: 'PENDING' | 'PROCESSING' | 'SUCCESS' | 'FAILED';
  readonly errorMessage: string | null;
  readonly retryCount: number;
  readonly millisTaken: number;
  readonly modifiedTime: string;
}

interface Entity {
  readonly id: string;
  readonly aggregationType: 'O' | 'F';
  readonly relativePath: string | null;
  readonly processingSteps: readonly ProcessingStep[];
  readonly contentEntityProcessingState: object | null;
  readonly checksums: Readonly<Record<string, string>>;
}

/** A file of the dataset, as it is counted and listed. */
export interface ReportedFile {
  /** From the folder on. */
  readonly path: string;
  readonly size: number;
}

/** The files of a job, as far as they are known: none before the folder has been found. */
async function filesOf({ staged, request, status }: Job): Promise<readonly ReportedFile[]> {
  if (staged?.folder === undefined || status === 'deposited') return [];
  const files: ReportedFile[] = [];
  try {
    for await (const { path: name, kind, size } of walkFolder(staged.folder)) {
      const isOurs = name.split('/').some((part) => part.startsWith('.imsc'));
      const isMetadata = request.metadataFile === path.join(staged.folder, name);
      if (kind === 'file' && !isOurs && !isMetadata) files.push({ path: name, size });
    }
  } catch {
    // The data have gone since; the dataset is still told.
    return [];
  }
  return files;
}

/** What this protocol calls loading has several steps here. */
const preparing: readonly string[] = ['stage', 'verify', 'extract', 'merge', 'check'];

/** The steps that apply to a job. A client waits until all of them are SUCCESS, so that others must not stand here. */
function processingSteps(job: Job): readonly ProcessingStep[] {
  const { isArchive = false } = job.request.options;
  const overall = statusOf(job);
  const errors = errorMessages(job);
  const apply = [...(isArchive ? ['stage'] : []), 'verify', 'extract', 'merge', 'check', 'load'];
  const failedAt = Object.keys(errors)[0];
  return apply.map((name) => {
    const own = job.steps.filter((step) => (name === 'load' ? !preparing.includes(step.name) : step.name === name));
    const shown = stepNames[name] ?? name;
    const started = own.map((step) => step.started).find((time) => time !== undefined);
    const ended = own.at(-1)?.ended;
    return {
      name: shown,
      status: statusOfStep(
        overall,
        own.map(({ state }) => state),
        shown === failedAt,
      ),
      errorMessage: errors[shown] ?? null,
      retryCount: Math.max(0, ...own.map(({ attempts }) => attempts - 1)),
      millisTaken:
        started !== undefined && ended !== undefined ? Math.max(0, Date.parse(ended) - Date.parse(started)) : 0,
      modifiedTime: timeText(ended ?? started ?? job.changed),
    };
  });
}

function statusOfStep(
  overall: string,
  states: readonly Job['steps'][number]['state'][],
  isFailed: boolean,
): ProcessingStep['status'] {
  if (overall === 'SUCCEEDED') return 'SUCCESS';
  if (isFailed) return 'FAILED';
  if (states.length > 0 && states.every((state) => state === 'done')) return 'SUCCESS';
  return states.some((state) => state !== 'planned') ? 'PROCESSING' : 'PENDING';
}

/** `2026-11-27 12:00:00`, in UTC. */
function timeText(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** Who reports: which of a job's entities, with what each went through. */
function* entitiesOf(job: Job, pool: string, files: readonly ReportedFile[]): Generator<Entity, void> {
  const steps = processingSteps(job);
  const content = steps.filter(({ name }) => name === 'UNPACKING' || name === 'FIXITY');
  // What fails before any file is known is told of the dataset.
  const ofDataset = steps.filter((step) => !content.includes(step) || (files.length === 0 && step.status === 'FAILED'));
  yield {
    id: job.scicat.pid ?? (idOf(job, pool, '') || job.id),
    aggregationType: 'O',
    relativePath: null,
    processingSteps: ofDataset,
    contentEntityProcessingState: null,
    checksums: {},
  };
  for (const { path: relativePath } of files)
    yield {
      id: idOf(job, pool, relativePath),
      aggregationType: 'F',
      relativePath,
      processingSteps: steps,
      contentEntityProcessingState: { processingSteps: content, locationProcessingSteps: { SciCat: [] } },
      checksums: {},
    };
}

export interface ReportPage {
  readonly resultList: readonly Entity[];
  readonly pageCount: number;
  readonly currentPage: number;
  readonly totalCount: number;
}

/** A page of the report; pages are counted from 0. */
export async function reportPage(job: Job, pool: string, page: number, pageSize: number): Promise<ReportPage> {
  const all = [...entitiesOf(job, pool, await filesOf(job))];
  return {
    resultList: all.slice(page * pageSize, (page + 1) * pageSize),
    pageCount: Math.ceil(all.length / pageSize),
    currentPage: page,
    totalCount: all.length,
  };
}

/** The report in numbers. */
export async function reportSummary(job: Job, pool: string): Promise<object> {
  const byStep: Record<string, Record<string, number>> = {};
  const byType: Record<string, number> = {};
  const files = await filesOf(job);
  for (const { aggregationType, processingSteps: steps } of entitiesOf(job, pool, files)) {
    byType[aggregationType] = (byType[aggregationType] ?? 0) + 1;
    for (const { name, status } of steps) {
      const counts = (byStep[name] ??= {});
      counts[status] = (counts[status] ?? 0) + 1;
    }
  }
  const isLoaded = statusOf(job) === 'SUCCEEDED';
  return {
    overallStatus: statusOf(job),
    entitiesByStatusByStep: byStep,
    entitiesByAggregationType: byType,
    contentByLocation: {
      SciCat: {
        count: isLoaded ? files.length : 0,
        bytes: isLoaded ? files.reduce((sum, { size }) => sum + size, 0) : 0,
      },
    },
    lastModifiedTime: timeText(job.changed),
  };
}

/** What was ingested, as a table: path, size, checksum, pid. */
export async function reportTable(job: Job): Promise<string> {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = (await filesOf(job)).map(({ path: name, size }) => [name, String(size), '', job.scicat.pid ?? '']);
  return [['path', 'size', 'checksum', 'pid'], ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
