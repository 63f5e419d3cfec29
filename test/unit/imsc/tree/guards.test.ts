import { describe, expect, it } from 'vitest';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { keyText } from '../../../../core/imsc/tree/tree.ts';
import { notations } from '../../../support/markers.ts';

describe.each(notations)('texts in %s that are nested without end', (notation) => {
  const [before, after] =
    notation === 'json' ? ['{"a": ', ', "b": 1, "c": {"d": 2}}'] : ['a: ', '\nb: 1\nc:\n  d: 2\n'];
  const nested = (depth: number) => `${before}${'['.repeat(depth)}${']'.repeat(depth)}${after}`;
  it.each([
    [190, false],
    [210, true],
    [5000, true],
  ])('%d levels are too many: %j, and what follows is read', (depth, isTold) => {
    const { problems, root } = parseTree(nested(depth), notation);
    expect(problems.length).toBe(isTold ? 1 : 0);
    for (const { range, message } of problems) {
      expect(message).toContain('levels deep');
      expect(nested(depth).slice(range?.start, range?.end)).toBe('[');
    }
    expect(root?.kind === 'map' ? root.entries.map(keyText) : []).toEqual(['a', 'b', 'c']);
  });
});

describe('a text that its aliases make too large', () => {
  it('is told once', () => {
    const lists = Array.from({ length: 9 }, (_, index) => {
      const items = index === 0 ? 'abcdefghi'.split('') : Array.from({ length: 9 }, () => `*l${index - 1}`);
      return `l${index}: &l${index} [${items.join(', ')}]\n`;
    });
    const { problems } = parseTree(lists.join(''), 'yaml');
    expect(problems.map(({ message }) => message)).toEqual([
      'With its aliases written out this file is too large; write fewer of them.',
    ]);
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
