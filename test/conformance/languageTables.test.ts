import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../core/imsc/evaluation/evaluate.ts';
import { parseTree } from '../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../core/imsc/schema/schema.ts';
import { readSelector, selects } from '../../core/imsc/schema/selector.ts';
import { untag } from './taggedValue.ts';
import { valuesEqual } from '../../core/imsc/values/values.ts';
import { valueFromJsonText } from '../../core/imsc/values/jsonText.ts';

/** The rows of a table with the JSON text of each, which keeps `5.0`. */
function rowsOf(name: string): { row: unknown; text: string }[] {
  const text = readFileSync(path.join(import.meta.dirname, 'tables', `${name}.json`), 'utf8');
  return [...text.matchAll(/^\{(?:"selector"|"template").*?\}(?=,?$)/gm)].map(([line]) => ({
    row: JSON.parse(line) as unknown,
    text: line,
  }));
}

describe('selectors', () => {
  interface Row {
    readonly selector: unknown;
    readonly file: string;
    readonly value?: boolean;
  }
  /** Rows in which an unknown word counts as true, a documented source as false, or a colon as a fourth part. */
  const isDeviation = ({ selector, value }: Row): boolean => {
    const text = JSON.stringify(selector);
    const hasUnknownKey = /"(not|source|operator|operand_2|filename|selector|AND|OR|x)":/.test(text) && value === true;
    return hasUnknownKey || /"(datafile|nexusfile):/.test(text) || /filename:\w+:[^"]*:/.test(text);
  };
  const rows = rowsOf('selectors') as { row: Row; text: string }[];

  test('the table is read', () => {
    expect(rows.length).toBeGreaterThan(90);
  });

  test.each(rows.filter(({ row }) => !isDeviation(row)))('$text', ({ row }) => {
    const { root } = parseTree(JSON.stringify(row.selector), 'json');
    // Where the Python ingestor crashes, nothing matches here.
    expect(root ? selects(readSelector(root), row.file) : false).toBe(row.value ?? false);
  });
});

describe('templates', () => {
  interface Row {
    readonly template: unknown;
    readonly value?: unknown;
    readonly unit?: string;
    readonly error?: string;
  }
  // The variables that the table was recorded with.
  const variables = {
    s: { source: 'VALUE', value_type: 'string', value: 'text' },
    i: { source: 'NXS', value_type: 'integer', path: 'i' },
    f: { source: 'NXS', value_type: 'float', path: 'f' },
    l: { source: 'SC', value_type: 'list', url: 'l' },
    d: { source: 'SC', value_type: 'dict', url: 'd' },
    n: { source: 'SC', value_type: 'none', url: 'n' },
    b: { source: 'NXS', value_type: 'string', path: 'b' },
    m: { source: 'SC', value_type: 'string', url: 'm' },
    r: { source: 'SC', value_type: 'string', url: 'r' },
    ii: { source: 'VALUE', value_type: 'string', value: 'longer' },
    z: { source: 'VALUE', value_type: 'string', value: 'Z' },
    dollar: { source: 'VALUE', value_type: 'string', value: String.raw`$&$1\1` },
    i2: { source: 'NXS', value_type: 'integer', path: 'i2' },
  };
  const answers: Record<string, string> = { l: '["a", 1]', d: '{"k": null}', n: 'null', m: '"<b>x</b>"', r: '"<z>"' };
  const data: Record<string, readonly [json: string, unit: string]> = {
    i: ['5', 'm'],
    f: ['300.0', 'K'],
    i2: ['6', 'm'],
  };
  /** Text from data is not taken for a template here; and a boolean has no type of its own to be a variable. */
  const isDeviation = ({ template }: Row): boolean => /<[rmb]>/.test(JSON.stringify(template));

  test.each((rowsOf('templates') as { row: Row; text: string }[]).filter(({ row }) => !isDeviation(row)))(
    '$text',
    async ({ row, text }) => {
      const templateText = text.slice(text.indexOf(':') + 1, endOfTemplate(text));
      const schema = bindSchema(
        parseTree(
          `{"variables": ${JSON.stringify(variables)}, "schema": {"x": {"field_type": "scientific_metadata",
        "machine_name": "x", "type": "TYPE", "value": ${templateText}}}}`.replace('TYPE', typeFor(row.template)),
          'json',
        ),
      );
      const evaluation = await evaluate(schema, {
        builtIns: {},
        data: {
          read: (name) => {
            const [json, unit] = data[name] ?? ['null', ''];
            return Promise.resolve({
              value: valueFromJsonText(json),
              unit,
              unitFromFile: true,
              paths: [name],
              notes: [],
            });
          },
        },
        catalogue: { get: (url) => Promise.resolve({ url, answer: valueFromJsonText(answers[url] ?? 'null') }) },
      });
      const outcome = evaluation.fields[0]?.outcome;
      if (row.error !== undefined) {
        expect(outcome?.state).toBe('failed');
        return;
      }
      expect(outcome).toMatchObject({ state: 'known', unit: row.unit });
      const recorded = untag(valueFromJsonText(JSON.stringify(row.value)));
      expect(recorded && outcome?.state === 'known' && valuesEqual(outcome.value, recorded)).toBe(true);
    },
  );

  /** A type that leaves the value as it is. */
  function typeFor(template: unknown): string {
    if (Array.isArray(template)) return 'list';
    if (typeof template === 'object') return 'dict';
    const whole = /^<(\w+)>$/.exec(typeof template === 'string' ? template : '')?.[1] ?? '';
    return { i: 'integer', i2: 'integer', f: 'float', l: 'list', d: 'dict', n: 'none' }[whole] ?? 'string';
  }

  function endOfTemplate(text: string): number {
    const end = Math.max(text.lastIndexOf(', "value":'), text.lastIndexOf(', "error":'));
    return end;
  }
});
