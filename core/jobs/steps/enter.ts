import { goOn } from '../carryOutRun.ts';
import { holdDataFile } from '../holdDataFile.ts';
import { details } from '../job.ts';
import type { Stopped, Work } from './work.ts';

/**
 * Holds the file or the folder of a job, so that nobody else ingests it; an ingestion of it that was interrupted is
 * finished first.
 * @throws FileError `journal-busy` if another process is at it
 */
export async function enter(work: Work): Promise<Stopped | undefined> {
  const { job, journal, circumstances, problems } = work;
  const { request, staged, kind } = job.record;
  if (work.isHeld || kind === 'extraction' || request.options.dryRun) return undefined;
  const subject = request.dataFile ?? staged?.folder ?? '';
  const held = await holdDataFile(journal, subject, request.host, job.record.id);
  work.release = () => held.lock.release();
  problems.push(...held.problems);
  // What is damaged may be an ingestion of this very file: a person has to look.
  if (held.problems.some(({ severity }) => severity === 'error'))
    return { event: { kind: 'fail' }, findings: { statusDetail: details(problems) } };
  if (!held.earlier) return undefined;
  const report = await goOn({ ...circumstances, dataFile: subject }, journal, held.earlier);
  problems.push(...report.problems);
  return undefined;
}
