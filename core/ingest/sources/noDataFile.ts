import type { Unavailable } from '../../imsc/evaluation/readers.ts';

/** What an ingestion reads from that has no data file: everything that would come from one is unknown. */
export const noDataFile: Unavailable = { unavailable: 'There is no data file.' };

/** Whether something is unknown because there is no data file, by the reason that its outcome gives. */
export function isForWantOfFile(reason: string): boolean {
  return reason === noDataFile.unavailable;
}
