import { expect, it } from 'vitest';
import { judgedIn } from '../../../core/imsc/checks/checkSchema.ts';
import { kindsByFinder } from '../../../core/problems/problemCodes.ts';
import { finders } from '../../../core/problems/problemKind.ts';

it('every kind of problem has one finder', () => {
  const codes = finders.flatMap(({ name }) => Object.keys(kindsByFinder[name]));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

it('a comment is judged by what was looked for', () => {
  const catalogue = { datasetFields: [], refusalOf: () => undefined };
  const cases = [
    { code: 'stray-bracket', context: {}, isJudged: true },
    { code: 'json-comment', context: {}, isJudged: true },
    // A comment cannot silence it.
    { code: 'syntax', context: {}, isJudged: false },
    { code: 'unknown-field', context: {}, isJudged: false },
    { code: 'unknown-field', context: { datasetFields: [] }, isJudged: true },
    { code: 'invalid-date', context: { datasetFields: [] }, isJudged: false },
    { code: 'invalid-date', context: catalogue, isJudged: true },
    { code: 'schema-file-name', context: catalogue, isJudged: false },
    { code: 'schema-file-name', context: { file: 'a.imsc.yml' }, isJudged: true },
    // The neighbours, the data or a run may bring these about.
    { code: 'schema-shadowed', context: { ...catalogue, file: 'a.imsc.yml' }, isJudged: false },
    { code: 'date-without-time-zone', context: { ...catalogue, file: 'a.imsc.yml' }, isJudged: false },
    { code: 'variable-failed', context: { ...catalogue, file: 'a.imsc.yml' }, isJudged: false },
  ];
  for (const { code, context, isJudged } of cases) {
    expect({ code, isJudged: judgedIn(context).has(code) }).toEqual({ code, isJudged });
  }
});
