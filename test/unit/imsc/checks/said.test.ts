import { expect, it } from 'vitest';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import type { CheckContext } from '../../../../core/imsc/checks/checkSchema.ts';
import type { Problem, TextRange } from '../../../../core/problems/problem.ts';
import { checkDatasetField } from '../../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { cases, completed } from './checkCases.ts';

const fields: CheckContext = { datasetFields, refusalOf: checkDatasetField };

/** Line and column, and what stands there. */
function placeIn(text: string, { start, end }: TextRange): string {
  const before = text.slice(0, start).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1} ${JSON.stringify(text.slice(start, end))}`;
}

function said(text: string, { code, severity, message, range, related = [], tags = [], fixes = [] }: Problem): string {
  return [
    `${range ? placeIn(text, range) : ''} ${[severity, code, ...tags].join(' ')}`,
    `  ${message}`,
    ...related.map((place) => `  see ${placeIn(text, place.range)}: ${place.message}`),
    ...fixes.flatMap(({ title, preferred, edits }) => [
      `  ${preferred ? 'the way' : 'a way'} out: ${title}`,
      ...edits.map((edit) => `    ${placeIn(text, edit.range)} → ${JSON.stringify(edit.newText)}`),
    ]),
  ].join('\n');
}

/** Whatever a reader sees of each case, word for word; a change of words shows there. `vitest -u` writes it again. */
it('says of each case what stands in said.txt', async () => {
  const shown = cases.map(({ name, code, yaml, withFields }) => {
    const text = completed(yaml).replace(/[⟦⟧]/g, '');
    const { problems } = checkText(text, 'yaml', withFields ? fields : {});
    // Most cases use nothing of what they define.
    const told = problems.filter((found) => found.code === code || found.code !== 'unused-variable');
    return [`# ${name}`, ...told.map((found) => said(text, found)), ''].join('\n');
  });
  await expect(shown.join('\n')).toMatchFileSnapshot('said.txt');
});
