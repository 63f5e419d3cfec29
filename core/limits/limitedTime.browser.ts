import type * as limitedTime from './limitedTime.ts';
import { TimeOver } from './timeOver.ts';
import { isKnownSlow, workWatch } from './workWatch.ts';

/**
 * A browser has no way to end work in a thread but to end the thread, which who started it does (workWatch.ts); the next
 * one knows what it was. Here nothing is begun any more once the time is over.
 */
export class LimitedTime implements Pick<limitedTime.LimitedTime, 'run'> {
  private left: number;

  constructor(milliseconds: number) {
    this.left = milliseconds;
  }

  run<T>(work: () => T, what = ''): T {
    if (this.left < 1 || isKnownSlow(what)) throw new TimeOver(what);
    const begun = performance.now();
    workWatch()?.begun(what);
    try {
      return work();
    } finally {
      this.left -= performance.now() - begun;
      workWatch()?.ended();
    }
  }
}

export const inLimitedTime: typeof limitedTime.inLimitedTime = (milliseconds, work, what) =>
  new LimitedTime(milliseconds).run(work, what);
