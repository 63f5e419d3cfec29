import { setTimeout as wait } from 'node:timers/promises';
import { NexusError } from '../../nexus/model.ts';
import type { NexusFile } from '../../nexus/model.ts';
import { openNexusInTime } from '../../nexus/worker/openInTime.ts';
import type { Config } from '../../config/configOptions.ts';
import { pausesBetweenAttempts } from '../../config/pausesBetweenAttempts.ts';

/** Called before each wait: which attempt failed, of how many, why, and for how many seconds it waits. */
export type OnRetry = (attempt: number, attempts: number, reason: string, seconds: number) => void;

/**
 * Opens the data file, trying again while it cannot be opened, as often as `pausesBetweenAttempts` says.
 * @throws NexusError after the last attempt; the signal's reason when aborted
 */
export async function openDataFile(
  path: string,
  files: Pick<
    Config['ingestion']['file_handling'],
    'data_file_open_max_tries' | 'data_file_open_retry_delay' | 'linked_data_folders'
  >,
  signal?: AbortSignal,
  onRetry?: OnRetry,
): Promise<NexusFile> {
  const pauses = pausesBetweenAttempts(files);
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await openNexusInTime(path, signal, files.linked_data_folders);
    } catch (error) {
      const seconds = pauses[attempt - 1];
      if (!(error instanceof NexusError) || seconds === undefined) throw error;
      onRetry?.(attempt, pauses.length + 1, error.message, seconds);
      await wait(seconds * 1000, undefined, signal ? { signal } : {});
    }
  }
}
