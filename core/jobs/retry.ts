import type { Findings, JobRecord } from './job.ts';
import type { JobEvent } from './lifecycle.ts';

const minuteMs = 60_000;
/** The longest pause between two attempts. */
const longestMinutes = 60;

/**
 * A job waits for another attempt, a minute first, then twice as long each time, up to an hour. Ingestions of the command
 * line are tried again by a person, at any time.
 */
export function waitsForRetry(
  { protocol, retries = 0 }: JobRecord,
  reason: string,
  now = Date.now(),
): { readonly event: JobEvent; readonly findings: Findings } {
  const minutes = protocol === 'command-line' ? 0 : Math.min(longestMinutes, 2 ** retries);
  const until = new Date(now + minutes * minuteMs).toISOString();
  return { event: { kind: 'hold', hold: { for: 'retry', until, reason } }, findings: { retries: retries + 1 } };
}
