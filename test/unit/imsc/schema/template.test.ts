import { describe, expect, it } from 'vitest';
import { renderText, TemplateError } from '../../../../core/imsc/schema/template.ts';
import type { Quantity } from '../../../../core/imsc/values/values.ts';

const names = new Map<string, Quantity>([
  ['title', { value: { kind: 'string', value: 'Vanadium' }, unit: '' }],
  ['a>b', { value: { kind: 'string', value: 'odd' }, unit: '' }],
  ['length', { value: { kind: 'float', value: 2 }, unit: 'mm' }],
]);

describe('a text that is filled in', () => {
  it.each([
    ['<title>', 'Vanadium', ''],
    ['<length>', 2, 'mm'],
    ['<length> ', '2.0 ', ''],
    [' <length>', ' 2.0', ''],
    ['(title)', '(title)', ''],
    ['<title', '<title', ''],
    ['title>', 'title>', ''],
    ['<title><title>', 'VanadiumVanadium', ''],
    ['<<title>', '<Vanadium', ''],
    ['<title> > 1', 'Vanadium > 1', ''],
    ['<a>b>', 'odd', ''],
    ['<a>b> and <title>', 'odd and Vanadium', ''],
    ['', '', ''],
    ['a < b', 'a < b', ''],
  ])('%j gives %j with the unit %j', (text, wanted, unit) => {
    const { value, unit: found } = renderText(text, names);
    expect([value.kind === 'string' || value.kind === 'float' ? value.value : value, found]).toEqual([wanted, unit]);
  });

  it.each([
    ['<>', [], 'has a “<” and a “>” that belong to no variable'],
    ['<titel>', ['titel'], '<titel> has no value here.'],
    ['<titel> <titel> <b>', ['titel', 'b'], '<titel>, <b> have no value here.'],
    ['> <', [], 'has a “<” and a “>” that belong to no variable'],
    [`${'x'.repeat(100)} > <`, [], `“${'x'.repeat(59)}…”`],
  ])('%j fails', (text, missing, says) => {
    const failing = (): unknown => renderText(text, names);
    expect(failing).toThrow(TemplateError);
    try {
      failing();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      if (text !== '<>') expect(error.missing).toEqual(missing);
      if (text !== '<>') expect(error.message).toContain(says);
    }
  });
});
