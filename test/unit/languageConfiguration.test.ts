import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface EnterRule {
  readonly beforeText: string;
  readonly afterText?: string;
  readonly action: { readonly indent: 'none' | 'indent'; readonly appendText?: string };
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const { onEnterRules } = read('language/imsc-yaml.json') as { readonly onEnterRules: readonly EnterRule[] };
const { contributes } = read('package.json') as {
  readonly contributes: { readonly configurationDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
};

/** What VS Code begins the next line with after Enter at the end of a line: the first rule that fits counts. */
function nextLine(line: string): string {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const rule = onEnterRules.find(
    ({ beforeText, afterText }) => new RegExp(beforeText).test(line) && new RegExp(afterText ?? '').test(''),
  );
  if (rule === undefined) return indent;
  return indent + (rule.action.indent === 'indent' ? '  ' : '') + (rule.action.appendText ?? '');
}

describe('Enter in YAML', () => {
  it.each([
    // Behind a key its value begins one step further in.
    ['schema:', '  '],
    ['  sample_name:', '    '],
    ['  sample name:  ', '    '],
    ['  "a: b":', '    '],
    ["  'x':", '    '],
    ['  base: &base', '    '],
    ['  text: |', '    '],
    ['  text: >-', '    '],
    ['  temp: # of the sample', '    '],
    ['selector: &s # said below', '  '],
    // Behind a value the next key.
    ['  source: NXS', '  '],
    ['  path: /entry/title', '  '],
    ['  url: http://a/b:', '  '],
    ['  value: "a:"', '  '],
    ['  # said before:', '  '],
    ['', ''],
    // Lists go on with an item, and a map in a list with its next key.
    ['  - and:', '      '],
    ['  - operator: contains', '    '],
    ['  - filename:contains:/raw/', '  - '],
    ['  - "*"', '  - '],
    ['  - ', '  '],
    ['  - {source: filename,', '  '],
    ['  - {source: filename, operator: contains}', '  - '],
  ])('%j → %j', (line, next) => {
    expect(nextLine(line)).toBe(next);
  });
});

it.each(['[imsc-json]', '[imsc-yaml]'])('%s proposes no words of the comments', (language) => {
  expect(contributes.configurationDefaults[language]?.['editor.wordBasedSuggestions']).toBe('off');
});
