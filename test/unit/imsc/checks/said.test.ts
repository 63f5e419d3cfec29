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

/**
 * Whatever a reader sees of each case, word for word. The words of a new case are written down by themselves; changed
 * ones are with `npx vitest run --project unit test/unit/imsc/checks/said.test.ts -u`, to be read before they are committed.
 */
it.each(cases)('what is said of $name', ({ code, yaml, withFields, dialect }) => {
  const text = completed(yaml).replace(/[⟦⟧]/g, '');
  const { problems } = checkText(text, 'yaml', { ...(withFields ? fields : {}), ...(dialect && { dialect }) });
  // Most cases use nothing of what they define.
  const told = problems.filter((found) => found.code === code || found.code !== 'unused-variable');
  expect(`\n${told.map((found) => said(text, found)).join('\n')}\n`).toMatchSnapshot();
});
