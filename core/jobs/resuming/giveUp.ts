import { removeUnpacked } from '../steps/stage.ts';
import { hasSent, readRunEntry } from '../store/jobRecord.ts';
import type { Journal } from '../store/journal.ts';
import { readJobRecord } from '../store/readJob.ts';

/**
 * As `Journal.giveUp`; what was unpacked for the job goes, too, unless SciCat may have a dataset of it.
 * @throws FileError `journal-busy` if a process is at it, `journal-unwritable`
 */
export async function giveUp(journal: Journal, id: string): Promise<boolean> {
  if (!(await journal.giveUp(id))) return false;
  const [read, record] = await Promise.all([readRunEntry(journal.store, id), readJobRecord(journal.store, id)]);
  const isSent = 'entry' in read ? hasSent(read.entry) : record?.hasLoaded;
  if (record && !isSent) await removeUnpacked(record);
  return true;
}
