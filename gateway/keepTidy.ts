import type { ExpireOptions, Jobs } from '../core/jobs/jobs.ts';

/** Drafts whose time is over, and records that are old, are looked for so often. */
const tidyMs = 10 * 60 * 1000;

/**
 * Tidies the jobs of a service now and then.
 * @param onBug told what has nothing to do with files
 * @returns ends it
 */
export function keepTidy(
  jobs: Pick<Jobs, 'expire'>,
  keeps: ExpireOptions,
  onBug: (error: unknown) => void,
): () => void {
  const timer = setInterval(() => {
    jobs.expire(keeps).catch(onBug);
  }, tidyMs).unref();
  return () => {
    clearInterval(timer);
  };
}
