import { identifyDataFile } from '../files/dataFileIdentity.ts';
import { FileError } from '../files/fileError.ts';
import { absolutePath } from '../files/pathlibPath.ts';
import { stepsOf } from '../ingest/plan/planSteps.ts';
import { subjectOf } from '../ingest/prepare.ts';
import { problem } from '../problems/problem.ts';
import { absolute, carryOutRun } from './carryOutRun.ts';
import { failedReport, filesStep, reportOf, stoppedAs } from './dryRun.ts';
import type { HeldDataFile } from './holdDataFile.ts';
import { archiveJobPrefix, details, preparingSteps } from './job.ts';
import { keepExtraction } from './keepExtraction.ts';
import { isStopping } from './stopping.ts';
import type { JobEvent } from './lifecycle.ts';
import type { IngestionReport } from './report/report.ts';
import { finish } from './steps/finish.ts';
import { requestOf } from './steps/prepare.ts';
import { removeUnpacked } from './steps/stage.ts';
import { steps } from './steps/steps.ts';
import type { Circumstances, Stopped, Work } from './steps/work.ts';
import type { Journal } from './store/journal.ts';
import type { OpenJob } from './store/openJob.ts';

/**
 * Carries out a job from its first step that is not done, until it has ended or waits for something; then it is closed.
 * @param held where the caller holds the data file already
 * @throws what is a bug, and nothing that a user, the network or the disk could cause
 */
export async function carryOut(
  job: OpenJob,
  journal: Journal,
  circumstances: Circumstances,
  held?: HeldDataFile,
): Promise<IngestionReport> {
  const signal = circumstances.signal ? AbortSignal.any([circumstances.signal, job.cancelled]) : job.cancelled;
  const work: Work = { job, journal, circumstances, signal, problems: [], isHeld: held !== undefined };
  try {
    const stopped = await prepare(work);
    if (stopped) return await stop(work, stopped);
    return await load(work);
  } catch (error) {
    if (isStopping(signal)) {
      await job.close();
      return failedReport(work.problems);
    }
    if (signal.aborted)
      return await stop(work, { event: { kind: 'cancel' } }, failedReport([...work.problems, calledOff]));
    const found = error instanceof FileError ? [error.toProblem()] : [];
    const report = failedReport([...work.problems, ...found]);
    const event: JobEvent = isBusy(error) ? waitsForOthers(error) : { kind: 'fail' };
    await stop(work, { event, findings: { statusDetail: details(report.problems) } }, report);
    if (error instanceof FileError) return report;
    throw error;
  } finally {
    await work.release?.();
  }
}

const calledOff = problem('cancelled', 'Cancelled before anything was sent.');
/** Milliseconds until it is looked again whether another process has finished with the file. */
const busyMs = 5_000;

function isBusy(error: unknown): error is FileError {
  return error instanceof FileError && error.code === 'journal-busy';
}

function waitsForOthers({ message }: FileError): JobEvent {
  return { kind: 'hold', hold: { for: 'retry', until: new Date(Date.now() + busyMs).toISOString(), reason: message } };
}

/** The steps before anything is sent, one after the other. */
async function prepare(work: Work): Promise<Stopped | undefined> {
  for (const name of preparingSteps) {
    work.signal.throwIfAborted();
    await work.job.step(name, 'started');
    const stopped = await steps[name](work);
    if (stopped) {
      // It has come to its end, whatever that is; only what is tried again has not.
      if (stopped.event.kind === 'finish' || stopped.event.kind === 'reject') await work.job.step(name, 'done');
      return stopped;
    }
    await work.job.step(name, 'done');
  }
  const { record } = work.job;
  const found = { statusDetail: details([...work.problems, ...(work.prepared?.problems ?? [])]) };
  if (record.status === 'deposited') await work.job.happens([{ kind: 'verify' }], found);
  if (record.request.options.dryRun || record.kind === 'extraction')
    return { event: { kind: 'finish', outcome: 'dry-run' } };
  if (record.request.options.needsApproval === true && record.status === 'deposited')
    return { event: { kind: 'hold', hold: { for: 'approval' } } };
  return undefined;
}

/** Ends a job, or leaves it where it waits. */
async function stop(work: Work, { event, findings }: Stopped, known?: IngestionReport): Promise<IngestionReport> {
  const { job, prepared, problems } = work;
  const outcome = prepared ? stoppedAs(prepared) : 'failed';
  const report = known ?? (prepared ? reportOf(prepared, outcome, problems) : failedReport(problems));
  if (job.record.kind === 'extraction' && prepared) await keepExtraction(job, prepared, report.problems);
  const isThere = event.kind === 'finish' && event.outcome === 'already-present';
  const last = isThere ? await finish(job, findings?.pid) : {};
  const found = { statusDetail: details(report.problems), ...findings, ...last };
  try {
    if (event.kind === 'hold') {
      await job.happens([event], found);
      await job.close();
    } else {
      // Of what it had begun to load, SciCat may have a dataset.
      if (!job.record.hasLoaded) await removeUnpacked(job.record);
      await job.ends(event, found);
      await job.putAway();
    }
  } catch (error) {
    await job.close();
    if (!(error instanceof FileError)) throw error;
    return { ...report, problems: [...report.problems, error.toProblem()] };
  }
  return report;
}

/** Plans a job and carries the plan out. Before anything is sent, the plan is on disk. */
async function load(work: Work): Promise<IngestionReport> {
  const { job, journal, circumstances, prepared, payload } = work;
  if (!prepared?.plan || !payload) throw new Error('A job without a plan cannot be loaded.');
  if (circumstances.confirm && !(await circumstances.confirm(prepared))) {
    const problems = [problem('cancelled', 'Called off before anything was sent.')];
    return stop(work, { event: { kind: 'cancel' } }, reportOf(prepared, 'failed', [...work.problems, ...problems]));
  }
  const request = requestOf(work, payload);
  const { config } = circumstances;
  const run = await journal.startRun(
    {
      planId: prepared.plan.pid ?? prepared.plan.dataFile,
      host: config.scicat.host,
      configFile: config.config_file === '' ? undefined : absolutePath(config.config_file),
      dataFile: await identifyDataFile(subjectOf(request)),
    },
    stepsOf(prepared.plan, filesStep(request, prepared)),
    absolute(payload.moreFiles),
    job,
  );
  if (prepared.incomplete) {
    await run.recordDone('dataset', prepared.incomplete.pid);
    // Whoever left it like that may have asked for its jobs.
    for (const { name } of prepared.plan.archiveJobs?.jobs ?? []) await run.recordStarted(archiveJobPrefix + name);
  }
  return carryOutRun({ ...circumstances, signal: work.signal }, prepared, run, work.problems);
}
