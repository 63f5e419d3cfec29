import { setTimeout as wait } from 'node:timers/promises';
import { NexusError } from '../../nexus/model.ts';
import type { NexusFile } from '../../nexus/model.ts';
import { openNexusInTime } from '../../nexus/worker/openInTime.ts';
import type { Config } from '../../config/configOptions.ts';
import { pausesBetweenAttempts } from '../../config/pausesBetweenAttempts.ts';
import type { PreparingNews } from '../preparingNews.ts';

/**
 * Opens the data file, trying again while it cannot be opened, as often as `pausesBetweenAttempts` says.
 * @param onNews told before each wait
 * @throws NexusError after the last attempt; the signal's reason when aborted
 */
export async function openDataFile(
  path: string,
  files: Pick<
    Config['ingestion']['file_handling'],
    'data_file_open_max_tries' | 'data_file_open_retry_delay' | 'linked_data_folders'
  >,
  signal?: AbortSignal,
  onNews?: (news: PreparingNews) => void,
): Promise<NexusFile> {
  const pauses = pausesBetweenAttempts(files);
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await openNexusInTime(path, signal, files.linked_data_folders);
    } catch (error) {
      const seconds = pauses[attempt - 1];
      if (!(error instanceof NexusError) || seconds === undefined) throw error;
      onNews?.({ kind: 'retry', attempt, attempts: pauses.length + 1, reason: error.message, seconds });
      await wait(seconds * 1000, undefined, signal ? { signal } : {});
    }
  }
}
