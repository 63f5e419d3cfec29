import { describe, expect, test } from 'vitest';
import { differenceUnseen, isSameUnit, unseenIn } from '../../../core/text/alike.ts';
import { checkText } from '../../../core/imsc/checks/checkSchema.ts';
import { readSelector, explainSelector } from '../../../core/imsc/schema/selector.ts';
import { parseTree } from '../../../core/imsc/tree/parse.ts';
import { schemaText } from '../../support/schemaTexts.ts';

describe('the unit', () => {
  test.each([
    ['\u00b5s', '\u03bcs'],
    ['\u212b', '\u00c5'],
    ['A\u030a', '\u00c5'],
    ['k\u2126', 'k\u03a9'],
    ['\u212a', 'K'],
    ['m\u00b2', 'm2'],
    ['\u2103', '\u00b0C'],
    ['m\u00a0s', 'm s'],
    ['mm ', 'mm'],
    ['ｍｍ', 'mm'],
  ])('%j is the unit %j', (one, other) => {
    expect(isSameUnit(one, other)).toBe(true);
    expect(isSameUnit(other, one)).toBe(true);
  });

  test.each([
    ['mm', 'm'],
    ['K', 'k'],
    ['m', '\u043c'],
    ['\u00b0', '\u00ba'],
    ['mS', 'ms'],
    ['', 'm'],
  ])('%j is not the unit %j', (one, other) => {
    expect(isSameUnit(one, other)).toBe(false);
  });
});

describe('what looks the same and differs', () => {
  test.each([
    ['\u00b5m', '\u03bcm', ' (U+00B5 against U+03BC)'],
    ['caf\u00e9', 'cafe\u0301', ' (U+00E9 against U+0065 U+0301)'],
    ['title', 't\u0456tle', ' (U+0069 against U+0456)'],
    ['20\u2013a', '20-a', ' (U+2013 against U+002D)'],
    ['a\u200bb', 'ab', ' (U+200B against nothing)'],
    ['a b', 'a\u00a0b', ' (U+0020 against U+00A0)'],
    ['K ', 'K', ' (U+0020 against nothing)'],
    ['90\u00ba', '90\u00b0', ' (U+00BA against U+00B0)'],
    ['1\u22c52', '1\u00b72', ' (U+22C5 against U+00B7)'],
    ['mm', 'm', ''],
    ['same', 'same', ''],
    ['title', 'Title', ''],
    ['\u00c5', 'nm', ''],
    ['café', 'cafe', ''],
  ])('%j and %j: %s', (one, other, expected) => {
    expect(differenceUnseen(one, other)).toBe(expected);
  });

  test.each([
    ['/data/Stra\u00dfe/caf\u00e9/a.nxs', '/cafe\u0301/', ' (U+0065 U+0301 against U+00E9)'],
    ['/data/\u0430bc/a.nxs', 'abc', ' (U+0061 against U+0430)'],
    ['/data/abc/a.nxs', 'abc', ''],
    ['/data/abc/a.nxs', 'abd', ''],
    ['/data/abc/a.nxs', '', ''],
  ])('in %j there is %j only as it looks: %s', (text, part, expected) => {
    expect(unseenIn(text, part)).toBe(expected);
  });

  test('is named by the verdict of a selector, and only by one that says no', () => {
    const selector = (operand: string) => {
      const { root } = parseTree(`- filename:contains:${operand}`, 'yaml');
      const node = root?.kind === 'list' ? root.items[0] : undefined;
      if (!node) throw new Error('no selector');
      return explainSelector(readSelector(node), '/data/cafe\u0301/run.nxs');
    };
    expect(selector('caf\u00e9').reason).toBe(
      'the file path does not contain “caf\u00e9”, which is written in the path with other characters of Unicode (U+00E9 against U+0065 U+0301)',
    );
    expect(selector('cafe\u0301').reason).toBe('the file path contains “cafe\u0301”');
    expect(selector('cafes').reason).toBe('the file path does not contain “cafes”');
  });

  test.each([
    ['variables', { variables: 't\u0456tle: {source: VALUE, value: a, value_type: string}' }, '<title>', 'U+0456'],
    ['keys', { variables: 'x: {source: VALUE, value: a, value_typ\u0435: string}' }, '<x>', 'U+0435'],
  ])('is named in what is said of %s', (_what, parts, value, code) => {
    const fields = `a: {field_type: scientific_metadata, machine_name: a, value: '${value}', type: string}`;
    const { problems } = checkText(schemaText({ ...parts, fields }), 'yaml');
    expect(problems.map(({ message }) => message).join('\n')).toContain(code);
  });
});
