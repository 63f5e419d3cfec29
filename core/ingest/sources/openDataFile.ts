import { setTimeout as wait } from 'node:timers/promises';
import { NexusError } from '../../nexus/model.ts';
import type { NexusFile } from '../../nexus/model.ts';
import { openNexusInTime } from '../../nexus/worker/openInTime.ts';
import type { Config } from '../../config/configOptions.ts';

/** Called before each wait: which attempt failed, of how many, why, and for how many seconds it waits. */
export type OnRetry = (attempt: number, attempts: number, reason: string, seconds: number) => void;

/**
 * Opens the data file, trying again while it cannot be opened, because it may still be written or copied. Attempts
 * and delays are those of the Python ingestor: one more attempt than the configured tries (or as many as there are
 * delays), delays of 1 to 120 seconds, the last one repeated, 3 seconds if none is configured.
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
  const delays = files.data_file_open_retry_delay;
  const attempts = Math.max(files.data_file_open_max_tries, delays.length) + 1;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await openNexusInTime(path, signal, files.linked_data_folders);
    } catch (error) {
      if (!(error instanceof NexusError) || attempt >= attempts) throw error;
      const seconds = Math.min(120, Math.max(1, delays[attempt - 1] ?? delays.at(-1) ?? 3));
      onRetry?.(attempt, attempts, error.message, seconds);
      await wait(seconds * 1000, undefined, signal ? { signal } : {});
    }
  }
}
