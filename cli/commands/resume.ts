'load later';

import { FileError } from '../../core/files/fileError.ts';
import { Interrupted } from '../../core/jobs/resuming/interrupted.ts';
import type { Resumption, RunEntry } from '../../core/jobs/resuming/interrupted.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { Config } from '../../core/config/config.ts';
import type { CommandAction, Invocation } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { openJobStore, problemOf } from '../jobStore.ts';
import type { Terminal } from '../terminal.ts';
import { requestPrinter } from '../printNews.ts';
import { readSettings, wrongUsage } from './settings.ts';

/** What became of one interrupted run. */
interface Resumed {
  readonly run: string;
  readonly dataFile: string;
  readonly host: string;
  readonly outcome: 'interrupted' | Resumption['outcome'] | 'given up';
  readonly pid: string | null;
  readonly problems: readonly Problem[];
}

/**
 * `imsc resume`: finishes runs that were interrupted, each with the configuration that it began with (or that of the
 * command line, for the same SciCat). What stands in SciCat already is not sent again.
 */
export const resumeCommand: CommandAction = async (invocation) => {
  const { terminal, options } = invocation;
  const { config: given, problems: wrong, isWrong } = readSettings(invocation);
  if (isWrong) return wrongUsage(terminal, wrong);
  const signal = interruptSignal();
  const opened = await openInterrupted(invocation, given).catch(problemOf);
  if ('code' in opened) return unopened(terminal, opened);
  const { interrupted, runs, problems } = opened;
  interrupted.stream.listen(requestPrinter(terminal));
  const only = options['run'];
  const needsRun = ['giveUp', 'pid', 'asPlanned'].some((name) => options[name] !== undefined);
  if (needsRun && only === undefined)
    return wrongUsage(terminal, [problem('usage', '--give-up, --as-planned and --pid need --run; see --list --json.')]);
  terminal.problems(wrong);
  const open = runs.filter(({ header }) => only === undefined || header.runId === only);
  const results: Resumed[] = [];
  for (const entry of open) {
    if (options['list'] === true) results.push({ ...aboutRun(entry), outcome: 'interrupted', pid: null, problems: [] });
    else {
      if (options['giveUp'] !== true) terminal.say(`Resuming ${entry.header.dataFile.path} → ${entry.header.host}`);
      results.push(await finishOne(entry));
    }
  }
  if (options['list'] !== true) await interrupted.tidy();

  if (terminal.isJson) {
    terminal.printJson({
      runs: results.map((item) => ({ ...item, problems: item.problems.map((found) => terminal.problemRecord(found)) })),
      problems: problems.map((found) => terminal.problemRecord(found)),
    });
  } else {
    terminal.problems(problems);
    for (const item of results) {
      terminal.problems(item.problems);
      terminal.print(
        `${item.outcome.padEnd(11)} ${item.dataFile} → ${item.host}${item.pid === null ? '' : ` as ${item.pid}`}`,
      );
    }
    if (open.length === 0) terminal.print('No interrupted ingestion.');
  }
  return results.some(({ outcome }) => outcome === 'failed') ? exitCodes.failed : exitCodes.done;

  async function finishOne(entry: RunEntry): Promise<Resumed> {
    try {
      return options['giveUp'] === true ? await giveUp(entry) : await resumeOne(entry);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return { ...aboutRun(entry), outcome: 'failed', pid: null, problems: [error.toProblem()] };
    }
  }

  async function giveUp(entry: RunEntry): Promise<Resumed> {
    await interrupted.giveUp(entry);
    return { ...aboutRun(entry), outcome: 'given up', pid: null, problems: [] };
  }

  async function resumeOne(entry: RunEntry): Promise<Resumed> {
    const { outcome, pid, problems } = await interrupted.resume(entry, {
      config: given,
      signal,
      asPlanned: options['asPlanned'] === true,
      unclearSteps:
        options['sendAgain'] === true ? 'send again' : options['assumeDone'] === true ? 'count as done' : 'stop',
      assumedPid: typeof options['pid'] === 'string' ? options['pid'] : undefined,
    });
    return { ...aboutRun(entry), outcome, pid: pid ?? null, problems };
  }
};

async function openInterrupted(invocation: Invocation, config: Config) {
  const interrupted = new Interrupted(await openJobStore(invocation, config));
  return { interrupted, ...(await interrupted.list()) };
}

function unopened(terminal: Terminal, found: Problem): number {
  if (terminal.isJson) terminal.printJson({ runs: [], problems: [terminal.problemRecord(found)] });
  else terminal.problems([found]);
  return exitCodes.failed;
}

function aboutRun({ header }: RunEntry): Pick<Resumed, 'run' | 'dataFile' | 'host'> {
  return { run: header.runId, dataFile: header.dataFile.path, host: header.host };
}
