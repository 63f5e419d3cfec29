import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/configOptions.ts';
import { limitsOf } from '../ingest/plan/plan.ts';
import { connect, tokenProblems } from '../ingest/sources/connect.ts';
import type { ConnectOptions } from '../ingest/sources/connect.ts';
import type { Problem } from '../problems/problem.ts';
import { replan } from './replan.ts';
import { executeAndClose } from './runJob.ts';
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
  const { host, configFile, dataFile } = entry.header;
  const config =
    given.config_file === '' && configFile !== undefined
      ? loadConfig({ file: configFile, env: process.env }).config
      : given;
  const token = tokenProblems(config.scicat);
  const failed = (...problems: readonly Problem[]): Resumption => ({ outcome: 'failed', pid: undefined, problems });
  if (token.some(({ severity }) => severity === 'error')) return failed(...token);
  const taken = await takeUp(journal, entry, { asPlanned });
  if ('problem' in taken) return failed(...token, taken.problem);
  const client = connect({ ...config.scicat, host }, { signal, onRequest });
  const { run } = taken;
  const request = { dataFile: dataFile.path, config, client, signal };
  const replanned = await replan(request, run).catch(async (error: unknown) => {
    await run.close();
    throw error;
  });
  const { outcome, pid, problems } = await executeAndClose(run, client, {
    signal,
    replanned: replanned?.files,
    limits: limitsOf(config),
    attempts: config.scicat.max_tries,
    unclearSteps,
    assumedPid,
  });
  return { outcome, pid, problems: [...token, ...(replanned?.problems ?? []), ...problems] };
}
