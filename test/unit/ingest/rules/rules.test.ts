import { describe, expect, it } from 'vitest';
import { folderMember } from '../../../../core/imsc/checks/checkFolder.ts';
import { applyEdits } from '../../../../core/imsc/edits/applyFixes.ts';
import { evaluateStatically } from '../../../../core/imsc/evaluation/staticEvaluation.ts';
import type { DialectName } from '../../../../core/imsc/language/dialects.ts';
import { dialectOf } from '../../../../core/imsc/schema/dialectOf.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import type { Notation } from '../../../../core/imsc/tree/tree.ts';
import { plainJson } from '../../../../core/imsc/values/jsonText.ts';
import { checkRules, checkRulesAmong } from '../../../../core/ingest/rules/checkRules.ts';
import { readRules } from '../../../../core/ingest/rules/readRules.ts';
import type { RuleSet } from '../../../../core/ingest/rules/rule.ts';
import { withoutSilenced } from '../../../../core/ingest/schemas/schemaProblems.ts';
import type { Problem } from '../../../../core/problems/problem.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { schemaText } from '../../../support/schemaTexts.ts';
import { mistakenRules, ruleCases } from './ruleCases.ts';
import type { RuleCase } from './ruleCases.ts';

const rulesFile = '/facility/imsc-rules.yml';

function rulesOf(items: string, notation: Notation = 'yaml') {
  return readRules(rulesFile, inNotation(`rules:\n${items.replaceAll(/^/gm, '  ')}\n`, notation));
}

function problemsOf(set: RuleSet, text: string, notation: Notation, dialect?: DialectName): Problem[] {
  const schema = bindSchema(parseTree(text, notation));
  const evaluation = evaluateStatically(schema, dialectOf(schema.tree, dialect));
  return withoutSilenced(schema.tree, checkRules(set, schema, evaluation), dialect);
}

/** JSON has the comments in front of it. */
function textOf({ head = '', variables = '', fields = '' }: RuleCase, notation: Notation): string {
  const comment = /^#.*\n/.exec(head)?.[0] ?? '';
  const text = inNotation(schemaText({ head: head.slice(comment.length), variables, fields }), notation);
  return (notation === 'json' ? comment.replace(/^# (.*)\n/, '// $1\n') : comment) + text;
}

describe.each(notations)('rules of a facility, of a schema in %s', (notation) => {
  it.each(ruleCases)('$name', (example) => {
    const { set, problems } = rulesOf(example.rules, notation);
    expect(problems).toEqual([]);
    const text = textOf(example, notation);
    const found = problemsOf(set, text, notation, example.dialect);
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual(
      example.said.map(([code, words]): unknown => expect.stringMatching(new RegExp(`^${code} .*${words.source}`))),
    );
    // Each says which rule it is.
    for (const { related } of found) expect(related?.at(-1)).toMatchObject({ message: 'the rule', file: rulesFile });
    const edits = found.flatMap(({ fixes }) => fixes?.[0]?.edits ?? []);
    if (!example.mended) {
      expect(edits).toEqual([]);
      return;
    }
    const after = applyEdits(text, edits);
    expect(plainJson(valueOf(parseTree(after, notation).root))).toMatchObject({
      schema: example.mended,
    });
    const left = problemsOf(set, after, notation, example.dialect);
    expect(left.map(({ message }) => message)).toEqual((example.left ?? []).map((words): unknown => expect.stringMatching(words))); // prettier-ignore
  });
});

it('have the severity that a rule gives, or that of their kind', () => {
  const { set } = rulesOf(
    '- {rule: required, fields: [description], severity: hint}\n- {rule: required, metadata: [a]}',
  );
  expect(problemsOf(set, schemaText(), 'yaml').map(({ severity }) => severity)).toEqual(['hint', 'error']);
});

describe.each(notations)('a file of rules in %s', (notation) => {
  it.each(mistakenRules)('%s', (rules, said, left) => {
    const { set, problems } = rulesOf(rules, notation);
    expect(problems.map(({ message }) => message)).toEqual(said.map((words): unknown => expect.stringMatching(words)));
    for (const { range, file } of problems) expect([range, file]).toEqual([expect.anything(), rulesFile]);
    expect(set.rules).toHaveLength(left);
  });

  it('may be empty, or broken', () => {
    expect(readRules(rulesFile, '').problems).toEqual([]);
    expect(readRules(rulesFile, 'rules: [').problems.map(({ code }) => code)).toEqual(['syntax']);
    expect(readRules(rulesFile, 'rules: x').problems.map(({ code }) => code)).toEqual(['config-value']);
  });
});

describe.each(notations)('what must be alike in the schemas of a folder, in %s', (notation) => {
  const item = (name: string, more = ''): string =>
    `${name}: {field_type: scientific_metadata, machine_name: ${name}, value: x, type: string${more}}\n`;
  const folderOf = (rules: string, schemas: Readonly<Record<string, string>>) => {
    const texts = Object.entries(schemas).map(
      ([name, fields]) => [`/${name}`, inNotation(schemaText({ fields }), notation)] as const,
    );
    const members = texts.map(([file, text]) => folderMember({ file, schema: bindSchema(parseTree(text, notation)) }));
    return { texts: new Map(texts), found: checkRulesAmong(rulesOf(rules).set, members) };
  };
  const every = '- {rule: alike, metadata: ["*"]}';

  it.each<[string, string, Readonly<Record<string, string>>, Readonly<Record<string, readonly RegExp[]>>]>([
    [
      'one spelling is another one in the others',
      every,
      { a: item('sampleTemperature'), b: item('sample_temperature'), c: item('sample_temperature') },
      { '/a': [/“sampleTemperature” is called “sample_temperature” in b and 1 more/] },
    ],
    [
      'one unit is another one',
      every,
      { a: item('t', ', unit: K'), b: item('t', ', unit: K'), c: item('t', ', unit: C') },
      { '/c': [/“t” has the unit “C” here, and “K” in a and 1 more/] },
    ],
    ['all are alike', every, { a: item('t', ', unit: K'), b: item('t', ', unit: K'), c: item('u') }, {}],
    ['a unit that comes from the file is not known', every, { a: item('t', ', unit: K'), b: item('t') }, {}],
    ['another sign for the same unit', every, { a: item('t', ', unit: µm'), b: item('t', ', unit: μm') }, {}],
    ['two of one schema are two things', every, { a: item('a_b') + item('ab') }, {}],
    ['what the rule is not about', '- {rule: alike, metadata: ["x*"]}', { a: item('T'), b: item('t') }, {}],
    ['a rule for another instrument', '- {rule: alike, metadata: ["*"], instruments: [loki]}', { a: item('T'), b: item('t') }, {}], // prettier-ignore
  ])('%s', (_, rules, schemas, said) => {
    const { found } = folderOf(rules, schemas);
    const messages = [...found].map(([file, problems]) => [file, problems.map(({ message }) => message)]);
    expect(Object.fromEntries(messages)).toEqual(
      Object.fromEntries(
        Object.entries(said).map(([file, words]) => [file, words.map((each): unknown => expect.stringMatching(each))]),
      ),
    );
  });

  it('is mended by the name that the others have', () => {
    const schemas = { a: item('Sample-Name'), b: item('sample_name') + item('x'), c: item('sample_name') };
    const { texts, found } = folderOf(every, schemas);
    const [first] = found.get('/a') ?? [];
    const text = texts.get('/a') ?? '';
    expect(text.slice(first?.range?.start, first?.range?.end)).toMatch(/^"?Sample-Name"?$/);
    const after = applyEdits(text, first?.fixes?.[0]?.edits ?? []);
    expect(folderOf(every, schemas).texts.get('/b')).toContain('sample_name');
    expect(after).toMatch(/machine_name"?: "?sample_name/);
  });
});
