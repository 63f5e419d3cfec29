import { expect, it } from 'vitest';
import { KeptAnswers } from '../../../../core/nexus/worker/keptAnswers.ts';
import { NexusError } from '../../../../core/nexus/model.ts';

/** Asks for texts of a kilobyte each and tells which of them had to be made. */
async function made(answers: KeptAnswers, keys: readonly string[], size = 1000): Promise<string[]> {
  const asked: string[] = [];
  for (const key of keys) {
    await answers.get(key, () => {
      asked.push(key);
      return Promise.resolve('x'.repeat(size));
    });
  }
  return asked;
}

const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `file ${index}`);

it('thousands of small answers are asked for once', async () => {
  const answers = new KeptAnswers();
  await made(answers, keys(5000));
  expect(await made(answers, keys(5000))).toEqual([]);
});

it('takes no more memory than it may: the answer that was used longest ago goes first', async () => {
  const answers = new KeptAnswers(20_000);
  await made(answers, keys(10));
  await made(answers, ['file 0']);
  await made(answers, ['new 1', 'new 2', 'new 3', 'new 4', 'new 5', 'new 6', 'new 7', 'new 8', 'new 9', 'new 10']);
  expect(answers.bytes).toBeLessThanOrEqual(20_000);
  expect(await made(answers, ['file 0', 'file 1'])).toEqual(['file 1']);
});

it('a single large answer drives out no others', async () => {
  const answers = new KeptAnswers(20_000);
  await made(answers, keys(10));
  await made(answers, ['large'], 10_000);
  expect(await made(answers, keys(10))).toEqual([]);
  expect(await made(answers, ['large'], 10_000)).toEqual(['large']);
});

it.each([
  ['that a path is not there holds until the file changes', 'path-missing', 1],
  ['that the reader failed does not', 'reader-crashed', 2],
] as const)('%s', async (_what, code, times) => {
  const answers = new KeptAnswers();
  let asked = 0;
  const ask = (): Promise<unknown> => {
    asked += 1;
    return Promise.reject(new NexusError(code, 'no'));
  };
  await expect(answers.get('1 a', ask)).rejects.toThrow('no');
  await expect(answers.get('1 a', ask)).rejects.toThrow('no');
  expect(asked).toBe(times);
});

it('forgets what belongs to one file', async () => {
  const answers = new KeptAnswers();
  await made(answers, ['1 a', '1 b', '12 a']);
  answers.forget('1 ');
  expect(await made(answers, ['1 a', '1 b', '12 a'])).toEqual(['1 a', '1 b']);
});
