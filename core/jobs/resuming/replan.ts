import path from 'node:path';
import type { Problem } from '../../problems/problem.ts';
import { filesStep } from '../dryRun.ts';
import type { ReplannedFiles } from '../steps/load.ts';
import { prepareIngestion } from '../../ingest/prepare.ts';
import type { IngestionRequest } from '../../ingest/prepare.ts';
import type { IngestionStep } from '../../ingest/plan/planSteps.ts';
import type { JournalRun } from '../store/journalRun.ts';

export interface Replanned {
  /** Undefined where it stays as it was planned. */
  readonly files: ReplannedFiles | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Plans anew what SciCat has refused of the files of a run, with the schema and the configuration as they are now. What
 * was never refused stays as it was planned when the dataset was made.
 */
export async function replan(
  request: IngestionRequest,
  run: JournalRun<IngestionStep>,
): Promise<Replanned | undefined> {
  const dataset = run.steps.find((step) => step.kind === 'dataset');
  const old = run.steps.find((step) => step.kind === 'files');
  if (!dataset || !old || !run.wasRefused) return undefined;
  const { file } = dataset.plan.schema;
  const schemaFile = request.schemaFile ?? (path.isAbsolute(file) ? file : undefined);
  const prepared = await prepareIngestion({ ...request, schemaFile, isKnown: true });
  if (prepared.verdict !== 'ready' || !prepared.plan) return { files: undefined, problems: prepared.problems };
  const files = filesStep(request, prepared);
  const known = new Set(files.entries.map((entry) => entry.path));
  // What was given with the first call only, such as the message.
  const entries = [...files.entries, ...old.entries.filter((entry) => !known.has(entry.path))];
  return { files: { plan: prepared.plan, files: { ...files, entries } }, problems: prepared.problems };
}
