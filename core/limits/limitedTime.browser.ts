import type * as limitedTime from './limitedTime.ts';
import { TimeOver } from './timeOver.ts';

/**
 * A browser has no way to end work in a thread but to end the thread, which a person does by restarting the language
 * server (docs/browser.md): here nothing is begun any more once the time is over.
 */
export const inLimitedTime: typeof limitedTime.inLimitedTime = (milliseconds, work) => {
  if (milliseconds < 1) throw new TimeOver();
  return work();
};
