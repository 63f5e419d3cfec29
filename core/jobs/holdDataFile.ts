import { compareDataFiles, identifyDataFile } from '../files/dataFileIdentity.ts';
import { problem } from '../problems/problem.ts';
import type { Problem } from '../problems/problem.ts';
import { CatalogueAddress } from '../scicat/catalogueAddress.ts';
import type { RunEntry, RunHeader } from './store/jobRecord.ts';
import type { Journal } from './store/journal.ts';
import type { HeldLock } from './store/lock.ts';
import { hasSent } from './store/jobRecord.ts';

/** What is held while a file is ingested into a SciCat, so that nobody else is at it. */
export interface HeldDataFile {
  readonly lock: HeldLock;
  /** An ingestion of the file that was interrupted, and must be finished first. */
  readonly earlier: RunEntry | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Keeps other processes from a data file, and looks whether an ingestion of it was interrupted.
 * @param own the job that wants it
 * @throws FileError `journal-busy` if another process is at the file
 */
export async function holdDataFile(
  journal: Journal,
  subject: string,
  host: string,
  own?: string,
): Promise<HeldDataFile> {
  const lock = await journal.lockDataFile(subject, host);
  try {
    return { lock, earlier: undefined, ...(await earlierRun(journal, subject, host, own)) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The unfinished run of this file into this SciCat that must be finished first. One of which nothing was sent is given
 * up: the schema or the configuration may have been mended since.
 */
async function earlierRun(
  journal: Journal,
  subject: string,
  host: string,
  own: string | undefined,
): Promise<{ readonly earlier?: RunEntry; readonly problems: readonly Problem[] }> {
  const { runs, damaged, problems: found, unplanned } = await journal.openRuns();
  const problems = [...found];
  const file = await identifyDataFile(subject).catch(() => undefined);
  // A file that is not there has no runs to finish; that it is not there is said when it is opened.
  if (!file) return { problems };
  const catalogue = CatalogueAddress.identityOf(host);
  for (const { id, protocol, request } of unplanned) {
    // What waits in a queue is nobody's to give up.
    if (id === own || protocol !== 'command-line' || request.dataFile === undefined) continue;
    if (CatalogueAddress.identityOf(request.host) !== catalogue) continue;
    const asked = await identifyDataFile(request.dataFile).catch(() => undefined);
    // Its process was killed: nobody else is at this file now.
    if (asked && (await compareDataFiles(asked, file)) === 'same') await journal.giveUp(id);
  }
  const compare = async ({ dataFile, host: other }: RunHeader): Promise<'same' | 'replaced' | 'other'> =>
    CatalogueAddress.identityOf(other) === catalogue ? compareDataFiles(dataFile, file) : 'other';
  for (const { header, problem: about } of damaged) {
    if (!header || (await compare(header)) !== 'same') continue;
    problems[problems.indexOf(about)] = { ...about, severity: 'error' };
  }
  for (const run of runs) {
    const { runId, created, dataFile } = run.header;
    const is = await compare(run.header);
    if (is === 'other' || runId === own) continue;
    if (await journal.giveUp(runId, (now) => !hasSent(now))) continue;
    if (is === 'same') return { earlier: run, problems };
    const message =
      `An earlier file of this name, ${dataFile.path}, was replaced after its ingestion of ${created} was interrupted; this one is ` +
      `a file of its own. “imsc resume --run ${runId}” tells what can be done about the other one.`;
    problems.push(problem('data-file-changed', message, undefined, { severity: 'warning' }));
  }
  return { problems };
}
