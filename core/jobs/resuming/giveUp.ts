import { removeUnpacked } from '../steps/stage.ts';
import { readRunEntry } from '../store/jobRecord.ts';
import type { Journal } from '../store/journal.ts';
import { readJobRecord } from '../store/readJob.ts';
import { hasSent } from './takeUp.ts';

/**
 * As `Journal.giveUp`; what was unpacked for the job goes, too, unless SciCat may have a dataset of it.
 * @throws FileError `journal-busy` if a process is at it, `journal-unwritable`
 */
export async function giveUp(journal: Journal, id: string): Promise<boolean> {
  if (!(await journal.giveUp(id))) return false;
  const [read, record] = await Promise.all([readRunEntry(journal.store, id), readJobRecord(journal.store, id)]);
  if (record?.hasLoaded === false && !('entry' in read && hasSent(read.entry))) await removeUnpacked(record);
  return true;
}
