import type * as limitedTime from './limitedTime.ts';
import { TimeOver } from './timeOver.ts';

/** A browser has no way to end work in a thread but to end the thread: the extension does, when it gets no answer. */
export const inLimitedTime: typeof limitedTime.inLimitedTime = (milliseconds, work) => {
  if (milliseconds < 1) throw new TimeOver();
  return work();
};
