import { describe, expect, it } from 'vitest';
import { halvesOf, isListed, origDatablocks } from '../../../../core/ingest/plan/plan.ts';
import type { Plan, PreparedBlock } from '../../../../core/ingest/plan/plan.ts';
import { fileEntries, planOf } from '../../../support/plans.ts';

const plan = planOf('/data/0');
const oneText = Buffer.byteLength(JSON.stringify(fileEntries(1)[0])) + 1;

async function blocks(count: number, limits: Partial<Plan['limits']> = {}, first?: number): Promise<PreparedBlock[]> {
  const made: PreparedBlock[] = [];
  const limited = { ...plan, limits: { ...plan.limits, ...limits } };
  for await (const block of origDatablocks(limited, [fileEntries(count)], 'p/1', first)) made.push(block);
  return made;
}

describe('origDatablocks', () => {
  it.each<[string, number, Partial<Plan['limits']>, number | undefined, readonly number[]]>([
    ['are cut by number', 7, {}, undefined, [3, 3, 1]],
    ['are not cut where all files fit', 3, {}, undefined, [3]],
    ['are cut by bytes', 5, { maxBytes: 2 * oneText }, undefined, [2, 2, 1]],
    ['are cut one byte too early rather than too late', 4, { maxBytes: 2 * oneText - 1 }, undefined, [1, 1, 1, 1]],
    ['hold a file that is larger than what one may have', 2, { maxBytes: 1 }, undefined, [1, 1]],
    ['begin with so many files as the one that may be there has', 7, {}, 2, [2, 3, 2]],
    ['begin so beyond the limit, too', 7, {}, 5, [5, 2]],
    ['begin so whatever their bytes', 4, { maxBytes: 1 }, 3, [3, 1]],
    ['are none without files', 0, {}, undefined, []],
  ])('%s', async (_title, count, limits, first, wanted) => {
    const made = await blocks(count, limits, first);
    expect(made.map(({ paths }) => paths.length)).toEqual(wanted);
    expect(made.flatMap(({ paths }) => paths)).toEqual(fileEntries(count).map(({ path }) => path));
    const bytes = made.reduce((sum, { head }) => sum + head.size, 0);
    expect(bytes).toBe(fileEntries(count).reduce((sum, { size }) => sum + (size ?? 0), 0));
    expect(made.every(({ head }) => head.datasetId === 'p/1')).toBe(true);
  });

  it('in halves are the same files in the same order', async () => {
    const [whole] = await blocks(3);
    const halves = whole ? halvesOf(whole) : [];
    expect(halves.map(({ paths, head }) => [paths.length, head.size])).toEqual([[2, 3], [1, 3]]); // prettier-ignore
    expect(halves.flatMap(({ texts }) => texts)).toEqual(whole?.texts);
  });
});

it.each<[string, string, Pick<Plan, 'filePathType' | 'sourceFolder'>, boolean]>([
  ['by its whole path', '/data/a', plan, true],
  ['by its path below the folder', '/data/b', { ...plan, filePathType: 'relative' }, true],
  ['as another one is not', '/data/c', plan, false],
])('a file is listed %s', (_title, file, type, listed) => {
  expect(isListed(file, new Set(['/data/a', 'b']), { ...plan, ...type })).toBe(listed);
});
