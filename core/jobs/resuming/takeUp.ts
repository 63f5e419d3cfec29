import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { identifyDataFile, isUnchanged } from '../../files/dataFileIdentity.ts';
import type { DataFileIdentity } from '../../files/dataFileIdentity.ts';
import { FileError } from '../../files/fileError.ts';
import type { IngestionStep } from '../../ingest/plan/planSteps.ts';
import type { Journal } from '../store/journal.ts';
import { isJournalStep } from '../store/jobRecord.ts';
import type { RunEntry } from '../store/jobRecord.ts';
import type { JournalRun } from '../store/journalRun.ts';

/** Whether the file is no longer the one that the run began with. */
async function isOtherNow(before: DataFileIdentity): Promise<boolean> {
  const now = await identifyDataFile(before.realPath ?? before.path).catch(() => undefined);
  return now === undefined || !isUnchanged(before, now);
}

/** How long another job with the same pid is waited for, in milliseconds: as a rule it sees at once that this one is first. */
const samePidMs = 2_000;

export interface TakeUpOptions {
  /** Finishes it also if the data file has changed since, with what was read then. */
  readonly asPlanned?: boolean | undefined;
}

/**
 * Takes up a run that was interrupted, unless its data file has changed: the dataset would then say one thing and the
 * file another.
 */
export async function takeUp(
  journal: Journal,
  { header }: RunEntry,
  { asPlanned = false }: TakeUpOptions = {},
): Promise<{ readonly run: JournalRun<IngestionStep> } | { readonly problem: Problem }> {
  if (!asPlanned && (await isOtherNow(header.dataFile))) {
    const message =
      `${header.dataFile.path} has changed or is gone since its ingestion of ${header.created} was interrupted; nothing was sent now. ` +
      `“imsc resume --run ${header.runId} --as-planned” finishes it with what was read then; “--give-up” instead leaves it ` +
      'as it is, so that the file can be ingested anew once its dataset is deleted in SciCat.';
    return { problem: problem('data-file-changed', message) };
  }
  let run: JournalRun<IngestionStep> | undefined;
  try {
    const taken = await journal.resumeRun(header.runId, isIngestionStep);
    if ('problem' in taken) return taken;
    ({ run } = taken);
    const pid = run.steps.find((step) => step.kind === 'dataset')?.plan.pid;
    if (pid !== undefined) await journal.holdPid(run.job, pid, header.host, { waitMs: samePidMs });
    return { run };
  } catch (error) {
    await run?.close();
    if (!(error instanceof FileError)) throw error;
    return { problem: error.toProblem() };
  }
}

export function isIngestionStep(value: unknown): value is IngestionStep {
  return isJournalStep(value) && ['write-file', 'dataset', 'files'].includes(value.kind);
}
