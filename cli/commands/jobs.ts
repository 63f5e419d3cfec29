'load later';

import { jobStatuses } from '../../core/jobs/lifecycle.ts';
import { jobJson, Jobs } from '../../core/jobs/jobs.ts';
import type { Job, Refused, ResumeOptions } from '../../core/jobs/jobs.ts';
import { FileError } from '../../core/files/fileError.ts';
import { absolutePath } from '../../core/files/pathlibPath.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { suggestion } from '../../core/problems/suggestion.ts';
import type { CommandAction, Invocation } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { interruptSignal } from '../interrupt.ts';
import { openJobStore } from '../jobStore.ts';
import { jobLine, printJob, standingJson, standingLine } from '../printJob.ts';
import { requestPrinter } from '../printNews.ts';
import type { Terminal } from '../terminal.ts';
import { readSettings, wrongUsage } from './settings.ts';

/** How many jobs are listed and watched where nobody says. */
const usualPage = 100;

/** What a verb is given: what it acts on has been checked. */
interface Asked {
  readonly terminal: Terminal;
  readonly jobs: Jobs;
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly config: ResumeOptions['config'];
}

interface Verb {
  /** Whether a job must be named; `maybe` where it can be. */
  readonly needsJob: 'yes' | 'no' | 'maybe';
  readonly run: (asked: Asked) => Promise<number>;
}

const verbs: Readonly<Record<string, Verb>> = {
  list: { needsJob: 'no', run: list },
  show: { needsJob: 'yes', run: show },
  watch: { needsJob: 'maybe', run: watch },
  resume: { needsJob: 'yes', run: resume },
  send: { needsJob: 'yes', run: send },
  submit: { needsJob: 'yes', run: async (asked) => changed(asked, await asked.jobs.submit(asked.id)) },
  approve: { needsJob: 'yes', run: async (asked) => changed(asked, await asked.jobs.approve(asked.id)) },
  reopen: { needsJob: 'yes', run: async (asked) => changed(asked, await asked.jobs.reopen(asked.id)) },
  cancel: { needsJob: 'yes', run: async (asked) => changed(asked, await asked.jobs.cancel(asked.id)) },
  drop: { needsJob: 'yes', run: async (asked) => changed(asked, await asked.jobs.drop(asked.id), 'dropped') },
};

/** `imsc jobs`: the record of every ingestion, and what can be done with one. */
export const jobsCommand: CommandAction = async (invocation) => {
  const { terminal, options, rest } = invocation;
  const end = rest.findIndex((word) => word.startsWith('-'));
  const [name = 'list', id, ...more] = end < 0 ? rest : rest.slice(0, end);
  const { config, problems, isWrong } = readSettings({ ...invocation, rest: end < 0 ? [] : rest.slice(end) });
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  const misuse = verb ? misuseOf(name, verb, id, more, options) : unknownVerb(name);
  if (isWrong || verb === undefined || misuse !== undefined)
    return wrongUsage(terminal, [...problems, ...(misuse === undefined ? [] : [problem('usage', misuse)])]);
  terminal.problems(problems);
  try {
    const jobs = new Jobs({ store: await openJobStore(invocation, config) });
    return await verb.run({ terminal, jobs, id: id ?? '', options, config });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return failed(terminal, [error.toProblem()]);
  }
};

function unknownVerb(name: string): string {
  const near = suggestion(name, Object.keys(verbs));
  return near === undefined
    ? `“${name}” is nothing that can be done with jobs. There are ${Object.keys(verbs).join(', ')}.`
    : `“${name}” is nothing that can be done with jobs. Did you mean ${near}?`;
}

function misuseOf(
  name: string,
  { needsJob }: Verb,
  id: string | undefined,
  more: readonly string[],
  options: Invocation['options'],
): string | undefined {
  if (needsJob === 'yes' && id === undefined) return `Name the job: imsc jobs ${name} ID. “imsc jobs” lists them.`;
  const extra = needsJob === 'no' ? id : more[0];
  if (extra !== undefined) return `“${extra}” is too much behind “imsc jobs ${name}”.`;
  for (const option of ['page', 'pageSize']) {
    const given = options[option];
    if (typeof given === 'string' && !/^[1-9]\d{0,8}$/.test(given))
      return `“${given}” is not a number from 1 on, as --${option === 'page' ? 'page' : 'page-size'} needs it.`;
  }
  return undefined;
}

async function list({ terminal, jobs, options }: Asked): Promise<number> {
  const { status, file, page, pageSize = String(usualPage) } = options;
  const found = await jobs.list({
    status: Array.isArray(status) ? jobStatuses.filter((each) => status.includes(each)) : undefined,
    dataFile: typeof file === 'string' ? absolutePath(file) : undefined,
    page: Number(page ?? 1),
    pageSize: Number(pageSize),
  });
  terminal.problems(found.problems);
  if (terminal.isJson) terminal.printJson({ jobs: found.jobs.map(jobJson), total: found.total });
  else {
    for (const job of found.jobs) terminal.print(jobLine(terminal, job));
    const left = found.total - found.jobs.length;
    if (found.total === 0) terminal.print('No jobs.');
    else if (left > 0) terminal.print(terminal.colors.dim(`${found.jobs.length} of ${found.total}; see --page.`));
  }
  return exitCodes.done;
}

async function show({ terminal, jobs, id }: Asked): Promise<number> {
  const job = await jobs.show(id);
  if (!job) return refused(terminal, noSuchJob(id));
  if (terminal.isJson) terminal.printJson(jobJson(job));
  else printJob(terminal, job);
  return exitCodes.done;
}

async function watch({ terminal, jobs, id }: Asked): Promise<number> {
  const signal = interruptSignal();
  if (id !== '' && !(await jobs.show(id))) return refused(terminal, noSuchJob(id));
  for await (const news of id === '' ? jobs.watchNewest(usualPage, signal) : jobs.watch(id, signal)) {
    if (terminal.isJson) terminal.printDocument(`${standingJson(news)}\n`);
    else terminal.print(standingLine(terminal, news));
  }
  return exitCodes.done;
}

async function resume(asked: Asked): Promise<number> {
  const { terminal, jobs, id, options } = asked;
  const resumption = await jobs.resume(id, {
    ...withWhatToSend(asked),
    asPlanned: options['asPlanned'] === true,
    assumedPid: typeof options['pid'] === 'string' ? options['pid'] : undefined,
  });
  if ('refused' in resumption) return refused(terminal, resumption);
  const job = await jobs.show(id);
  if (terminal.isJson) {
    const problems = resumption.problems.map((found) => terminal.problemRecord(found));
    terminal.printJson({ ...(job && jobJson(job)), problems });
  } else {
    terminal.problems(resumption.problems);
    if (job) terminal.print(jobLine(terminal, job));
  }
  return resumption.outcome === 'failed' ? exitCodes.failed : exitCodes.done;
}

/** Asks SciCat for the jobs of its own that it has not taken. */
async function send(asked: Asked): Promise<number> {
  const { terminal, jobs, id } = asked;
  const job = await jobs.sendArchiveJobs(id, withWhatToSend(asked));
  if ('refused' in job) return refused(terminal, job);
  const left = job.statusDetail.filter(({ code }) => code === 'archive-job');
  if (terminal.isJson) terminal.printJson(jobJson(job));
  else {
    terminal.problems(left);
    terminal.print(jobLine(terminal, job));
  }
  return left.length > 0 ? exitCodes.failed : exitCodes.done;
}

/** How something is sent to SciCat that may be there. */
function withWhatToSend({ terminal, jobs, options, config }: Asked): ResumeOptions {
  jobs.stream.listen(requestPrinter(terminal));
  const unclear = options['sendAgain'] === true ? 'send again' : 'count as done';
  return {
    config,
    signal: interruptSignal(),
    unclearSteps: options['sendAgain'] === true || options['assumeDone'] === true ? unclear : 'stop',
  };
}

/** Says how a job is after something was done with it, or why that cannot be. */
function changed({ terminal }: Asked, job: Job | Refused, word?: string): number {
  if ('refused' in job) return refused(terminal, job);
  if (terminal.isJson) terminal.printJson({ ...jobJson(job), ...(word !== undefined && { [word]: true }) });
  else terminal.print(jobLine(terminal, job, word));
  return exitCodes.done;
}

function noSuchJob(id: string): Refused {
  return { refused: `There is no job “${id}”. “imsc jobs” lists them.` };
}

function refused(terminal: Terminal, { refused: why }: Refused): number {
  return failed(terminal, [problem('job-refused', why)]);
}

function failed(terminal: Terminal, problems: readonly Problem[]): number {
  if (terminal.isJson)
    terminal.printJson({ outcome: 'failed', problems: problems.map((found) => terminal.problemRecord(found)) });
  terminal.problems(problems);
  return exitCodes.failed;
}
