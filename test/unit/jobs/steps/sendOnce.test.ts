import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isLasting, sendOnce, Unclear } from '../../../../core/jobs/steps/sendOnce.ts';
import type { Seen, SendOptions, Write } from '../../../../core/jobs/steps/sendOnce.ts';
import { ScicatError } from '../../../../core/scicat/errors.ts';
import type { ScicatErrorKind } from '../../../../core/scicat/errors.ts';

// Pauses that are promises go by the same clock as the others.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, _: undefined, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        reject(new Error('called off'));
      });
    }),
}));

beforeEach(() => {
  vi.useFakeTimers();
  // In the middle of its jitter a pause is as long as it is said to be.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Answer = 'fine' | ScicatError;
interface Course {
  readonly answers: readonly Answer[];
  readonly seen?: readonly Seen<string>[];
  readonly mayBeThere?: boolean;
  readonly ifAssumed?: string | undefined;
}

/** What was done, each with the milliseconds since the beginning, and how it ended. */
async function courseOf({ answers, seen = [], ...write }: Course, options: SendOptions = {}): Promise<string[]> {
  const began = Date.now();
  const done: string[] = [];
  const note = (what: string): void => void done.push(`${Date.now() - began} ${what}`);
  const [left, looks] = [[...answers], [...seen]];
  const sending: Write<string> = {
    mayBeThere: false,
    ifAssumed: undefined,
    ...write,
    send: () => {
      note('send');
      const answer = left.shift() ?? new Error('there is no further answer');
      return answer === 'fine' ? Promise.resolve('sent') : Promise.reject(answer);
    },
    look: () => {
      note('look');
      return Promise.resolve(looks.shift() ?? { state: 'unclear' });
    },
    onUndone: () => {
      note('undone');
      return Promise.resolve();
    },
  };
  const ended = sendOnce(sending, options).then(
    (result) => {
      note(result);
    },
    (error: unknown) => {
      note(error instanceof Unclear ? 'unclear' : error instanceof Error ? error.message : String(error));
    },
  );
  await vi.runAllTimersAsync();
  await ended;
  return done;
}

const failed = (kind: ScicatErrorKind, more: { isUnsent?: boolean; retryAfterMs?: number } = {}): ScicatError =>
  new ScicatError(kind, kind, more);
const absent = { state: 'absent' } as const;

describe('a write is sent until it is known to have been done once', () => {
  it.each<[string, Course, SendOptions, readonly string[]]>([
    ['that works', { answers: ['fine'] }, {}, ['0 send', '0 sent']],
    ['that is refused', { answers: [failed('invalid')] }, {}, ['0 send', '0 undone', '0 invalid']],
    [
      'without an answer, and is not there',
      { answers: [failed('server'), 'fine'], seen: [absent] },
      {},
      ['0 send', '500 look', '500 send', '500 sent'],
    ],
    [
      'without an answer, and is there',
      { answers: [failed('server')], seen: [{ state: 'done', result: 'found' }] },
      {},
      ['0 send', '500 look', '500 found'],
    ],
    [
      'without an answer, and is there by somebody else',
      { answers: [failed('server')], seen: [{ state: 'taken', message: 'It is of others.' }] },
      {},
      ['0 send', '500 look', '500 undone', '500 It is of others.'],
    ],
    [
      'without an answer, and cannot be looked for',
      { answers: [failed('server')] },
      {},
      ['0 send', '500 look', '500 unclear'],
    ],
    [
      'that did not leave this computer: nothing is looked for',
      { answers: [failed('unreachable', { isUnsent: true }), 'fine'] },
      {},
      ['0 send', '500 send', '500 sent'],
    ],
    [
      'of which it is once unknown whether it was done, and then not sent',
      { answers: [failed('server'), failed('unreachable', { isUnsent: true }), 'fine'], seen: [absent] },
      {},
      ['0 send', '500 look', '500 send', '1500 send', '1500 sent'],
    ],
    [
      'each pause is twice as long',
      { answers: Array.from({ length: 5 }, () => failed('server')), seen: Array.from({ length: 5 }, () => absent) },
      {},
      [
        '0 send',
        '500 look',
        '500 send',
        '1500 look',
        '1500 send',
        '3500 look',
        '3500 send',
        '7500 look',
        '7500 send',
        '7500 server',
      ],
    ],
    [
      'as often as is said',
      { answers: [failed('server'), failed('server')], seen: [absent] },
      { attempts: 2, firstDelay: 100 },
      ['0 send', '100 look', '100 send', '100 server'],
    ],
    [
      'that was not sent, also the last time',
      { answers: [failed('unreachable', { isUnsent: true })] },
      { attempts: 1 },
      ['0 send', '0 undone', '0 unreachable'],
    ],
    [
      'whose answer was not waited for',
      { answers: [failed('timeout')], seen: [{ state: 'done', result: 'found' }] },
      {},
      ['0 send', '10000 look', '10000 found'],
    ],
    [
      'for which SciCat asks for patience',
      { answers: [failed('rate-limited', { retryAfterMs: 3000 }), 'fine'] },
      {},
      ['0 send', '3000 send', '3000 sent'],
    ],
    [
      'for which SciCat asks for the longest patience that there is',
      { answers: [failed('rate-limited', { retryAfterMs: 60_000 }), 'fine'] },
      {},
      ['0 send', '60000 send', '60000 sent'],
    ],
    [
      'for which SciCat asks for more',
      { answers: [failed('rate-limited', { retryAfterMs: 60_001 })] },
      {},
      ['0 send', '0 undone', '0 rate-limited'],
    ],
    [
      'no pause is longer than a minute',
      { answers: [failed('timeout'), 'fine'], seen: [absent] },
      { delayAfterTimeout: 100_000 },
      ['0 send', '60000 look', '60000 send', '60000 sent'],
    ],
  ])('%s', async (_title, course, options, expected) => {
    expect(await courseOf(course, options)).toEqual(expected);
  });

  const left = { mayBeThere: true, answers: ['fine'], ifAssumed: 'assumed' } as const;
  const again = { answers: [failed('server'), 'fine'], mayBeThere: true } as const;
  it.each<[string, Course, SendOptions, readonly string[]]>([
    ['it is there', { ...left, seen: [{ state: 'done', result: 'found' }] }, {}, ['0 look', '0 found']],
    ['it is not there', { ...left, seen: [absent] }, {}, ['0 look', '0 send', '0 sent']],
    ['nobody can tell', left, {}, ['0 look', '0 unclear']],
    ['a person says that it is', left, { unclearSteps: 'count as done' }, ['0 look', '0 assumed']],
    [
      'a person says so, not what came of it',
      { ...left, ifAssumed: undefined },
      { unclearSteps: 'count as done' },
      ['0 look', '0 unclear'],
    ],
    ['a person says that it is not', left, { unclearSteps: 'send again' }, ['0 look', '0 send', '0 sent']],
    [
      'a person says that it is not, but not of what becomes unclear now',
      again,
      { unclearSteps: 'send again' },
      ['0 look', '0 send', '500 look', '500 unclear'],
    ],
  ])('one that an earlier run has left: %s', async (_title, course, options, expected) => {
    expect(await courseOf(course, options)).toEqual(expected);
  });

  it('stops at once when it is cancelled, also while it waits', async () => {
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort(new Error('called off'));
    }, 200);
    const done = await courseOf({ answers: [failed('server'), 'fine'], seen: [absent] }, { signal: abort.signal });
    expect(done).toEqual(['0 send', '200 called off']);
    expect(await courseOf({ answers: ['fine'] }, { signal: abort.signal })).toEqual(['0 called off']);
  });

  it('what is no fault of SciCat is not tried again', async () => {
    expect(await courseOf({ answers: [] })).toEqual(['0 send', '0 there is no further answer']);
  });
});

it.each<[ScicatErrorKind, boolean]>([
  ['unauthorized', false],
  ['session-expired', false],
  ['rate-limited', false],
  ['forbidden', true],
  ['not-found', true],
  ['conflict', true],
  ['invalid', true],
  ['too-large', true],
  ['moved', true],
  ['server', false],
  ['timeout', false],
  ['unreachable', false],
])('%s would be the same however often it is tried: %j', (kind, expected) => {
  expect(isLasting(failed(kind))).toBe(expected);
});
