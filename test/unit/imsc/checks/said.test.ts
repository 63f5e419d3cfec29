import { expect, it } from 'vitest';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import type { CheckContext } from '../../../../core/imsc/checks/checkSchema.ts';
import type { Problem, TextRange } from '../../../../core/problems/problem.ts';
import { checkDatasetField } from '../../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { convertNotation } from '../../../../core/imsc/edits/convert.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
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

/** The words and the titles of the ways out, without places. */
const wordsOf = (problems: readonly Problem[]): string[] =>
  problems.flatMap(({ code, message, fixes = [] }) => [
    `${code}: ${message}`,
    ...fixes.map(({ title }) => `${code}: ${title}`),
  ]);

it('what is said of a schema in JSON in other words than in YAML', () => {
  const others = cases
    .filter(({ onlyYaml }) => onlyYaml !== true)
    .flatMap(({ name, yaml, withFields, dialect }) => {
      const text = completed(yaml).replace(/[⟦⟧]/g, '');
      const context = { ...(withFields ? fields : {}), ...(dialect && { dialect }) };
      const inYaml = wordsOf(checkText(text, 'yaml', context).problems);
      const json = convertNotation(parseTree(text, 'yaml'), 'json');
      const words = wordsOf(checkText(json, 'json', context).problems).filter(
        (each) => !inYaml.includes(each) && !each.startsWith('json-notation'),
      );
      return words.length === 0 ? [] : [`${name}\n  ${words.join('\n  ')}`];
    });
  expect(`\n${others.join('\n')}\n`).toMatchSnapshot();
});
