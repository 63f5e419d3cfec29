import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const { contributes } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  contributes: { problemMatchers: { name: string; pattern: Pattern | [Pattern] }[] };
};

type Pattern = Readonly<Record<'file' | 'line' | 'column' | 'message' | 'severity' | 'code', number>> & {
  readonly regexp: string;
};

/** What VS Code reads of a line of a task. */
function read(name: string, line: string): Readonly<Record<string, string | undefined>> | undefined {
  const found = contributes.problemMatchers.find((each) => each.name === name)?.pattern;
  const pattern = Array.isArray(found) ? found[0] : found;
  const match = pattern && new RegExp(pattern.regexp).exec(line);
  if (!match) return undefined;
  const groups = Object.entries(pattern).filter((each): each is [string, number] => typeof each[1] === 'number');
  return Object.fromEntries(groups.map(([key, group]) => [key, match[group]]));
}

it.each<[string, string, Readonly<Record<string, string>> | undefined]>([
  [
    'imsc-check',
    'schemas/a.imsc.yml:2:10: error: “name” (name of the schema) is missing. [missing-key]',
    {
      file: 'schemas/a.imsc.yml',
      line: '2',
      column: '10',
      severity: 'error',
      message: '“name” (name of the schema) is missing.',
      code: 'missing-key',
    },
  ],
  [
    'imsc-check',
    'a.imsc.yml:2:1: info: only [some] know it: others refuse it. [other-dialect]',
    {
      file: 'a.imsc.yml',
      line: '2',
      column: '1',
      severity: 'info',
      message: 'only [some] know it: others refuse it.',
      code: 'other-dialect',
    },
  ],
  ['imsc-check', '2 schemas checked: 9 errors, 0 warnings.', undefined],
  [
    'imsc-test',
    '    schemas/coda.imsc.test.yml:9:3: variable sample_temperature',
    { file: 'schemas/coda.imsc.test.yml', line: '9', column: '3', message: 'variable sample_temperature' },
  ],
  ['imsc-test', '✗ schemas/coda.imsc.test.yml 180 ms', undefined],
  ['imsc-test', '      - 4.03 K', undefined],
])('%s reads %j', (name, line, expected) => {
  expect(read(name, line)).toEqual(expected);
});
