import fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { encodeText, textOffsetOf, valueOffsetOf } from '../../../../core/imsc/tree/scalarText.ts';
import type { Node, ScalarNode, ScalarStyle, Tree } from '../../../../core/imsc/tree/tree.ts';
import { allSchemas, corpusSchemas } from '../sampleSchemas.ts';

// Many random texts: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

function scalarsOf(node: Node | undefined): ScalarNode[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'scalar':
      return [node];
    case 'list':
      return node.items.flatMap(scalarsOf);
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, ...scalarsOf(entry.value)]);
  }
}

function textOf({ value }: ScalarNode): string {
  return value.kind === 'string' ? value.value : '';
}

/** What stands in the file where `wanted` stands in the decoded text of the first scalar that has it. */
function sourceOf(tree: Tree, wanted: string): string {
  const scalar = scalarsOf(tree.root).find((candidate) => textOf(candidate).includes(wanted))!;
  const start = textOf(scalar).indexOf(wanted);
  return tree.text.slice(textOffsetOf(scalar, start), textOffsetOf(scalar, start + wanted.length));
}

describe('a place in a decoded text', () => {
  test.each([
    ['yaml', 'a: before <pid> after', '<pid>'],
    ['yaml', "a: 'it''s <pid>'", '<pid>'],
    ['yaml', 'a: "\\u00e5\\n\\x41 😀 <pid>\\t"', '<pid>'],
    ['yaml', 'a: >-\n    folded text\n    over <pid>\n\n    and more\nb: 1\n', '<pid>'],
    ['yaml', 'a: |\n  x\n    deeper <pid>\n  y\n', '<pid>'],
    ['yaml', 'a: |2\n    x\n   <pid>\n', '<pid>'],
    ['yaml', 'a: >\n  x\n\n    more\n\n  <pid>\n', '<pid>'],
    ['yaml', 'a: plain\n  text <pid>\n\n  more\n', '<pid>'],
    ['yaml', 'a: "long \\\n   text <pid>\n  b"\n', '<pid>'],
    ['yaml', 'a: |\r\n  x\r\n  <pid>\r\n', '<pid>'],
    ['json', '{"a": "\\u00e5\\n\\\\ <pid>"}', '<pid>'],
    ['json', '{"<pid>": "\\ud83d\\ude00"}', '<pid>'],
  ] as const)('%s %j', (notation, text, wanted) => {
    expect(sourceOf(parseTree(text, notation), wanted)).toBe(wanted);
  });

  it('is found again from the place in the file, for every unit of every sample schema', () => {
    for (const { name, text } of allSchemas()) {
      const tree = parseTree(text, name.endsWith('json') ? 'json' : 'yaml');
      for (const scalar of scalarsOf(tree.root)) {
        const value = textOf(scalar);
        let last = scalar.range.start - 1;
        for (let i = 0; i <= value.length; i++) {
          const offset = textOffsetOf(scalar, i);
          expect(offset).toBeGreaterThanOrEqual(last);
          expect(offset).toBeLessThanOrEqual(scalar.range.end);
          if (offset > last) expect(valueOffsetOf(scalar, offset)).toBe(i);
          // A unit that stands in the file as itself is found where it stands.
          if (i < value.length && /[<>\w]/.test(value[i]!) && text[offset] !== '\\')
            expect(text[offset]).toBe(value[i]);
          last = offset;
        }
      }
    }
  });

  it('outside of the text is moved to its nearest end', () => {
    const [, scalar] = scalarsOf(parseTree("a: 'xy'", 'yaml').root);
    expect([textOffsetOf(scalar!, -1), textOffsetOf(scalar!, 99)]).toEqual([4, 6]);
    expect([valueOffsetOf(scalar!, 0), valueOffsetOf(scalar!, 99)]).toEqual([0, 2]);
  });
});

describe('a text put into a scalar', () => {
  const carriers: Record<ScalarStyle, (text: string) => string> = {
    plain: (text) => `a: x${text}x`,
    'single-quoted': (text) => `a: 'x${text}x'`,
    'double-quoted': (text) => `a: "x${text}x"`,
    'block-literal': (text) => `a: |-\n  x${text}x`,
    'block-folded': (text) => `a: >-\n  x${text}x`,
    json: (text) => `{"a": "x${text}x"}`,
  };
  test.each(Object.keys(carriers) as ScalarStyle[])('of style %s is read back as it was', (style) => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom("it's", 'a: b', 'a #b', '"', '\\', '\n')),
        (text) => {
          const encoded = encodeText(text, style);
          if (encoded === undefined) return;
          const tree = parseTree(carriers[style](encoded), style === 'json' ? 'json' : 'yaml');
          expect(tree.problems).toEqual([]);
          expect(textOf(scalarsOf(tree.root)[1]!)).toBe(`x${text}x`);
        },
      ),
    );
  });

  test.each([
    ['a: b', 'plain', undefined],
    ['a\nb', 'single-quoted', undefined],
    ["it's", 'single-quoted', "it''s"],
    ['"', 'json', '\\"'],
  ] as const)('%j in style %s is %j', (text, style, expected) => {
    expect(encodeText(text, style)).toBe(expected);
    expect(encodeText('a, b', 'plain', true)).toBeUndefined();
  });
});

test.skipIf(corpusSchemas().length === 0)(
  'real schemas (folder IMSC_CORPUS) have their references where they are',
  () => {
    for (const { name, text } of corpusSchemas()) {
      const tree = parseTree(text, name.endsWith('json') ? 'json' : 'yaml');
      for (const scalar of scalarsOf(tree.root)) {
        for (const match of textOf(scalar).matchAll(/<\w+>/g)) {
          const start = textOffsetOf(scalar, match.index);
          expect(text.slice(start, start + match[0].length)).toBe(match[0]);
        }
      }
    }
  },
);
