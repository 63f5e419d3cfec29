import { expect, it } from 'vitest';
import { inSections } from '../../../gateway/protocols/openem/sections.ts';

it.each([
  ['a number with a unit', { value: 4.02, type: 'float', unit: 'K' }, { value: 4.02, unit: 'K' }],
  ['a number without one', { value: 7, type: 'integer', unit: '' }, { value: 7, unit: '' }],
  ['a list with a unit', { value: [4, 5], type: 'float[]', unit: 'K' }, { value: [4, 5], unit: 'K' }],
  ['a list without one', { value: [4, 5], type: 'integer[]', unit: '' }, { value: [4, 5], unit: '' }],
  ['a text', { value: 'MnF2', type: 'string', unit: '' }, 'MnF2'],
  ['a list of texts', { value: ['a', 'b'], type: 'string[]', unit: '' }, ['a', 'b']],
])('the page “Ingestor” is given %s as the schema of its method has it', (_, item, shown) => {
  expect(inSections({ item }, {}).acquisition).toEqual({ item: shown });
});
