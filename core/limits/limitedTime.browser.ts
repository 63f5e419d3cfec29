import type * as limitedTime from './limitedTime.ts';
import { TimeOver } from './timeOver.ts';

/**
 * A browser has no way to end work in a thread but to end the thread, which a person does by restarting the language
 * server (docs/browser.md): here nothing is begun any more once the time is over.
 */
export class LimitedTime implements Pick<limitedTime.LimitedTime, 'run'> {
  private left: number;

  constructor(milliseconds: number) {
    this.left = milliseconds;
  }

  run<T>(work: () => T): T {
    if (this.left < 1) throw new TimeOver();
    const begun = performance.now();
    try {
      return work();
    } finally {
      this.left -= performance.now() - begun;
    }
  }
}

export const inLimitedTime: typeof limitedTime.inLimitedTime = (milliseconds, work) =>
  new LimitedTime(milliseconds).run(work);
