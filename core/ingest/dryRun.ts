import type { Problem } from '../imsc/problems.ts';
import { valueFromJsonText, valueFromPlain } from '../imsc/jsonText.ts';
import { FileError } from './fileError.ts';
import { prepareIngestion } from './ingestion.ts';
import type { IngestionRequest, PreparedIngestion } from './ingestion.ts';
import { filesOf } from './ingestionSteps.ts';
import type { FilesStep } from './ingestionSteps.ts';
import { absolutePath } from './pathlibPath.ts';
import { origDatablocks } from './plan.ts';
import type { OrigDatablock, Plan } from './plan.ts';
import type { IngestionReport, ReportedRequest } from './report.ts';

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

/** The step that sends the files of a prepared ingestion. */
export function filesStep(
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

/** The report of a run that did not come to prepare anything. */
export function failedReport(problems: readonly Problem[]): IngestionReport {
  return reportOf(nothingPrepared, [], 'failed', problems);
}

/** Of a run that did not come that far. */
export const nothingPrepared: PreparedIngestion = {
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

/** What is told of an ingestion that was prepared, as far as it came. */
export function reportOf(
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
      // Made when somebody looks: of 100,000 files it is large, and most often nobody does.
      get body() {
        return valueFromPlain(block);
      },
    })),
  ];
}
