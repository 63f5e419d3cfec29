import { describe, expect, it } from 'vitest';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { problem } from '../../../../core/problems/problem.ts';
import { applySeverities, applySuppressions } from '../../../../core/imsc/checks/suppress.ts';

/** A schema whose one field holds the name of a variable. */
function schema({ above = '', behind = '', top = '' }): string {
  return `${top}id: a
name: a
selector: filename:contains:a
order: 1
variables: {}
schema:
  f:
    field_type: scientific_metadata
    machine_name: f
${above}    value: now${behind}
    type: string
`;
}

const codes = (text: string): string[] => checkText(text, 'yaml').problems.map(({ code }) => code);

describe('a comment', () => {
  it('is needed in these tests', () => {
    expect(codes(schema({}))).toEqual(['literal-is-variable']);
  });
  it.each([
    { above: '    # imsc-ignore-next-line literal-is-variable\n' },
    { above: '    # imsc-ignore-next-line unknown-key, literal-is-variable -- the word is meant\n', extra: 1 },
    { above: '    # imsc-ignore-next-line literal-is-variable --\n' },
    { above: '    # imsc-ignore-next-line\n' },
    { behind: ' # imsc-ignore literal-is-variable' },
    { behind: ' # imsc-ignore' },
    { top: '# imsc-ignore-file literal-is-variable\n' },
    { top: '# imsc-ignore-file\n' },
  ])('silences: %j', ({ extra = 0, ...places }) => {
    expect(codes(schema(places))).toEqual(Array.from({ length: extra }, () => 'unused-suppression'));
  });
  it.each([
    { above: '    # imsc-ignore-next-line unknown-key\n' },
    { top: '# imsc-ignore-next-line literal-is-variable\n' },
    { top: '# imsc-ignore literal-is-variable\n' },
    { top: '# imsc-ignore-file literal-is-a-variable\n' },
  ])('silences nothing and is reported: %j', (places) => {
    expect(codes(schema(places)).sort()).toEqual(['literal-is-variable', 'unused-suppression']);
  });
  it.each([{ top: '# imsc-ignored literal-is-variable\n' }, { top: '# see imsc-ignore-file\n' }])(
    'means something else: %j',
    (places) => {
      expect(codes(schema(places))).toEqual(['literal-is-variable']);
    },
  );
  it('is left alone where what it names needs a sample file', () => {
    expect(codes(schema({ top: '# imsc-ignore-file variable-failed\n' }))).toEqual(['literal-is-variable']);
  });
  it('is left alone where what it names needs the fields of SciCat', () => {
    expect(codes(schema({ top: '# imsc-ignore-file mandatory-field-missing\n' }))).toEqual(['literal-is-variable']);
  });
  it('works in JSON', () => {
    const text = `{
  // imsc-ignore-file literal-is-variable json-notation
  "id": "a", "name": "a", "selector": "filename:contains:a", "order": 1, "variables": {},
  "schema": {"f": {"field_type": "scientific_metadata", "machine_name": "f", "value": "now", "type": "string"}}
}`;
    const found = checkText(text, 'json').problems.map(({ code }) => code);
    expect(found).not.toContain('literal-is-variable');
    expect(found).not.toContain('unused-suppression');
  });
  it('mends a misspelt code', () => {
    const text = schema({ top: '# imsc-ignore-file literal-is-a-variable\n' });
    const fix = checkText(text, 'yaml').problems.find(({ code }) => code === 'unused-suppression')?.fixes?.[0]
      ?.edits[0];
    expect(text.slice(fix?.range.start, fix?.range.end)).toBe('literal-is-a-variable');
    expect(fix?.newText).toBe('literal-is-variable');
  });
  it('offers nothing for a code that resembles none', () => {
    const [found] = checkText(schema({ top: '# imsc-ignore-file zzzzzzzzzz\n' }), 'yaml').problems.filter(
      ({ code }) => code === 'unused-suppression',
    );
    expect(found?.message).toBe('“zzzzzzzzzz” is not a code of a problem.');
    expect(found?.fixes ?? []).toEqual([]);
  });
  it('silences no syntax error and nothing in other files', () => {
    const tree = parseTree('# imsc-ignore-file\na: b\n', 'yaml');
    const problems = [
      problem('syntax', 'broken', { start: 19, end: 20 }),
      problem('unknown-key', 'elsewhere', { start: 19, end: 20 }, { file: '/other' }),
      problem('unknown-key', 'here', { start: 19, end: 20 }),
    ];
    expect(applySuppressions(tree, problems).map(({ message }) => message)).toEqual(['broken', 'elsewhere']);
  });
});

describe('settings', () => {
  const problems = [problem('unknown-key', 'a'), problem('unused-variable', 'b')];
  it('change severities', () => {
    expect(applySeverities(problems, { 'unknown-key': 'hint' }).map(({ severity }) => severity)).toEqual([
      'hint',
      'hint',
    ]);
  });
  it('turn a kind of problem off', () => {
    expect(applySeverities(problems, { 'unused-variable': 'off' }).map(({ message }) => message)).toEqual(['a']);
  });
});
