import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pythonRegex } from '../../core/text/pythonRegex.ts';

interface Table {
  about: string;
  rows: { pattern: string; matches?: string[]; error?: string }[];
}

const table = JSON.parse(readFileSync(new URL('tables/wildcard-regex.json', import.meta.url), 'utf8')) as Table;
const keys = JSON.parse(table.about.slice(table.about.indexOf('['))) as string[];

test.each(table.rows)('$pattern', ({ pattern, matches, error }) => {
  if (error !== undefined) {
    expect(() => pythonRegex(pattern)).toThrow(SyntaxError);
  } else {
    const regex = pattern === '*' ? /(?:)/ : pythonRegex(pattern);
    expect(keys.filter((key) => regex.test(key))).toEqual(matches);
  }
});
