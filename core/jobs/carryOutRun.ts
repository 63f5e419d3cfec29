import { createHash } from 'node:crypto';
import { evaluateIngestion } from '../ingest/prepare.ts';
import type { IngestionRequest, PreparedIngestion } from '../ingest/prepare.ts';
import type { PreparingNews } from '../ingest/preparingNews.ts';
import { limitsOf, plannedDataset } from '../ingest/plan/plan.ts';
import type { IngestionStep } from '../ingest/plan/planSteps.ts';
import { refusedFields } from '../ingest/dataset/refusedFields.ts';
import type { Batches } from '../files/expandPaths.ts';
import { FileError } from '../files/fileError.ts';
import { absolutePath } from '../files/pathlibPath.ts';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { failedReport, reportOf } from './dryRun.ts';
import { details } from './job.ts';
import { waitsForRetry } from './retry.ts';
import { isStopping } from './stopping.ts';
import { replan } from './resuming/replan.ts';
import type { Replanned } from './resuming/replan.ts';
import type { IngestionReport } from './report/report.ts';
import { BlockRecord } from './report/reportedBlocks.ts';
import { finish } from './steps/finish.ts';
import { execute } from './steps/load.ts';
import type { ExecuteOptions, ExecutionResult } from './steps/load.ts';
import type { SendOptions } from './steps/sendOnce.ts';
import { removeUnpacked } from './steps/stage.ts';
import type { Circumstances } from './steps/work.ts';
import type { RunEntry } from './store/jobRecord.ts';
import type { Journal } from './store/journal.ts';
import type { JournalRun } from './store/journalRun.ts';
import { takeUp } from './resuming/takeUp.ts';

/** Finishes a run that was interrupted. */
export async function goOn(
  request: IngestionRequest & Circumstances,
  journal: Journal,
  earlier: RunEntry,
): Promise<IngestionReport> {
  const taken = await takeUp(journal, earlier);
  if ('problem' in taken) return failedReport([taken.problem]);
  const { run } = taken;
  let prepared: PreparedIngestion;
  let replanned: Replanned | undefined;
  try {
    const told = {
      ...request,
      onNews: (news: PreparingNews): void => {
        run.job.tell(news);
      },
    };
    prepared = await preparedBefore(told, run);
    replanned = await replan(told, run);
  } catch (error) {
    await run.close();
    throw error;
  }
  return carryOutRun(request, prepared, run, [], replanned);
}

/** What was prepared for a run of the journal, as far as it is known there; the rest as it is now. */
async function preparedBefore(request: IngestionRequest, run: JournalRun<IngestionStep>): Promise<PreparedIngestion> {
  // Only shown; a file that cannot be evaluated any more is ingested as planned.
  const evaluated = await evaluateIngestion(request);
  const differs = !(await areSame(absolute(request.moreFiles), run.list));
  const message =
    `An ingestion of this file was interrupted; it is finished instead of starting another (begun ${run.header.created}).` +
    (differs ? ' It has the further files that were named then, not those of now.' : '');
  const plan = run.steps.find((step) => step.kind === 'dataset')?.plan;
  return {
    ...evaluated,
    verdict: 'ready',
    dataset: plan && plannedDataset(plan),
    existing: undefined,
    incomplete: undefined,
    plan,
    entries: run.steps.find((step) => step.kind === 'files')?.entries ?? [],
    problems: [problem('run-resumed', message, undefined, differs ? { severity: 'warning' } : {})],
  };
}

/** The files by their whole paths. */
export async function* absolute(files: Batches<string> = []): AsyncGenerator<readonly string[], void> {
  for await (const batch of files) yield batch.map((file) => absolutePath(file));
}

/** Whether two lists of files are the same; what cannot be listed any more is not. */
async function areSame(one: Batches<string>, other: Batches<string>): Promise<boolean> {
  const digest = async (list: Batches<string>): Promise<string> => {
    const hash = createHash('sha256');
    for await (const batch of list) for (const file of batch) hash.update(`${file}\0`);
    return hash.digest('hex');
  };
  try {
    return (await digest(one)) === (await digest(other));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return false;
  }
}

/** Carries out a plan, and tells what came of it. @param found what was found before */
export async function carryOutRun(
  circumstances: Circumstances,
  prepared: PreparedIngestion,
  run: JournalRun<IngestionStep>,
  found: readonly Problem[],
  replanned?: Replanned,
): Promise<IngestionReport> {
  const { config, client, keepLists, signal, ...more } = circumstances;
  const blocks = new BlockRecord(keepLists);
  const execution = await executeAndClose(run, client, {
    attempts: config.scicat.max_tries,
    ...sendingOf(more),
    replanned: replanned?.files,
    limits: limitsOf(config),
    signal,
    onBlock: (block) => blocks.add(block),
  });
  blocks.pid = execution.pid;
  const problems = [...found, ...(replanned?.problems ?? []), ...execution.problems];
  const report = reportOf(prepared, execution.outcome, problems, blocks);
  return { ...report, problems: withoutForeseen(report.problems), execution };
}

function sendingOf({ attempts, firstDelay, delayAfterTimeout, unclearSteps }: SendOptions): SendOptions {
  return {
    ...(attempts !== undefined && { attempts }),
    ...(firstDelay !== undefined && { firstDelay }),
    ...(delayAfterTimeout !== undefined && { delayAfterTimeout }),
    ...(unclearSteps !== undefined && { unclearSteps }),
  };
}

/** What was foreseen of a field is left out where SciCat has said it. */
function withoutForeseen(problems: readonly Problem[]): Problem[] {
  const said = new Set(problems.flatMap(({ code, range }) => (code === 'field-refused' ? [range?.start] : [])));
  return problems.filter(
    ({ code, range }) => code !== 'scicat-refuses' || range === undefined || !said.has(range.start),
  );
}

/**
 * Carries out a run of the journal and closes it: finished where it is done, or where nothing of it was sent and never
 * will be; otherwise left for resuming. What SciCat refused is led back to the schema.
 */
export async function executeAndClose(
  run: JournalRun<IngestionStep>,
  client: ScicatClient,
  options: ExecuteOptions,
): Promise<ExecutionResult> {
  const { cancelled } = run.job;
  const signal = options.signal ? AbortSignal.any([options.signal, cancelled]) : cancelled;
  let result: ExecutionResult;
  try {
    await run.job.load();
    result = await execute(run, client, { ...options, signal });
  } catch (error) {
    // A bug: the run stays, and another process may take it up.
    await run.close();
    throw error;
  }
  const unkept: Problem[] = [];
  try {
    const { pid } = result;
    const found = { statusDetail: details(result.problems), pid };
    if (result.outcome === 'ingested')
      await run.finish('done', undefined, { ...found, ...(await finish(run.job, pid)) });
    else if (result.nothingSent && !result.mayWorkLater) {
      await removeUnpacked(run.job.record);
      await run.finish('failed', result.problems[0]?.message, found);
    } else if (isStopping(signal)) await run.close();
    else if (signal.aborted) await run.close({ kind: 'cancel' }, found);
    else {
      const waiting = waitsForRetry(run.job.record, result.problems.at(-1)?.message ?? '');
      if (result.mayWorkLater) await run.close(waiting.event, { ...found, ...waiting.findings });
      else await run.close({ kind: 'fail' }, found);
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // What was done is done; “imsc resume” will find nothing left to do.
    unkept.push({ ...error.toProblem(), severity: 'warning' });
  }
  const dataset = run.steps.find((step) => step.kind === 'dataset');
  const refused = dataset ? await refusedFields(result.refused, dataset.plan) : [];
  return { ...result, problems: [...result.problems, ...unkept, ...refused] };
}
