import type { PlannedFile } from './dataFileList.ts';
import type { Batches } from '../../files/expandPaths.ts';
import { describeBatches, statFields } from '../../files/describeFiles.ts';
import type { DataFileEntry } from '../../files/describeFiles.ts';
import { absolutePath } from '../../files/pathlibPath.ts';
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
  /** Described already: the data file and what is written beside it. Further files are a list of their own. */
  readonly entries: readonly DataFileEntry[];
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

/** The step with the entries of files that were written in this run as they are now. */
export async function refreshWritten(
  step: Omit<FilesStep, 'id' | 'kind'>,
  steps: readonly IngestionStep[],
): Promise<Omit<FilesStep, 'id' | 'kind'>> {
  const written = new Set(steps.flatMap((other) => (other.kind === 'write-file' ? [other.path] : [])));
  const entries = step.entries.map(async (entry) => {
    if (!written.has(entry.path) || !step.describe.computeFileStats) return entry;
    return { ...entry, ...statFields(await stat(entry.path, { bigint: true })) };
  });
  return { ...step, entries: await Promise.all(entries) };
}

/** Which files of a step are described: those from the `from`th on, without those that are left out. */
export interface FilesWanted {
  readonly from?: number;
  /** @param path absolute */
  readonly isLeftOut?: ((path: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files of a step, described as they are asked for.
 * @param moreFiles absolute paths of those that come behind the entries
 */
export async function* filesOf(
  { entries, describe }: Omit<FilesStep, 'id' | 'kind'>,
  moreFiles: Batches<string>,
  { from = 0, isLeftOut = () => false, signal }: FilesWanted,
): AsyncGenerator<readonly DataFileEntry[], void> {
  yield entries.slice(from).filter(({ path }) => !isLeftOut(path));
  const rest = without(moreFiles, Math.max(0, from - entries.length));
  yield* describeBatches(wanted(rest, isLeftOut), describe, signal);
}

async function* wanted(
  batches: Batches<string>,
  isLeftOut: (path: string) => boolean,
): AsyncGenerator<readonly string[], void> {
  for await (const batch of batches) yield batch.filter((path) => !isLeftOut(absolutePath(path)));
}

/** A list without its first items. */
async function* without(batches: Batches<string>, count: number): AsyncGenerator<readonly string[], void> {
  let left = count;
  for await (const batch of batches) {
    if (left < batch.length) yield left === 0 ? batch : batch.slice(left);
    left = Math.max(0, left - batch.length);
  }
}
