import { currentStep, jobJson, stepText, subjectOf } from '../core/jobs/jobs.ts';
import type { Job, StandingNews } from '../core/jobs/jobs.ts';
import { endStates } from '../core/jobs/lifecycle.ts';
import type { Terminal } from './terminal.ts';

/** News of a job as a line of the list. */
export function standingLine(terminal: Terminal, news: StandingNews): string {
  return news.kind === 'dropped' ? `${news.id}  dropped` : jobLine(terminal, news.job);
}

/** News of a job as JSON, on one line. */
export function standingJson(news: StandingNews): string {
  return JSON.stringify(news.kind === 'dropped' ? { id: news.id, dropped: true } : jobJson(news.job));
}

/** A job as a line of the list. @param word how it stands, if not by itself */
export function jobLine(terminal: Terminal, job: Job, word = stateText(job)): string {
  const { id, request, scicat } = job;
  const pid = scicat.pid === undefined ? '' : ` as ${scicat.pid}`;
  return `${id}  ${word.padEnd(16)} ${terminal.places.shortName(subjectOf(job))} → ${request.host}${pid}`;
}

/** How a job stands, in a word or two. */
function stateText(job: Job): string {
  const { status, outcome, hold, isRunning, protocol } = job;
  if (isRunning) return `running: ${currentStep(job) ?? status}`;
  if (hold) return hold.for === 'retry' && protocol !== 'command-line' ? `again ${hold.until}` : waitsFor[hold.for];
  if (status === 'done') return outcome === 'already-present' ? 'already there' : (outcome ?? status);
  if (endStates.has(status) || status === 'draft') return status;
  return protocol === 'command-line' ? 'interrupted' : 'waiting';
}

const waitsFor: Readonly<Record<NonNullable<Job['hold']>['for'], string>> = {
  approval: 'needs approval',
  credentials: 'needs a token',
  retry: 'interrupted',
};

/** All that is known of a job: what, where, how it stands, each step with its times, what SciCat holds, what was found. */
export function printJob(terminal: Terminal, job: Job): void {
  const { colors } = terminal;
  const { request, steps, statusDetail, created, changed: last } = job;
  const row = (name: string, text: string): void => {
    terminal.print(`${colors.bold(name.padEnd(9))} ${text}`);
  };
  row('Job', job.id);
  row('State', `${stateText(job)}${colors.dim(` (${job.status})`)}`);
  row('Data', subjectOf(job));
  for (const more of request.include) row('', more);
  if (request.configFile !== undefined) row('Config', request.configFile);
  if (request.schemaFile !== undefined) row('Schema', request.schemaFile);
  row('SciCat', request.host);
  row('Holds', heldText(job));
  row('Begun', created);
  row('Changed', last);
  for (const { name, state, attempts, started, ended } of steps) {
    const times = [started, ended].filter((time) => time !== undefined).join(' – ');
    const tries = attempts > 1 ? `, ${attempts} attempts` : '';
    const does = stepText(name);
    row('Step', `${name.padEnd(10)} ${`${state}${tries}`.padEnd(8)} ${colors.dim(times || does)}`);
  }
  for (const [field, from] of Object.entries(job.provenance ?? {}))
    row('Field', `${field.padEnd(24)} ${colors.dim(from)}`);
  for (const { at, changes } of job.amendments)
    row('Amended', `${at} ${colors.dim(changes.map(({ field }) => field).join(', '))}`);
  for (const { code, severity, message } of statusDetail)
    terminal.print(`${severity}: ${message} ${colors.dim(`[${code}]`)}`);
}

/** What SciCat holds of a job, as far as it is known. */
function heldText({ scicat: { pid }, steps, status, outcome }: Job): string {
  const stateOf = (name: string): string | undefined => steps.find((step) => step.name === name)?.state;
  if (pid === undefined)
    return stateOf('dataset') === 'started' ? 'perhaps a dataset: no answer came' : 'nothing of this job';
  if (outcome === 'already-present') return `the dataset ${pid}, which was there before`;
  if (status === 'done' || stateOf('files') === 'done') return `the dataset ${pid} with its files`;
  return stateOf('files') === 'started' ? `the dataset ${pid} with some of its files` : `the dataset ${pid}`;
}
