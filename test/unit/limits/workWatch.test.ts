import { expect, it } from 'vitest';
import { inLimitedTime, LimitedTime } from '../../../core/limits/limitedTime.browser.ts';
import { TimeOver } from '../../../core/limits/timeOver.ts';
import { knowSlow, watchWork } from '../../../core/limits/workWatch.ts';

it('in a browser, who watches hears of work before and after it, also of work that fails', () => {
  const heard: string[] = [];
  watchWork({
    begun: (what) => {
      heard.push(what);
    },
    ended: () => {
      heard.push('ended');
    },
  });
  expect(inLimitedTime(50, () => heard.push('at work'), 'one')).toBe(2);
  const fails = (): never => {
    throw new RangeError('mine');
  };
  expect(() => inLimitedTime(50, fails, 'two')).toThrow('mine');
  expect(heard).toEqual(['one', 'at work', 'ended', 'two', 'ended']);
});

it('in a browser, work that a server was ended for is not begun, and other work is', () => {
  knowSlow(['(a+)+$ aaaa!']);
  const time = new LimitedTime(50);
  expect(() => time.run(() => 1, '(a+)+$ aaaa!')).toThrow(TimeOver);
  expect(time.run(() => 1, '(a+)+$ b!')).toBe(1);
});
