import { describe, expect, it } from 'vitest';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';

describe('texts that are nested without end', () => {
  const nested = (depth: number) => `a: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
  it.each([
    [190, false],
    [210, true],
  ])('%d levels are too many: %j', (depth, isTold) => {
    const found = parseTree(nested(depth), 'yaml').problems.filter(({ message }) => message.includes('levels deep'));
    expect(found.length > 0).toBe(isTold);
    for (const { range } of found) expect(nested(depth).slice(range?.start, range?.end)).toBe('[');
  });
});

describe('a text whose quote is forgotten', () => {
  it.each([
    ["name: 'a b\nid: x\n", "'"],
    ['name: "a b\nid: x\n', '"'],
  ])('%j is told where it begins, and can be closed', (text, quote) => {
    const [found] = parseTree(text, 'yaml').problems;
    expect(found?.message).toContain(`is not closed; add ${quote}`);
    expect(found?.range?.start).toBe(text.indexOf(quote));
    expect(found?.fixes?.[0]?.title).toBe('Close the text');
    const [edit] = found?.fixes?.[0]?.edits ?? [];
    const at = edit?.range.start ?? 0;
    const mended = text.slice(0, at) + (edit?.newText ?? '') + text.slice(at);
    expect(parseTree(mended, 'yaml').problems).toEqual([]);
  });

  it.each(["name: 'a b'\nid: x\n", 'name: "a b" # c\n', "name: 'a\n  b'\n"])('%j is closed', (text) => {
    expect(parseTree(text, 'yaml').problems).toEqual([]);
  });
});
