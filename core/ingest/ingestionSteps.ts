import type { PlannedFile } from './dataFileList.ts';
import { describeFiles, statFields } from './files.ts';
import type { DataFileEntry } from './files.ts';
import { isJournalStep } from './journalEntry.ts';
import type { Plan } from './plan.ts';
import { stat } from 'node:fs/promises';

/** The steps of an ingestion as the journal keeps them, in the order in which they are carried out. */
export type IngestionStep =
  | ({ readonly id: string; readonly kind: 'write-file' } & PlannedFile)
  | { readonly id: string; readonly kind: 'dataset'; readonly plan: Plan }
  | FilesStep;

/** Sends the origDatablocks; how many there are comes out as the files are described. */
export interface FilesStep {
  readonly id: string;
  readonly kind: 'files';
  /** Described already: the data file and what is written beside it. */
  readonly entries: readonly DataFileEntry[];
  /** Absolute paths; described when their turn comes. */
  readonly moreFiles: readonly string[];
  readonly describe: {
    readonly computeFileStats: boolean;
    readonly computeFileHash: boolean;
    readonly fileHashAlgorithm: string;
  };
}

/** The steps that carry out a plan. */
export function stepsOf(plan: Plan, files: Omit<FilesStep, 'id' | 'kind'>): IngestionStep[] {
  return [
    ...plan.filesToWrite.map((file, index): IngestionStep => ({
      id: `write-file-${index + 1}`,
      kind: 'write-file',
      ...file,
    })),
    { id: 'dataset', kind: 'dataset', plan },
    { id: 'files', kind: 'files', ...files },
  ];
}

export function isIngestionStep(value: unknown): value is IngestionStep {
  return isJournalStep(value) && ['write-file', 'dataset', 'files'].includes(value.kind);
}

/** The step with the entries of files that were written in this run as they are now. */
export async function refreshWritten(step: FilesStep, steps: readonly IngestionStep[]): Promise<FilesStep> {
  const written = new Set(steps.flatMap((other) => (other.kind === 'write-file' ? [other.path] : [])));
  const entries = step.entries.map(async (entry) => {
    if (!written.has(entry.path) || !step.describe.computeFileStats) return entry;
    return { ...entry, ...statFields(await stat(entry.path, { bigint: true })) };
  });
  return { ...step, entries: await Promise.all(entries) };
}

/** The files of a step from the `from`th on, described as they are asked for. */
export async function* filesOf(
  { entries, moreFiles, describe }: FilesStep,
  from: number,
  { signal, workerFile }: { readonly signal?: AbortSignal | undefined; readonly workerFile?: string | undefined },
): AsyncGenerator<DataFileEntry> {
  yield* entries.slice(from);
  const rest = moreFiles.slice(Math.max(0, from - entries.length));
  if (rest.length > 0) yield* describeFiles(rest, { ...describe, workerFile }, signal);
}
