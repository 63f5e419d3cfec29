import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTree } from '../../core/imsc/tree/parse.ts';
import { entryOf, valueOf } from '../../core/imsc/tree/tree.ts';
import type { Value } from '../../core/imsc/values/values.ts';

interface Row {
  readonly yaml: string;
  readonly value?: unknown;
  readonly error?: string;
}

const table = JSON.parse(readFileSync(new URL('tables/yaml11.json', import.meta.url), 'utf8')) as { rows: Row[] };

/** What PyYAML refuses and we read, with a warning. */
const deviations = new Map([['k: <<', '<<']]);

/** A value as the table writes it. */
function tagged(value: Value): unknown {
  switch (value.kind) {
    case 'none':
      return null;
    case 'integer':
      return { $int: String(value.value) };
    case 'float':
      return { $float: pythonFloat(value.value) };
    case 'boolean':
    case 'string':
      return value.value;
    default:
      return value.kind;
  }
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** Python's repr, for the values that the table has. */
function repr(value: Value): string {
  switch (value.kind) {
    case 'dict':
      return `{${value.entries.map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'string':
      return `'${value.value}'`;
    case 'integer':
      return String(value.value);
    default:
      return value.kind;
  }
}

test.each(table.rows)('$yaml', ({ yaml, value, error }) => {
  const tree = parseTree(yaml, 'yaml');
  const deviation = deviations.get(yaml);
  if (error !== undefined && deviation === undefined) {
    expect(tree.problems.map(({ code }) => code)).toContain('syntax');
    return;
  }
  expect(tree.problems.map(({ code }) => code)).toEqual(deviation === undefined ? [] : ['pyyaml-refuses']);
  if (!yaml.startsWith('k: ')) {
    expect(repr(valueOf(tree.root))).toBe(value);
    return;
  }
  const read = tree.root?.kind === 'map' ? tagged(valueOf(entryOf(tree.root, 'k')?.value)) : undefined;
  // Dates stay the text that was written.
  const isDate = typeof value === 'object' && value !== null && '$date' in value;
  expect(read).toEqual(deviation ?? (isDate ? yaml.slice('k: '.length) : value));
});
