import type { IngestionOutcome } from '../core/jobs/report/report.ts';

/** Done, planned or already present; failed; wrong usage or configuration. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/**
 * The exit code of an ingestion or a dry run.
 * @param isOffline SciCat was not to be asked: that something is unknown then is not a failure
 */
export function exitCodeOf(outcome: IngestionOutcome, isOffline: boolean): number {
  if (outcome === 'unknown') return isOffline ? exitCodes.done : exitCodes.failed;
  return outcome === 'failed' || outcome === 'refused' ? exitCodes.failed : exitCodes.done;
}
