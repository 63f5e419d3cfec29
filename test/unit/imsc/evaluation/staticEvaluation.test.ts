import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseByContent } from '../../../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { evaluateStatically } from '../../../../core/imsc/evaluation/staticEvaluation.ts';
import type { ValueKind } from '../../../../core/imsc/values/values.ts';

const folder = path.resolve(import.meta.dirname, '../../../conformance/vectors');

interface Recorded {
  readonly name: string;
  readonly policy: string;
  readonly schema_text?: string;
  readonly expect: { readonly variables: Readonly<Record<string, { readonly pytype: string }>> | null };
}

const vectors = readdirSync(folder)
  .filter((name) => name !== 'INDEX.json')
  .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Recorded)
  .filter(({ policy, schema_text, expect: { variables } }) => policy === 'match' && schema_text && variables);

const pythonNames: Readonly<Record<string, ValueKind>> = {
  str: 'string',
  int: 'integer',
  float: 'float',
  bool: 'boolean',
  NoneType: 'none',
  list: 'list',
  dict: 'dict',
};

/** What is said without a file must hold with every file: here with those that were recorded. */
describe('what is known without a file', () => {
  it.each(vectors)('is true in the recorded case $name', ({ schema_text = '', expect: { variables } }) => {
    const { variables: known } = evaluateStatically(bindSchema(parseByContent(schema_text)));
    const wrong = Object.entries(variables ?? {}).flatMap(([name, { pytype }]) => {
      // An ellipsis in a literal is the one thing of Python's that conversions leave out.
      if (pytype === 'list[ellipsis]') return [];
      const value = known.get(name);
      const kind = value?.state === 'typed' ? value.kind : value?.state === 'constant' ? value.value.kind : undefined;
      const recorded = pythonNames[pytype.replace(/\[.*/, '')];
      // A date of Python's may be null where this calls it failed.
      if (value?.state === 'failed') return recorded === 'none' ? [] : [`${name} has a value and is called failed`];
      if (kind === undefined || recorded === undefined || kind === recorded || recorded === 'none') return [];
      return [`${name} is ${recorded} and is called ${kind}`];
    });
    expect(wrong).toEqual([]);
  });

  it('is checked with many cases', () => {
    expect(vectors.length).toBeGreaterThan(100);
  });
});
