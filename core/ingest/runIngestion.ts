import { problem } from '../imsc/problems.ts';
import type { Problem } from '../imsc/problems.ts';
import { valueFromJsonText, valueFromPlain } from '../imsc/jsonText.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { execute } from './execute.ts';
import type { ExecuteOptions, ExecutionResult } from './execute.ts';
import { FileError } from './fileError.ts';
import { prepareIngestion } from './ingestion.ts';
import type { IngestionRequest, PreparedIngestion } from './ingestion.ts';
import { filesOf, isIngestionStep, stepsOf } from './ingestionSteps.ts';
import type { FilesStep, IngestionStep } from './ingestionSteps.ts';
import type { Journal, JournalRun } from './journal.ts';
import { identifyFile } from './journalEntry.ts';
import type { RunEntry } from './journalEntry.ts';
import { origDatablocks } from './plan.ts';
import type { OrigDatablock, Plan } from './plan.ts';
import { absolutePath } from './pathlibPath.ts';
import type { IngestionReport, ReportedRequest } from './report.ts';

export interface IngestionOptions extends Pick<ExecuteOptions, 'unclearSteps' | 'attempts' | 'firstDelay'> {
  readonly onExecution?: ExecuteOptions['onProgress'];
  /** Told once the plan stands and before anything is written; false calls it off. */
  readonly confirm?: (prepared: PreparedIngestion) => Promise<boolean>;
}

/** Everything but writing: nothing is sent, no file is made, no journal is kept. */
export async function dryRun(request: IngestionRequest): Promise<IngestionReport> {
  const prepared = await prepareIngestion(request);
  if (prepared.verdict !== 'ready' || !prepared.plan) {
    return reportOf(prepared, [], prepared.verdict === 'already-present' ? 'already-present' : 'failed');
  }
  try {
    const files = filesStep(request, prepared);
    const blocks: OrigDatablock[] = [];
    for await (const block of origDatablocks(prepared.plan, filesOf({ id: '', kind: 'files', ...files }, 0, request))) {
      blocks.push(block);
    }
    return reportOf(prepared, blocks, 'planned');
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return reportOf(prepared, [], 'failed', [error.toProblem()]);
  }
}

/**
 * One ingestion, start to end, kept in the journal. A run of the same file that was interrupted before is finished
 * instead of starting another; two processes with the same file make one dataset.
 */
export async function ingest(
  request: IngestionRequest & { readonly client: ScicatClient },
  journal: Journal,
  options: IngestionOptions = {},
): Promise<IngestionReport> {
  const { config } = request;
  let lock;
  try {
    lock = await journal.lockDataFile(config.nexus_file, config.scicat.host);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return reportOf(nothingPrepared, [], 'failed', [error.toProblem()]);
  }
  try {
    const earlier = await unfinishedRun(journal, request);
    if (earlier) {
      const prepared = await prepareIngestion({ ...request, client: undefined, signal: request.signal });
      return await carryOut(
        request,
        { ...prepared, problems: [] },
        await journal.resumeRun(earlier.header.runId, isIngestionStep),
        options,
      );
    }
    const prepared = await prepareIngestion(request);
    if (prepared.verdict !== 'ready' || !prepared.plan) {
      return reportOf(prepared, [], prepared.verdict === 'already-present' ? 'already-present' : 'failed');
    }
    if (options.confirm && !(await options.confirm(prepared))) {
      return reportOf(prepared, [], 'failed', [problem('cancelled', 'Called off before anything was sent.')]);
    }
    const steps = stepsOf(prepared.plan, filesStep(request, prepared));
    const run = await journal.startRun(
      {
        planId: prepared.plan.pid ?? prepared.plan.dataFile,
        host: config.scicat.host,
        configFile: config.config_file === '' ? undefined : absolutePath(config.config_file),
        dataFile: await identifyFile(config.nexus_file),
      },
      steps,
    );
    return await carryOut(request, prepared, { run }, options);
  } finally {
    await lock.release();
  }
}

/** An unfinished run of this very file into this SciCat. */
async function unfinishedRun(journal: Journal, { config }: IngestionRequest): Promise<RunEntry | undefined> {
  const { runs } = await journal.listRuns();
  const open = runs.filter(({ header }) => header.finished === undefined && header.host === config.scicat.host);
  if (open.length === 0) return undefined;
  const now = await identifyFile(config.nexus_file).catch(() => undefined);
  return open.find(
    ({ header: { dataFile } }) =>
      dataFile.path === now?.path && dataFile.size === now.size && dataFile.mtimeMs === now.mtimeMs,
  );
}

async function carryOut(
  request: IngestionRequest & { readonly client: ScicatClient },
  prepared: PreparedIngestion,
  taken: { readonly run: JournalRun<IngestionStep> } | { readonly problem: Problem },
  options: IngestionOptions,
): Promise<IngestionReport> {
  if ('problem' in taken) return reportOf(prepared, [], 'failed', [taken.problem]);
  const blocks: OrigDatablock[] = [];
  const execution = await executeAndClose(taken.run, request.client, {
    ...options,
    signal: request.signal,
    workerFile: request.workerFile,
    onProgress: options.onExecution,
    onBlock: (block) => blocks.push(block),
  });
  const { pid } = execution;
  const sent = pid === undefined ? blocks : blocks.map((block) => ({ datasetId: pid, ...block }));
  return { ...reportOf(prepared, sent, execution.outcome, execution.problems), execution };
}

/**
 * Carries out a run of the journal and closes it: finished where it is done or nothing of it was sent, otherwise left
 * for resuming.
 */
export async function executeAndClose(
  run: JournalRun<IngestionStep>,
  client: ScicatClient,
  options: ExecuteOptions,
): Promise<ExecutionResult> {
  const result = await execute(run, client, options);
  if (result.outcome === 'ingested') await run.finish('done');
  else if (result.nothingSent) await run.finish('failed', result.problems[0]?.message);
  else await run.close();
  return result;
}

function filesStep(
  { config, moreFiles = [] }: IngestionRequest,
  { entries }: PreparedIngestion,
): Omit<FilesStep, 'id' | 'kind'> {
  const files = config.ingestion.file_handling;
  return {
    entries,
    moreFiles: moreFiles.map((file) => absolutePath(file)),
    describe: {
      computeFileStats: files.compute_file_stats,
      computeFileHash: files.compute_file_hash,
      fileHashAlgorithm: files.file_hash_algorithm,
    },
  };
}

const nothingPrepared: PreparedIngestion = {
  verdict: 'failed',
  selection: undefined,
  schema: undefined,
  evaluation: undefined,
  dataset: undefined,
  existing: undefined,
  plan: undefined,
  entries: [],
  problems: [],
};

function reportOf(
  prepared: PreparedIngestion,
  blocks: readonly OrigDatablock[],
  outcome: IngestionReport['outcome'],
  more: readonly Problem[] = [],
): IngestionReport {
  return {
    outcome,
    prepared,
    execution: undefined,
    origDatablocks: blocks,
    requests: prepared.plan ? requestsOf(prepared.plan, blocks) : [],
    problems: [...prepared.problems, ...more],
  };
}

function requestsOf(plan: Plan, blocks: readonly OrigDatablock[]): ReportedRequest[] {
  const host = plan.host.replace(/\/+$/, '');
  return [
    { method: 'POST', url: `${host}/datasets`, body: valueFromJsonText(plan.datasetJson) },
    ...blocks.map((block): ReportedRequest => ({
      method: 'POST',
      url: `${host}/origdatablocks`,
      body: valueFromPlain(block),
    })),
  ];
}
