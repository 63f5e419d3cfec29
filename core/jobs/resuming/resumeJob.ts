import { loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/configOptions.ts';
import { limitsOf } from '../../ingest/plan/plan.ts';
import type { PreparingNews } from '../../ingest/preparingNews.ts';
import { connect, tokenProblems } from '../../ingest/sources/connect.ts';
import type { ConnectOptions } from '../../ingest/sources/connect.ts';
import type { Problem } from '../../problems/problem.ts';
import { problem } from '../../problems/problem.ts';
import { ScicatError } from '../../scicat/errors.ts';
import { settleAmendment } from '../amend.ts';
import { replan } from './replan.ts';
import { carryOut } from '../carryOut.ts';
import { executeAndClose } from '../carryOutRun.ts';
import { endStates, transition } from '../lifecycle.ts';
import type { Refused } from '../lifecycle.ts';
import type { Circumstances } from '../steps/work.ts';
import type { ExecuteOptions, LoadOutcome } from '../steps/load.ts';
import { readRunEntry } from '../store/jobRecord.ts';
import type { RunEntry } from '../store/jobRecord.ts';
import type { Journal } from '../store/journal.ts';
import type { OpenJob } from '../store/openJob.ts';
import { takeUp } from './takeUp.ts';
import type { TakeUpOptions } from './takeUp.ts';

export interface ResumeOptions extends TakeUpOptions, Pick<ExecuteOptions, 'unclearSteps' | 'assumedPid'> {
  readonly signal?: AbortSignal | undefined;
  /** Where it names no configuration file, that of the job is used; SciCat is that of the job in any case. */
  readonly config: Config;
  /** Where data stay that were sent. */
  readonly storage?: string | undefined;
}

/** What became of a job that was resumed. */
export interface Resumption {
  readonly outcome: LoadOutcome;
  readonly pid: string | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Finishes a run that was interrupted, at the first step that is not done. What stands in SciCat already is not sent
 * again.
 * @throws FileError where the journal cannot be written
 */
export async function resumeRun(
  journal: Journal,
  entry: RunEntry,
  { config: given, signal, asPlanned, unclearSteps, assumedPid }: ResumeOptions,
): Promise<Resumption> {
  const { host, configFile, runId } = entry.header;
  const config = configFor(given, configFile);
  const token = tokenProblems(config.scicat);
  const failed = (...problems: readonly Problem[]): Resumption => ({ outcome: 'failed', pid: undefined, problems });
  if (token.some(({ severity }) => severity === 'error')) return failed(...token);
  const client = connect({ ...config.scicat, host }, { signal, onRequest: toldBy(journal, runId) });
  const resumption = await continueRun(journal, entry, { config, client, signal, asPlanned, unclearSteps, assumedPid });
  return { ...resumption, problems: [...token, ...resumption.problems] };
}

/**
 * Goes on with a job that came to no plan, from its first step that is not done.
 * @throws FileError `journal-busy`, `journal-unwritable`
 */
export async function beginAgain(
  journal: Journal,
  id: string,
  { config: given, signal, storage }: ResumeOptions,
): Promise<Resumption | Refused> {
  const job = await journal.openJob(id);
  if (!job) return { refused: `There is no job ${id}.` };
  const { status, request, hold } = job.record;
  const config = configFor(given, request.configFile);
  const problems = tokenProblems(config.scicat);
  const hasEnded = status === 'failed' || status === 'cancelled';
  const next = hasEnded ? transition(job.record, { kind: 'resume' }) : undefined;
  const refused = next !== undefined && 'refused' in next ? next : undefined;
  const isWrong = problems.some(({ severity }) => severity === 'error');
  if (status === 'done' && !isWrong && (await job.unsettledAmendment()))
    return settled(job, config, problems, { signal, onRequest: toldBy(journal, id) });
  if (refused || isWrong || (!hasEnded && endStates.has(status))) {
    await job.close();
    return isWrong
      ? { outcome: 'failed', pid: undefined, problems }
      : (refused ?? { refused: `A job that is ${status} cannot be resumed.` });
  }
  if (hasEnded) await job.reopen();
  else if (hold) await job.happens([{ kind: 'release' }]);
  const client = connect({ ...config.scicat, host: request.host }, { signal, onRequest: toldBy(journal, id) });
  const planned = await readRunEntry(journal.store, id);
  if ('entry' in planned) {
    await job.close();
    return continueRun(journal, planned.entry, { config, client, signal });
  }
  const report = await carryOut(job, journal, { config, client, signal, storage });
  const isIn = report.outcome === 'ingested' || report.outcome === 'already-present';
  const pid = report.execution?.pid ?? report.prepared.existing?.pid;
  return { outcome: isIn ? 'ingested' : 'failed', pid, problems: [...problems, ...report.problems] };
}

/** Finds out what became of an interrupted change of the dataset of a job that is done. */
async function settled(
  job: OpenJob,
  { scicat }: Config,
  problems: readonly Problem[],
  options: ConnectOptions,
): Promise<Resumption> {
  const { request, scicat: held } = job.record;
  try {
    await settleAmendment(job, connect({ ...scicat, host: request.host }, options));
    return { outcome: 'ingested', pid: held.pid, problems };
  } catch (error) {
    if (!(error instanceof ScicatError)) throw error;
    return { outcome: 'failed', pid: held.pid, problems: [...problems, problem('scicat', error.message)] };
  } finally {
    await job.close();
  }
}

/** Tells what is asked of SciCat for a job. */
export function toldBy({ stream }: Pick<Journal, 'stream'>, id: string): (line: string) => void {
  return (line) => {
    stream.tell(id, { kind: 'request', line });
  };
}

/** The configuration that is given, or else the one that the job began with. */
export function configFor(given: Config, configFile: string | undefined): Config {
  return given.config_file === '' && configFile !== undefined
    ? loadConfig({ file: configFile, env: process.env }).config
    : given;
}

/** Goes on with a plan that was interrupted, with what is needed for it at hand. @throws as `resumeRun` */
export async function continueRun(
  journal: Journal,
  entry: RunEntry,
  options: Circumstances & TakeUpOptions & Pick<ExecuteOptions, 'unclearSteps' | 'assumedPid'>,
): Promise<Resumption> {
  const { config, client, signal, asPlanned, unclearSteps, assumedPid } = options;
  const taken = await takeUp(journal, entry, { asPlanned });
  if ('problem' in taken) return { outcome: 'failed', pid: undefined, problems: [taken.problem] };
  const { run } = taken;
  const { request, staged, given } = run.job.record;
  const named = request.dataFile ?? staged?.dataFile ?? entry.header.dataFile.path;
  const isFolder = staged?.folder !== undefined && staged.dataFile === undefined;
  const asked = { folder: staged?.folder, given, schemaFile: request.schemaFile, config, client, signal };
  const onNews = (news: PreparingNews): void => {
    run.job.tell(news);
  };
  const replanned = await replan({ ...asked, dataFile: isFolder ? undefined : named, onNews }, run).catch(
    async (error: unknown) => {
      await run.close();
      throw error;
    },
  );
  const { outcome, pid, problems } = await executeAndClose(run, client, {
    signal,
    replanned: replanned?.files,
    limits: limitsOf(config),
    attempts: options.attempts ?? config.scicat.max_tries,
    unclearSteps,
    assumedPid,
  });
  return { outcome, pid, problems: [...(replanned?.problems ?? []), ...problems] };
}
