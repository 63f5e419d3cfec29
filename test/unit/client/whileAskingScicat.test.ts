import { beforeEach, expect, it, vi } from 'vitest';
import { whileAskingScicat } from '../../../client/whileAskingScicat.ts';

const editor = vi.hoisted(() => ({
  /** Where progress is shown, as long as it is. */
  shown: new Set<string>(),
  callOff: undefined as (() => void) | undefined,
}));

vi.mock('vscode', async (original) => {
  class CancellationTokenSource {
    readonly #listeners: (() => void)[] = [];
    readonly token = { onCancellationRequested: (listener: () => void) => this.#listeners.push(listener) };
    readonly dispose = vi.fn();
    cancel(): void {
      for (const listener of this.#listeners) listener();
    }
  }
  const window = {
    withProgress: async ({ location }: { location: string }, task: (...args: unknown[]) => Promise<unknown>) => {
      const person = new CancellationTokenSource();
      if (location === 'toast')
        editor.callOff = () => {
          person.cancel();
        };
      editor.shown.add(location);
      await task({ report: vi.fn() }, person.token);
      editor.shown.delete(location);
    },
  };
  const ProgressLocation = { Window: 'bar', Notification: 'toast' };
  return { ...(await original<object>()), CancellationTokenSource, ProgressLocation, window };
});

beforeEach(() => {
  vi.useFakeTimers();
  editor.callOff = undefined;
  return () => vi.useRealTimers();
});

it('an answer that comes at once is no notification', async () => {
  await expect(whileAskingScicat(() => Promise.resolve('yes'))).resolves.toBe('yes');
  await vi.runAllTimersAsync();
  expect(editor.callOff).toBeUndefined();
  expect([...editor.shown]).toEqual([]);
});

it('what takes its time can be called off, also where the task does not hear of it', async () => {
  const told = vi.fn();
  const answer = whileAskingScicat((cancellation) => {
    cancellation.onCancellationRequested(told);
    return new Promise<string>(() => undefined);
  });
  expect([...editor.shown]).toEqual(['bar']);
  await vi.runAllTimersAsync();
  expect([...editor.shown]).toEqual(['bar', 'toast']);
  editor.callOff?.();
  await expect(answer).resolves.toBeUndefined();
  expect(told).toHaveBeenCalledOnce();
  await vi.runAllTimersAsync();
  expect([...editor.shown]).toEqual([]);
});

it('an error is the error of whoever asks, and ends what is shown', async () => {
  await expect(whileAskingScicat(() => Promise.reject(new Error('not there')))).rejects.toThrow('not there');
  await vi.runAllTimersAsync();
  expect([...editor.shown]).toEqual([]);
});
