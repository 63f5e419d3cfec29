import type { Problem } from '../problems/problem.ts';
import { FileError } from '../files/fileError.ts';
import { prepareIngestion, unansweredIn } from '../ingest/prepare.ts';
import { publishedDataset } from '../ingest/dataset/publishedDataset.ts';
import type { IngestionRequest, PreparedIngestion } from '../ingest/prepare.ts';
import { filesOf } from '../ingest/plan/planSteps.ts';
import type { FilesStep } from '../ingest/plan/planSteps.ts';
import { isListed, origDatablocks } from '../ingest/plan/plan.ts';
import { ScicatError } from '../scicat/errors.ts';
import type { IngestionReport } from './report/report.ts';
import type { JobStore } from './store/jobStore.ts';
import type { MadeFolder } from './store/madeFolders.ts';
import { BlockRecord } from './report/reportedBlocks.ts';
import type { ReportedBlocks } from './report/reportedBlocks.ts';

/**
 * Everything but writing: nothing is sent, no file is made, no journal is kept.
 * @param store where ingestions are kept: what they have made of a folder is known there
 */
export async function dryRun(request: IngestionRequest, store?: JobStore): Promise<IngestionReport> {
  const { folder, client, config } = request;
  const isLookedFor = store !== undefined && folder !== undefined && client !== undefined;
  const madeBefore = isLookedFor ? await beforeOf(store, folder, config.scicat.host) : undefined;
  const prepared = await prepareIngestion({ ...request, madeBefore });
  const differences = await differencesInScicat(prepared, request);
  return { ...(await reportOn(prepared, request)), differences };
}

async function reportOn(prepared: PreparedIngestion, request: IngestionRequest): Promise<IngestionReport> {
  if (prepared.verdict !== 'ready' || !prepared.plan) {
    return reportOf(prepared, prepared.verdict === 'unanswered' ? 'unknown' : stoppedAs(prepared));
  }
  const blocks = new BlockRecord(request.keepLists);
  try {
    const { plan, incomplete } = prepared;
    const isLeftOut = incomplete && ((path: string): boolean => isListed(path, incomplete.listed, plan));
    const files = filesOf(filesStep(request, prepared), request.moreFiles ?? [], { isLeftOut, signal: request.signal });
    for await (const block of origDatablocks(plan, files)) await blocks.add(block);
    return reportOf(prepared, outcomeOf(prepared), [], blocks);
  } catch (error) {
    await blocks.close();
    if (!(error instanceof FileError)) throw error;
    return reportOf(prepared, 'failed', [error.toProblem()]);
  }
}

/**
 * What of a dataset that is in SciCat would come out otherwise now; undefined where that cannot be told.
 * @throws ScicatError only when cancelled
 */
async function differencesInScicat(
  { dataset, existing }: PreparedIngestion,
  { client, config, published }: IngestionRequest,
): Promise<IngestionReport['differences']> {
  if (!client || !dataset || existing?.pid === undefined || !existing.readable) return undefined;
  // What a dry run of something new does without is loaded when it is needed.
  const { differencesOf, storedDataset, wantedDataset } = await import('./report/datasetDifferences.ts');
  try {
    const stored = await storedDataset(client, existing.pid);
    const wanted = await wantedDataset(publishedDataset(dataset, published), client, config);
    return stored && wanted && differencesOf(wanted, stored);
  } catch (error) {
    if (error instanceof ScicatError && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}

/** As `dryRun`, with what a store knows of a folder. @param store opened only for a folder that SciCat is asked about */
export async function dryRunHere(request: IngestionRequest, store: () => Promise<JobStore>): Promise<IngestionReport> {
  return dryRun(request, request.folder === undefined || !request.client ? undefined : await store());
}

// What a dry run of a file does without is loaded when it is needed.
async function beforeOf(store: JobStore, folder: string, host: string): Promise<MadeFolder | undefined> {
  const { madeOfFolder } = await import('./store/madeFolders.ts');
  return madeOfFolder(store, folder, host);
}

/** The outcome of a run that came to no plan. */
export function stoppedAs({ verdict }: PreparedIngestion): 'already-present' | 'failed' {
  return verdict === 'already-present' ? 'already-present' : 'failed';
}

/** What would become of a plan, as far as it can be told. */
function outcomeOf({ problems, evaluation }: PreparedIngestion): IngestionReport['outcome'] {
  if (problems.some(({ code }) => code === 'scicat-refuses')) return 'refused';
  return evaluation && unansweredIn(evaluation).length > 0 ? 'unknown' : 'planned';
}

/** The step that sends the files of a prepared ingestion. */
export function filesStep(
  { config }: IngestionRequest,
  { entries }: PreparedIngestion,
): Omit<FilesStep, 'id' | 'kind'> {
  const files = config.ingestion.file_handling;
  return {
    entries,
    describe: {
      computeFileStats: files.compute_file_stats,
      computeFileHash: files.compute_file_hash,
      fileHashAlgorithm: files.file_hash_algorithm,
    },
  };
}

/** The report of a run that did not come to prepare anything. */
export function failedReport(problems: readonly Problem[]): IngestionReport {
  return reportOf(nothingPrepared, 'failed', problems);
}

const nothingPrepared: PreparedIngestion = {
  verdict: 'failed',
  selection: undefined,
  schema: undefined,
  evaluation: undefined,
  dataset: undefined,
  existing: undefined,
  incomplete: undefined,
  plan: undefined,
  entries: [],
  problems: [],
};

/** What is told of an ingestion that was prepared, as far as it came. */
export function reportOf(
  prepared: PreparedIngestion,
  outcome: IngestionReport['outcome'],
  more: readonly Problem[] = [],
  blocks: ReportedBlocks = new BlockRecord(),
): IngestionReport {
  return {
    outcome,
    prepared,
    execution: undefined,
    origDatablocks: blocks,
    problems: [...prepared.problems, ...more],
  };
}
