import { expect, it } from 'vitest';
import { inLimitedTime, LimitedTime } from '../../../core/limits/limitedTime.ts';
import { TimeOver } from '../../../core/limits/timeOver.ts';

/** Lets time pass without using the processor, as where others have it. */
function waits(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Uses the processor without an end. */
function spins(): never {
  for (;;) Math.random();
}

it('begins anew what was ended because others had the processor', () => {
  let times = 0;
  const work = (): string => {
    if (times++ === 0) waits(2_000);
    return 'done';
  };
  expect(inLimitedTime(200, work)).toBe('done');
  expect(times).toBe(2);
});

it('ends what uses the processor for too long', () => {
  expect(() => inLimitedTime(50, spins)).toThrow(TimeOver);
});

it('ends what waits for ever', () => {
  expect(() =>
    inLimitedTime(20, () => {
      waits(600_000);
      return 1;
    }),
  ).toThrow(TimeOver);
});

it('begins nothing once the time for all work is used up', () => {
  const time = new LimitedTime(50);
  expect(time.run(() => 1)).toBe(1);
  expect(() => time.run(spins)).toThrow(TimeOver);
  let isBegun = false;
  expect(() =>
    time.run(() => {
      isBegun = true;
      return 1;
    }),
  ).toThrow(TimeOver);
  expect(isBegun).toBe(false);
});

it('tells what is wrong with the work itself', () => {
  expect(() =>
    inLimitedTime(50, () => {
      throw new RangeError('mine');
    }),
  ).toThrow('mine');
});
