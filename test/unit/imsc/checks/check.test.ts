import { describe, expect, it } from 'vitest';
import { checkSchema, checkText, judgedIn } from '../../../../core/imsc/checks/checkSchema.ts';
import type { CheckContext } from '../../../../core/imsc/checks/checkSchema.ts';
import { convertNotation } from '../../../../core/imsc/edits/convert.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import type { ProblemCode } from '../../../../core/problems/problemCodes.ts';
import type { Problem, TextEdit } from '../../../../core/problems/problem.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import { checkDatasetField } from '../../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';
import { cases, completed } from './checkCases.ts';
import type { CheckCase } from './checkCases.ts';
import { corpusSchemas } from '../sampleSchemas.ts';

const fields: CheckContext = { datasetFields, refusalOf: checkDatasetField };

function contextOf({ withFields, dialect }: CheckCase): CheckContext {
  return { ...(withFields ? fields : {}), ...(dialect && { dialect }) };
}

/** Only said where a case asks for it: most pieces use nothing and half of all runs are JSON. */
const everywhere = new Set(['unused-variable', 'json-notation']);

function marked(text: string): { text: string; start: number; end: number } {
  const start = text.indexOf('⟦');
  const end = text.indexOf('⟧') - 1;
  return { text: text.replace(/[⟦⟧]/g, ''), start, end };
}

function codesOf(problems: readonly Problem[], { code }: CheckCase): string[] {
  return problems
    .map((found) => found.code)
    .filter((found) => !everywhere.has(found) || found === code)
    .sort();
}

function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((before, { range, newText }) => before.slice(0, range.start) + newText + before.slice(range.end), text);
}

/** What the text at a range says, however it is written. */
function said(text: string, { range }: Problem): string {
  return text.slice(range?.start, range?.end).replace(/["'\s\\]/g, '');
}

describe('what is said of a schema', () => {
  for (const example of cases) {
    const context = contextOf(example);
    const { text, start, end } = marked(completed(example.yaml));
    const expected = (example.code ? [example.code, ...(example.also ?? [])] : []).sort();

    it(`${example.code ?? 'nothing'}: ${example.name}`, () => {
      const { problems } = checkText(text, 'yaml', context);
      expect(codesOf(problems, example), JSON.stringify(problems)).toEqual(expected);
      const places = problems.filter(({ code }) => code === example.code).map(({ range }) => range);
      if (example.code) expect(places).toContainEqual({ start, end });
    });

    if (example.onlyYaml) continue;
    it(`${example.code ?? 'nothing'}: ${example.name}, in JSON`, () => {
      const json = convertNotation(parseTree(text, 'yaml'), 'json');
      const { problems } = checkText(json, 'json', context);
      expect(codesOf(problems, example), json).toEqual(expected);
      if (!example.code) return;
      const places = problems.filter(({ code }) => code === example.code).map((found) => said(json, found));
      expect(places).toContain(
        text
          .slice(start, end)
          .replace(/["'\s\\]/g, '')
          .replace(/(?<=[[{,:])(\w+)/g, '$1'),
      );
    });
  }
});

describe('fixes', () => {
  for (const example of cases.filter(({ fixed }) => fixed !== undefined)) {
    const context = contextOf(example);
    const { text } = marked(completed(example.yaml));
    const wanted = completed(example.fixed ?? '');
    const fixOf = (problems: readonly Problem[]): readonly TextEdit[] =>
      problems.find(({ code }) => code === example.code)?.fixes?.[0]?.edits ?? [];

    it(`of ${example.code ?? ''}: ${example.name}`, () => {
      const after = applyEdits(text, fixOf(checkText(text, 'yaml', context).problems));
      expect(after).toBe(wanted);
      const left = checkText(after, 'yaml', context).problems;
      expect(left.map(({ code }) => code)).not.toContain(
        example.code === 'mandatory-field-missing' ? 'syntax' : example.code,
      );
    });

    if (example.onlyYaml) continue;
    it(`of ${example.code ?? ''}: ${example.name}, in JSON`, () => {
      const json = convertNotation(parseTree(text, 'yaml'), 'json');
      const after = parseTree(applyEdits(json, fixOf(checkText(json, 'json', context).problems)), 'json');
      expect(after.problems).toEqual([]);
      expect(valueOf(after.root)).toEqual(valueOf(parseTree(wanted, 'yaml').root));
    });
  }
});

describe('each fix of each problem', () => {
  /** What may come after one: a field that was added is filled in by a person. */
  const toBeFilledIn = new Set(['field-empty', 'placeholder-left']);

  for (const example of cases) {
    const context = contextOf(example);
    const text = marked(completed(example.yaml)).text;
    const before = checkText(text, 'yaml', context).problems;
    const offered = before.flatMap((found) => (found.fixes ?? []).map((fix) => ({ found, fix })));
    if (offered.length === 0) continue;
    it(`mends it and brings no other: ${example.code ?? 'nothing'}, ${example.name}`, () => {
      for (const { found, fix } of offered) {
        const after = applyEdits(text, fix.edits);
        const left = checkText(after, 'yaml', context).problems;
        const same = ({ code, message }: Problem): boolean => code === found.code && message === found.message;
        expect(left.filter(same).length, `${fix.title}\n${after}`).toBeLessThan(before.filter(same).length);
        const severe = (problems: readonly Problem[]): string[] =>
          problems
            .filter(({ severity, code }) => ['error', 'warning'].includes(severity) && !toBeFilledIn.has(code))
            .map(({ code }) => code);
        const old = severe(before);
        const fresh = severe(left).filter((code) => !old.includes(code));
        expect(fresh, `${fix.title}\n${after}`).toEqual([]);
      }
    });
  }
});

it('has a case for every code that is looked for', () => {
  const structural = [
    'duplicate-key',
    'json-comment',
    'json-trailing-comma',
    'missing-key',
    'schema-and-schemas',
    'structure',
    'unknown-key',
    'unknown-source',
    'wrong-shape',
  ];
  const elsewhere = [
    'json-byte-order-mark',
    'json-notation',
    'json-read-as-yaml',
    'unused-suppression',
    'schema-file-name',
  ];
  const covered = new Set<string>([...cases.map(({ code }) => code ?? ''), ...structural, ...elsewhere]);
  const judged = judgedIn({ ...fields, file: 'a.imsc.yml' });
  expect([...judged].filter((code) => !covered.has(code))).toEqual([]);
});

it.each(['yaml', 'json'] as const)(
  'goes on with the next variable where one asks SciCat for nothing, in %s',
  (notation) => {
    const variables = `variables:
  a: {source: SC, field: b, value_type: string}
  c: {source: SC, url: proposal/1, field: b, value_type: string}`;
    const tree = parseTree(completed(variables), 'yaml');
    const { problems } = checkText(notation === 'yaml' ? tree.text : convertNotation(tree, 'json'), notation, {});
    const said = problems.filter(({ code }) => code !== 'unused-variable' && code !== 'json-notation');
    expect(said.map(({ code }) => code)).toEqual(['missing-key', 'unknown-endpoint']);
  },
);

describe('missing fields', () => {
  const missing = (text: string, notation: 'json' | 'yaml'): Problem[] =>
    checkText(text, notation, fields).problems.filter(({ code }) => code === 'mandatory-field-missing');

  it.each(['yaml', 'json'] as const)('can all be added at once, in %s', (notation) => {
    const yaml = completed(
      'schema:\n  a:\n    field_type: high_level\n    machine_name: description\n    value: a\n    type: string',
    );
    const text = notation === 'yaml' ? yaml : convertNotation(parseTree(yaml, 'yaml'), 'json');
    const before = missing(text, notation);
    // All that are simply missing are one problem; without a pid the configuration decides.
    expect(before).toHaveLength(2);
    expect(before[0]?.message).toMatch(/^8 mandatory fields are missing: “owner”, .*“creationLocation”\.$/);
    const after = applyEdits(
      text,
      before.flatMap(({ fixes }) => fixes?.[0]?.edits ?? []),
    );
    expect(parseTree(after, notation).problems).toEqual([]);
    expect(missing(after, notation)).toEqual([]);
  });

  it.each(['schema:\n', 'schema: {}\n'])('are added to an empty section: %j', (section) => {
    const text = `id: a\nname: a\nselector: filename:contains:a\norder: 1\nvariables: {}\n${section}`;
    let mended = text;
    for (let round = 0; round < 9; round++) {
      mended = applyEdits(mended, missing(mended, 'yaml').find(({ fixes }) => fixes?.length)?.fixes?.[0]?.edits ?? []);
    }
    expect(missing(mended, 'yaml')).toEqual([]);
  });

  it('are filled with the variables that seem to be meant', () => {
    const text = completed('variables:\n  title: {source: NXS, path: /entry/title, value_type: string}\nschema: {}');
    const mended = applyEdits(text, missing(text, 'yaml')[0]?.fixes?.[0]?.edits ?? []);
    expect(mended).toMatch(/machine_name: "datasetName",\n\s+value: "<title>"/);
  });

  it('are not asked for while the text is broken or where other schemas are imported', () => {
    expect(missing('id: a\nschema: {a: [\n', 'yaml')).toEqual([]);
    expect(missing(completed('import: [other]\nschema: {}'), 'yaml')).toEqual([]);
  });
});

describe('a file', () => {
  const codes = (file: string): string[] => checkText(completed(''), 'yaml', { file }).problems.map(({ code }) => code);

  it.each(['/a/b.imsc.yml', 'b.imsc.yaml'])('may be called %s', (file) => {
    expect(codes(file)).toEqual([]);
  });
  it.each(['/a/b.yml', 'b.imsc.yml.bak', '.b.imsc.yml'])('may not be called %s', (file) => {
    expect(codes(file)).toEqual(['schema-file-name']);
  });

  it.each([
    ['{}', ['1:1 Schemas in JSON still work; the Python ingestor asks for YAML.']],
    ['\n {"id": "a"}', ['2:2 Schemas in JSON still work; the Python ingestor asks for YAML.']],
    // What is no schema at all is not told how schemas are written.
    ['[]', []],
    ['"a"', []],
  ])('in JSON is told so at its first character: %j', (text, wanted) => {
    const found = checkText(text, 'json', {}).problems.filter(({ code }) => code === 'json-notation');
    const said = found.map(({ message, range: { start, end } = { start: 0, end: 0 } }) => {
      expect(end).toBe(start + 1);
      const lines = text.slice(0, start).split('\n');
      return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1} ${message}`;
    });
    expect(said).toEqual(wanted);
  });
});

/** Counts how often nodes of a parsed text are looked at. */
function visits(variables: number): number {
  const lines = Array.from({ length: variables }, (_, i) => [
    `  v${i}: {source: VALUE, value: 'a <v${Math.max(i - 1, 0)}> <nothing${i}> b', operator: to_upper, unit: m, value_type: strin}`,
  ]);
  const assignments = Array.from(
    { length: variables },
    (_, i) => `  f${i}: {field_type: high_level, machine_name: n${i}, value: <v${i}>, type: string}`,
  );
  const text = completed(`variables:\n${lines.join('\n')}\nschema:\n${assignments.join('\n')}`);
  const tree = parseTree(text, 'yaml');
  let count = 0;
  const watch = (node: object): void => {
    for (const [key, content] of Object.entries(node) as [string, unknown][]) {
      if (typeof content === 'object' && content !== null) watch(content);
      if (!['range', 'entries', 'items', 'kind', 'value'].includes(key)) continue;
      Object.defineProperty(node, key, {
        get: () => {
          count++;
          return content;
        },
      });
    }
  };
  if (tree.root) watch(tree.root);
  checkSchema(bindSchema(tree), fields);
  return count;
}

it('looks at each part of a schema a fixed number of times', () => {
  const [once, twice] = [visits(1000), visits(2000)];
  expect(twice / once).toBeLessThan(2.1);
});

const corpus = new Map(corpusSchemas().map(({ name, text }) => [name, text]));

/** Real schemas, where they are at hand (IMSC_CORPUS), and the mistakes that a reader found in them. */
describe.skipIf(corpus.size === 0)('real schemas', () => {
  const base = ['resources__base.imsc.yml', 'resources__base.imsc.json'];
  const four = [...base, 'resources__coda.imsc.yml', 'resources__loki.imsc.yml', 'resources__dream.imsc.json'];
  const ill = ['schemas__diff_powder.imsc.json', 'schemas__figaro.imsc.json', 'schemas__tof_bs.imsc.json'];
  const mistakes: readonly [code: ProblemCode, said: string, files: readonly string[]][] = [
    ['literal-is-variable', 'instrument_id', [...four, 'resources__small-coda.imsc.yml']],
    ['literal-is-variable', 'proposal_id', [...base, 'resources__loki.imsc.yml']],
    ['self-reference', '<acquisition_team_members>', four],
    ['field-leading-colon', ':pi_lastname', four],
    ['field-of-list', 'id', four],
    ['unknown-field', 'location', four],
    ['mandatory-field-missing', 'schema', [...four, ...ill]],
    ['type-doubtful', 'integer', four],
    ['selector-invalid', 'file_name:starts_with:/', ['tests__resources__example_schema.imsc.yml']],
    ['other-dialect', 'dirname:starts_with:rawdata', ill],
    ['unused-variable', 'acquisition_team_members_list', four],
    ['unused-variable', 'instrument_name', ['resources__small-coda.imsc.yml']],
    ['unknown-variable', '<filepath>', ['resources__small-coda.imsc.json']],
    ['schema-file-name', '{', ['schemas__diff_single_cristal.json']],
    ['other-dialect', 'import', ['resources__d17.imsc.json']],
    ['missing-key', 'id', ['resources__modules__ill.imsc.json']],
  ];
  it.each(mistakes.flatMap(([code, text, files]) => files.map((file) => [code, text, file] as const)))(
    '%s at “%s” in %s',
    (code, text, file) => {
      const source = corpus.get(file) ?? '';
      const { problems } = checkText(source, undefined, { ...fields, file });
      expect(problems.filter((found) => found.code === code).map((found) => said(source, found))).toContain(text);
    },
  );

  it('says no more of the fallback schema than that a machine wrote it', () => {
    const text = corpus.get('src__fallback_metadata_schema__ess-fallback.imsc.yml') ?? '';
    expect(checkText(text, 'yaml', fields).problems).toEqual([]);
  });
});
