import { atJob } from '../../ingest/plan/atJob.ts';
import { archiveJobsFor } from '../../ingest/plan/archiveJobs.ts';
import type { PlannedArchiveJob } from '../../ingest/plan/archiveJobs.ts';
import type { IngestionStep } from '../../ingest/plan/planSteps.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { ScicatClient } from '../../scicat/client.ts';
import { ScicatError } from '../../scicat/errors.ts';
import { archiveJobPrefix } from '../job.ts';
import type { JournalRun } from '../store/journalRun.ts';
import { isLasting, sendOnce, Unclear } from './sendOnce.ts';
import type { SendOptions, Write } from './sendOnce.ts';

/**
 * Asks SciCat for the jobs of a plan that it has not been asked for, once its dataset and files are there. A job that
 * SciCat does not take is a problem, and nothing of the ingestion depends on it.
 * @param pid of the dataset as it is in SciCat
 * @throws FileError where the journal cannot be written; the signal's reason
 */
export async function sendArchiveJobs(
  run: JournalRun<IngestionStep>,
  client: ScicatClient,
  pid: string,
  options: SendOptions & { readonly onJob?: ((name: string) => void) | undefined },
): Promise<readonly Problem[]> {
  const plan = run.steps.find((step) => step.kind === 'dataset')?.plan;
  if (!plan?.archiveJobs) return [];
  const problems: Problem[] = [];
  for (const job of archiveJobsFor(plan.archiveJobs, pid)) {
    options.signal?.throwIfAborted();
    const id = `${archiveJobPrefix}${job.name}`;
    if (run.stateOf(id) === 'done') continue;
    const found = await sendJob(run, client, id, job, pid, plan.apiVersion ?? 'v3', options);
    if (found !== undefined) {
      const told = problem('archive-job', found.message);
      problems.push(found.isRefusal ? await atJob(told, job.name, plan.schema) : told);
    }
    options.onJob?.(job.name);
  }
  return problems;
}

/** Why a job was not taken; `isRefusal`: as it is, it never will be. */
interface NotTaken {
  readonly message: string;
  readonly isRefusal: boolean;
}

async function sendJob(
  run: JournalRun<IngestionStep>,
  client: ScicatClient,
  id: string,
  job: PlannedArchiveJob,
  pid: string,
  version: 'v3' | 'v4',
  options: SendOptions,
): Promise<NotTaken | undefined> {
  const since = run.header.created;
  const mayBeThere = run.stateOf(id) === 'started';
  if (!mayBeThere) await run.recordStarted(id);
  let complaint: string | undefined;
  const write: Write<string | null> = {
    mayBeThere,
    ifAssumed: null,
    send: async () => {
      await run.confirm();
      try {
        return await client.createArchiveJob(job, version, pid);
      } catch (error) {
        // It is stored although something that SciCat was to do with it did not work.
        if (!(error instanceof ScicatError) || !error.message.includes('unable to perform action')) throw error;
        complaint = `SciCat has stored the job “${job.name}”, and then: ${error.message}`;
        return (await client.findArchiveJob(job, version, pid, since)) ?? null;
      }
    },
    look: async () => {
      try {
        const there = await client.findArchiveJob(job, version, pid, since);
        return there === undefined ? { state: 'absent' } : { state: 'done', result: there };
      } catch (error) {
        if (error instanceof ScicatError && error.kind === 'forbidden') return { state: 'unclear' };
        throw error;
      }
    },
    onUndone: () => run.recordRefused(id),
  };
  try {
    await run.recordDone(id, await sendOnce(write, options));
    return complaint === undefined ? undefined : { message: complaint, isRefusal: true };
  } catch (error) {
    options.signal?.throwIfAborted();
    const again = `“imsc jobs send ${run.header.runId}`;
    if (error instanceof Unclear) {
      const message = `It is not known whether SciCat has the job “${job.name}”: no answer came, and this account may not look. If it has, run ${again} --assume-done”; if not, ${again} --send-again”.`;
      return { message, isRefusal: false };
    }
    if (error instanceof ScicatError) {
      const message = `SciCat did not take the job “${job.name}”: ${error.message} The dataset and its files are there; ${again}” asks for it again.`;
      return { message, isRefusal: isLasting(error) };
    }
    throw error;
  }
}
