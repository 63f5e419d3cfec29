import type { Findings, JobRecord } from './job.ts';
import type { JobEvent } from './lifecycle.ts';

const minuteMs = 60_000;
/** The longest pause between two attempts. */
const longestMs = 60 * minuteMs;

/**
 * A job waits for another attempt, a minute first, then twice as long each time, up to an hour. Ingestions of the command
 * line are tried again by a person, at any time.
 */
export function waitsForRetry(
  { protocol, retries = 0 }: JobRecord,
  reason: string,
  { now = Date.now(), firstMs = minuteMs } = {},
): { readonly event: JobEvent; readonly findings: Findings } {
  const pauseMs = protocol === 'command-line' ? 0 : Math.min(longestMs, firstMs * 2 ** retries);
  const until = new Date(now + pauseMs).toISOString();
  return { event: { kind: 'hold', hold: { for: 'retry', until, reason } }, findings: { retries: retries + 1 } };
}
