import { createHash } from 'node:crypto';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import type { ScicatClient } from '../scicat/client.ts';
import { CatalogueAddress } from '../scicat/catalogueAddress.ts';
import { tokenProblems } from '../ingest/sources/connect.ts';
import { failedReport, filesStep, reportOf, stoppedAs } from './dryRun.ts';
import { execute } from './steps/load.ts';
import type { ExecuteOptions, ExecutionResult } from './steps/load.ts';
import type { Batches } from '../files/expandPaths.ts';
import { FileError } from '../files/fileError.ts';
import { evaluateIngestion, prepareIngestion, subjectOf } from '../ingest/prepare.ts';
import type { IngestionRequest, PreparedIngestion } from '../ingest/prepare.ts';
import { stepsOf } from '../ingest/plan/planSteps.ts';
import type { IngestionStep } from '../ingest/plan/planSteps.ts';
import type { Journal } from './store/jobStore.ts';
import type { JournalRun } from './store/journalRun.ts';
import type { OpenJob } from './store/openJob.ts';
import { details } from './job.ts';
import type { JobEvent } from './lifecycle.ts';
import type { JobRequest } from './request.ts';
import type { Config } from '../config/configOptions.ts';
import { compareDataFiles, identifyDataFile } from '../files/dataFileIdentity.ts';
import type { RunEntry, RunHeader } from './store/jobRecord.ts';
import { hasSent, takeUp } from './takeUp.ts';
import { limitsOf, plannedDataset } from '../ingest/plan/plan.ts';
import { replan } from './replan.ts';
import type { Replanned } from './replan.ts';
import { refusedFields } from '../ingest/dataset/refusedFields.ts';
import type { SendOptions } from './steps/sendOnce.ts';
import { absolutePath } from '../files/pathlibPath.ts';
import type { IngestionReport } from './report/report.ts';
import { BlockRecord } from './report/reportedBlocks.ts';

/** What is to be ingested, and with what. */
export interface AskedIngestion extends IngestionRequest {
  readonly client: ScicatClient;
  /** The further files and folders as they were named; `moreFiles` is what is in them. */
  readonly include?: readonly string[] | undefined;
}

export interface IngestionOptions extends Omit<SendOptions, 'signal'> {
  readonly onExecution?: ExecuteOptions['onProgress'];
  /** Told once the plan stands and before anything is written; false calls it off. */
  readonly confirm?: (prepared: PreparedIngestion) => Promise<boolean>;
}

/**
 * One ingestion, start to end, kept in the journal. A run of the same file that was interrupted before is finished
 * instead of starting another; two processes with the same file make one dataset.
 */
export async function ingest(
  request: AskedIngestion,
  journal: Journal,
  options: IngestionOptions = {},
): Promise<IngestionReport> {
  const { config } = request;
  const token = tokenProblems(config.scicat);
  if (token.some(({ severity }) => severity === 'error')) return failedReport(token);
  const report = await ingestLocked(request, journal, options);
  return { ...report, problems: [...token, ...report.problems] };
}

/** Keeps other processes from this file until it is ingested. */
async function ingestLocked(
  request: AskedIngestion,
  journal: Journal,
  options: IngestionOptions,
): Promise<IngestionReport> {
  const { config } = request;
  let lock;
  try {
    lock = await journal.lockDataFile(subjectOf(request), config.scicat.host);
  } catch (error) {
    return reportOfFailure(error);
  }
  try {
    const { earlier, problems } = await earlierRun(journal, request);
    if (problems.some(({ severity }) => severity === 'error')) return failedReport(problems);
    const running = earlier ? goOn(request, journal, earlier, options) : begin(request, journal, options);
    const report = await running.catch(reportOfFailure);
    return { ...report, problems: [...problems, ...report.problems] };
  } catch (error) {
    return reportOfFailure(error);
  } finally {
    await lock.release();
    await journal.tidy();
  }
}

/** @throws again what has nothing to do with files */
function reportOfFailure(error: unknown): IngestionReport {
  if (!(error instanceof FileError)) throw error;
  return failedReport([error.toProblem()]);
}

async function begin(request: AskedIngestion, journal: Journal, options: IngestionOptions): Promise<IngestionReport> {
  const job = await journal.createJob(recorded(request));
  const signal = request.signal ? AbortSignal.any([request.signal, job.cancelled]) : job.cancelled;
  const stopped = async ({ report, event, pid }: Stopped): Promise<IngestionReport> => {
    await job.ends(event, { statusDetail: details(report.problems), pid });
    await job.putAway();
    return report;
  };
  let begun: Begun | Stopped;
  try {
    begun = await plan({ ...request, signal }, journal, options, job);
  } catch (error) {
    if (signal.aborted) return stopped({ report: failedReport([calledOff]), event: { kind: 'cancel' } });
    const report = failedReport(error instanceof FileError ? [error.toProblem()] : []);
    await stopped({ report, event: { kind: 'fail' } });
    if (error instanceof FileError) return report;
    throw error;
  }
  return 'run' in begun ? carryOut(request, begun.prepared, begun.run, options) : stopped(begun);
}

interface Begun {
  readonly prepared: PreparedIngestion;
  readonly run: JournalRun<IngestionStep>;
}

/** A job that came to no plan. */
interface Stopped {
  readonly report: IngestionReport;
  readonly event: JobEvent;
  readonly pid?: string | undefined;
}

const calledOff = problem('cancelled', 'Cancelled before anything was sent.');

/** Plans a job. When it returns with a run, its plan is on disk. */
async function plan(
  request: AskedIngestion,
  journal: Journal,
  options: IngestionOptions,
  job: OpenJob,
): Promise<Begun | Stopped> {
  const { config } = request;
  const prepared = await prepareIngestion(request);
  if (prepared.verdict !== 'ready' || !prepared.plan) {
    const report = reportOf(prepared, stoppedAs(prepared));
    return { report, event: stops[prepared.verdict], pid: prepared.existing?.pid };
  }
  if (options.confirm && !(await options.confirm(prepared))) {
    const problems = [problem('cancelled', 'Called off before anything was sent.')];
    return { report: reportOf(prepared, 'failed', problems), event: { kind: 'cancel' } };
  }
  const run = await journal.startRun(
    {
      planId: prepared.plan.pid ?? prepared.plan.dataFile,
      host: config.scicat.host,
      configFile: fileOf(config),
      dataFile: await identifyDataFile(subjectOf(request)),
    },
    stepsOf(prepared.plan, filesStep(request, prepared)),
    absolute(request.moreFiles),
    job,
  );
  if (prepared.incomplete) await run.recordDone('dataset', prepared.incomplete.pid);
  return { prepared, run };
}

/** What a preparation that comes to no plan is for a job. */
const stops: Readonly<Record<PreparedIngestion['verdict'], JobEvent>> = {
  'already-present': { kind: 'finish', outcome: 'already-present' },
  failed: { kind: 'reject' },
  unanswered: { kind: 'fail' },
  ready: { kind: 'fail' },
};

/** What is asked for, as the record of the job has it. */
function recorded(asked: AskedIngestion): JobRequest {
  const { messageFile, schemaFile, config, include = [] } = asked;
  return {
    dataFile: absolutePath(subjectOf(asked)),
    include: include.map((each) => absolutePath(each)),
    messageFile,
    schemaFile: schemaFile === undefined ? undefined : absolutePath(schemaFile),
    configFile: fileOf(config),
    host: config.scicat.host,
    options: { dryRun: false },
  };
}

function fileOf({ config_file: file }: Config): string | undefined {
  return file === '' ? undefined : absolutePath(file);
}

/**
 * The unfinished run of this file into this SciCat that must be finished first. One of which nothing was sent is given
 * up: the schema or the configuration may have been mended since.
 */
async function earlierRun(
  journal: Journal,
  request: IngestionRequest,
): Promise<{ readonly earlier?: RunEntry; readonly problems: readonly Problem[] }> {
  const { config } = request;
  const { runs, damaged, problems: found, unplanned } = await journal.openRuns();
  const problems = [...found];
  const file = await identifyDataFile(subjectOf(request)).catch(() => undefined);
  // A file that is not there has no runs to finish; that it is not there is said when it is opened.
  if (!file) return { problems };
  const catalogue = CatalogueAddress.identityOf(config.scicat.host);
  for (const { id, request: asked } of unplanned) {
    const isOurs = asked.dataFile === file.path && CatalogueAddress.identityOf(asked.host) === catalogue;
    // Its process was killed: nobody else is at this file now.
    if (isOurs) await journal.giveUp(id);
  }
  const compare = async ({ dataFile, host }: RunHeader): Promise<'same' | 'replaced' | 'other'> =>
    CatalogueAddress.identityOf(host) === catalogue ? compareDataFiles(dataFile, file) : 'other';
  for (const { header, problem: about } of damaged) {
    if (!header || (await compare(header)) !== 'same') continue;
    problems[problems.indexOf(about)] = { ...about, severity: 'error' };
  }
  for (const run of runs) {
    const { runId, created, dataFile } = run.header;
    const is = await compare(run.header);
    if (is === 'other') continue;
    if (await journal.giveUp(runId, (now) => !hasSent(now))) continue;
    if (is === 'same') return { earlier: run, problems };
    const message =
      `An earlier file of this name, ${dataFile.path}, was replaced after its ingestion of ${created} was interrupted; this one is ` +
      `a file of its own. “imsc resume --run ${runId}” tells what can be done about the other one.`;
    problems.push(problem('data-file-changed', message, undefined, { severity: 'warning' }));
  }
  return { problems };
}

/** Finishes a run that was interrupted. */
async function goOn(
  request: AskedIngestion,
  journal: Journal,
  earlier: RunEntry,
  options: IngestionOptions,
): Promise<IngestionReport> {
  const taken = await takeUp(journal, earlier);
  if ('problem' in taken) return failedReport([taken.problem]);
  const { run } = taken;
  let prepared: PreparedIngestion;
  let replanned: Replanned | undefined;
  try {
    prepared = await preparedBefore(request, run);
    replanned = await replan(request, run);
  } catch (error) {
    await run.close();
    throw error;
  }
  return carryOut(request, prepared, run, options, replanned);
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

async function* absolute(files: Batches<string> = []): AsyncGenerator<readonly string[], void> {
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

async function carryOut(
  request: AskedIngestion,
  prepared: PreparedIngestion,
  run: JournalRun<IngestionStep>,
  options: IngestionOptions,
  replanned?: Replanned,
): Promise<IngestionReport> {
  const blocks = new BlockRecord(request.keepLists);
  const execution = await executeAndClose(run, request.client, {
    attempts: request.config.scicat.max_tries,
    ...options,
    replanned: replanned?.files,
    limits: limitsOf(request.config),
    signal: request.signal,
    onProgress: options.onExecution,
    onBlock: (block) => blocks.add(block),
  });
  blocks.pid = execution.pid;
  const problems = [...(replanned?.problems ?? []), ...execution.problems];
  const report = reportOf(prepared, execution.outcome, problems, blocks);
  return { ...report, problems: withoutForeseen(report.problems), execution };
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
    if (result.outcome === 'ingested') await run.finish('done', undefined, found);
    else if (result.nothingSent && !result.mayWorkLater) await run.finish('failed', result.problems[0]?.message, found);
    else await run.close(signal.aborted ? { kind: 'cancel' } : left(result), found);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // What was done is done; “imsc resume” will find nothing left to do.
    unkept.push({ ...error.toProblem(), severity: 'warning' });
  }
  const dataset = run.steps.find((step) => step.kind === 'dataset');
  const refused = dataset ? await refusedFields(result.refused, dataset.plan) : [];
  return { ...result, problems: [...result.problems, ...unkept, ...refused] };
}

/** How a job stands that is left to be resumed: what may work later has not failed. */
function left({ mayWorkLater, problems }: ExecutionResult): JobEvent {
  if (!mayWorkLater) return { kind: 'fail' };
  const reason = problems.at(-1)?.message ?? '';
  return { kind: 'hold', hold: { for: 'retry', until: new Date().toISOString(), reason } };
}
