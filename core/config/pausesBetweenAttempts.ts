import type { Config } from './configOptions.ts';

/** More looks than these, of a minute each, would take two months. */
const attemptsAtMost = 100_000;

/**
 * Seconds to wait before each further attempt at a file that may still be written or copied. They are those of the
 * Python ingestor: as many as the configured tries (or as there are delays), 1 to 120 seconds each, the last one
 * repeated, 3 seconds if none is configured.
 */
export function pausesBetweenAttempts(
  files: Pick<Config['ingestion']['file_handling'], 'data_file_open_max_tries' | 'data_file_open_retry_delay'>,
): readonly number[] {
  const delays = files.data_file_open_retry_delay;
  const length = Math.min(attemptsAtMost, Math.max(files.data_file_open_max_tries, delays.length));
  return Array.from({ length }, (_, index) => Math.min(120, Math.max(1, delays[index] ?? delays.at(-1) ?? 3)));
}
