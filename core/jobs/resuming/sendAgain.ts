import { connect, tokenProblems } from '../../ingest/sources/connect.ts';
import { details } from '../job.ts';
import type { Refused } from '../lifecycle.ts';
import { configFor, toldBy } from './resumeJob.ts';
import type { ResumeOptions } from './resumeJob.ts';
import { sendArchiveJobs } from '../steps/archiveJobs.ts';
import { readPlannedSteps, readRunEntry } from '../store/jobRecord.ts';
import type { Journal } from '../store/journal.ts';
import { JournalRun } from '../store/journalRun.ts';
import type { OpenJob } from '../store/openJob.ts';
import { isIngestionStep } from './takeUp.ts';

/**
 * Asks SciCat for the jobs of its own that it has not taken when an ingestion was done; what it has is not sent again.
 * @returns why nothing can be sent
 * @throws FileError where the journal cannot be written
 */
export async function sendArchiveJobsAgain(
  journal: Journal,
  job: OpenJob,
  { config: given, signal, unclearSteps }: ResumeOptions,
): Promise<Refused | undefined> {
  const { status, outcome, request, scicat } = job.record;
  if (status !== 'done' || outcome !== 'ingested' || scicat.pid === undefined)
    return { refused: `Job ${job.record.id} has not ingested anything that SciCat could be asked for jobs of.` };
  const { store } = journal;
  const read = await readRunEntry(store, job.record.id);
  if (!('entry' in read)) return { refused: read.problem.message };
  const planned = await readPlannedSteps(store, read.entry.header, isIngestionStep);
  if ('problem' in planned) return { refused: planned.problem.message };
  if (!planned.steps.some((step) => step.kind === 'dataset' && step.plan.archiveJobs))
    return { refused: `The schema of job ${job.record.id} asks SciCat for no jobs.` };
  const config = configFor(given, request.configFile);
  const [expired] = tokenProblems(config.scicat).filter(({ severity }) => severity === 'error');
  if (expired) return { refused: expired.message };
  const client = connect(
    { ...config.scicat, host: request.host },
    { signal, onRequest: toldBy(journal, job.record.id) },
  );
  const run = new JournalRun(store, read.entry, planned.steps, job);
  const problems = await sendArchiveJobs(run, client, scicat.pid, {
    attempts: config.scicat.max_tries,
    signal,
    unclearSteps,
  });
  const others = job.record.statusDetail.filter(({ code }) => code !== 'archive-job');
  await job.notes({ statusDetail: [...others, ...details(problems)] });
  return undefined;
}
