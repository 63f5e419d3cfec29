import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/configOptions.ts';
import { limitsOf } from '../ingest/plan/plan.ts';
import { connect, tokenProblems } from '../ingest/sources/connect.ts';
import type { ConnectOptions } from '../ingest/sources/connect.ts';
import type { Problem } from '../problems/problem.ts';
import { replan } from './replan.ts';
import { executeAndClose } from './carryOutRun.ts';
import type { Circumstances } from './steps/work.ts';
import type { ExecuteOptions } from './steps/load.ts';
import type { RunEntry } from './store/jobRecord.ts';
import type { Journal } from './store/jobStore.ts';
import { takeUp } from './takeUp.ts';
import type { TakeUpOptions } from './takeUp.ts';

export interface ResumeOptions
  extends TakeUpOptions, ConnectOptions, Pick<ExecuteOptions, 'unclearSteps' | 'assumedPid'> {
  /** Where it names no configuration file, that of the job is used; SciCat is that of the job in any case. */
  readonly config: Config;
}

/** What became of a job that was resumed. */
export interface Resumption {
  readonly outcome: 'ingested' | 'failed';
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
  { config: given, signal, onRequest, asPlanned, unclearSteps, assumedPid }: ResumeOptions,
): Promise<Resumption> {
  const { host, configFile } = entry.header;
  const config =
    given.config_file === '' && configFile !== undefined
      ? loadConfig({ file: configFile, env: process.env }).config
      : given;
  const token = tokenProblems(config.scicat);
  const failed = (...problems: readonly Problem[]): Resumption => ({ outcome: 'failed', pid: undefined, problems });
  if (token.some(({ severity }) => severity === 'error')) return failed(...token);
  const client = connect({ ...config.scicat, host }, { signal, onRequest });
  const resumption = await continueRun(journal, entry, { config, client, signal, asPlanned, unclearSteps, assumedPid });
  return { ...resumption, problems: [...token, ...resumption.problems] };
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
  const replanned = await replan({ ...asked, dataFile: isFolder ? undefined : named }, run).catch(
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
