import { describe, expect, it } from 'vitest';
import { applyEdits, applyPreferredFixes } from '../../../../core/imsc/edits/applyFixes.ts';
import { problem } from '../../../../core/problems/problem.ts';
import type { Fix, Problem } from '../../../../core/problems/problem.ts';

type Edit = readonly [start: number, end: number, newText: string];

function mendable(edits: readonly Edit[], preferred = true): Problem {
  const fix: Fix = {
    title: 'mend',
    edits: edits.map(([start, end, newText]) => ({ range: { start, end }, newText })),
    preferred,
  };
  return problem('unknown-key', 'wrong', { start: 0, end: 1 }, { fixes: [fix] });
}

describe('preferred fixes', () => {
  const cases: readonly { name: string; text: string; fixes: readonly Problem[]; result: string; applied: number }[] = [
    {
      name: 'several',
      text: 'abcd',
      fixes: [mendable([[0, 1, 'A']]), mendable([[2, 3, 'C']])],
      result: 'AbCd',
      applied: 2,
    },
    {
      name: 'in any order',
      text: 'abcd',
      fixes: [mendable([[2, 4, 'Z']]), mendable([[0, 1, 'A']])],
      result: 'AbZ',
      applied: 2,
    },
    { name: 'only preferred ones', text: 'abcd', fixes: [mendable([[0, 1, 'A']], false)], result: 'abcd', applied: 0 },
    {
      name: 'the first of two that overlap',
      text: 'abcd',
      fixes: [mendable([[0, 2, 'X']]), mendable([[1, 3, 'Y']])],
      result: 'Xcd',
      applied: 1,
    },
    {
      name: 'neither half of one that overlaps',
      text: 'abcd',
      fixes: [
        mendable([[0, 2, 'X']]),
        mendable([
          [1, 2, 'Y'],
          [3, 4, 'D'],
        ]),
      ],
      result: 'Xcd',
      applied: 1,
    },
    {
      name: 'no insertion into what is replaced',
      text: 'abcd',
      fixes: [mendable([[0, 3, '']]), mendable([[2, 2, 'new']])],
      result: 'd',
      applied: 1,
    },
    {
      name: 'two insertions at one place',
      text: 'ab',
      fixes: [mendable([[1, 1, '1']]), mendable([[1, 1, '2']])],
      result: 'a12b',
      applied: 2,
    },
    {
      name: 'the same insertion once',
      text: 'ab',
      fixes: [mendable([[1, 1, '1']]), mendable([[1, 1, '1']])],
      result: 'a1b',
      applied: 2,
    },
    {
      name: 'with the line breaks of the text',
      text: 'a\r\nb\r\n',
      fixes: [mendable([[3, 3, 'x\ny']])],
      result: 'a\r\nx\r\nyb\r\n',
      applied: 1,
    },
  ];
  it.each(cases)('are made: $name', ({ text, fixes, result, applied }) => {
    const fixed = applyPreferredFixes(text, fixes);
    expect(fixed.text).toBe(result);
    expect(fixed.applied).toHaveLength(applied);
  });

  it('edits that overlap are a mistake of ours', () => {
    const edits = [
      { range: { start: 0, end: 2 }, newText: '' },
      { range: { start: 1, end: 3 }, newText: '' },
    ];
    expect(() => applyEdits('abcd', edits)).toThrow(RangeError);
  });
});
