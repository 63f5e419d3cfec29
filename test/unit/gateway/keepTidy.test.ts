import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepTidy } from '../../../gateway/keepTidy.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('tidies every ten minutes with what is to be kept, also after it failed once, until it is ended', async () => {
  const bugs: unknown[] = [];
  const asked: unknown[] = [];
  const expire = (keeps: unknown): Promise<void> => {
    asked.push(keeps);
    return asked.length === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
  };
  const stop = keepTidy({ expire }, { keepDays: 3 }, (error) => bugs.push(error));
  await vi.advanceTimersByTimeAsync(10 * 60_000 - 1);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(bugs).toEqual([new Error('once')]);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  stop();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(asked).toEqual([{ keepDays: 3 }, { keepDays: 3 }]);
});
