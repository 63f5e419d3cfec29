import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { composeYaml } from '../../../../core/imsc/tree/composeYaml.ts';
import { scanYaml } from '../../../../core/imsc/tree/scanYaml.ts';
import { allSchemas } from '../sampleSchemas.ts';

// Many random texts: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

/** Texts as schemas have them, put together at random: nearly all are valid YAML. */
const scalar = fc.constantFrom(
  ...[
    'x',
    '5',
    '5.0',
    'yes',
    '<pid>',
    '/entry/*/name',
    'a - b',
    'a#b',
    'http://x/y?z=1',
    ':x',
    '-x',
    '?x',
    'string[]',
    'a:b',
  ],
  ...[
    "'it''s'",
    "'a: b # c'",
    '"a\\n\\u00e5 \\"q\\""',
    '"x # y"',
    '""',
    "''",
    '~',
    'é 😀',
    '12:30:45',
    '.5',
    '- -',
    'x\r',
  ],
  ...[
    '{a: 1, "b": [c, d], e: }',
    '[]',
    '[a, {b: c}]',
    '{a: <pid>} # c',
    '|\n{i}  one\n{i}    two\n\n',
    '>-\n{i}  one\n{i}  two',
    '|+\n{i} x\n\n',
  ],
  ...[
    'one\n{i}  two',
    '"one\n{i}  two"',
    "'one\n\n{i}  two'",
    '{a: 1,\n{i}  b: 2}',
    '[a, # c\n{i} b]',
    '>2\n{i}    a\n{i}  b',
    '|\n{i}  # no comment\n# one\n',
  ],
);
const key = fc.constantFrom('a', 'b c', 'value_type', '"q: k"', "'s'", '5', 'yes', '-k', 'k#l', 'a:b', 'é');
const ending = fc.constantFrom('', '', '', ' # note', '   ', '\n', '\n# line', '\n   # indented\n', '\n\n');

type Block = { kind: 'scalar'; text: string } | { kind: 'map' | 'list'; parts: Part[]; indent: number };
interface Part {
  key: string;
  blanks: string;
  value: Block | undefined;
  ending: string;
  compact: boolean;
}

const { block } = fc.letrec<{ block: Block; part: Part }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('scalar' as const), text: scalar }),
    fc.record({
      kind: fc.constantFrom('map' as const, 'list' as const),
      parts: fc.array(tie('part'), { minLength: 1, maxLength: 4 }),
      indent: fc.constantFrom(0, 1, 2, 2, 2, 4),
    }),
  ),
  part: fc.record({
    key,
    blanks: fc.constantFrom(' ', ' ', '  '),
    value: fc.option(tie('block'), { nil: undefined, freq: 8 }),
    ending,
    compact: fc.boolean(),
  }),
}));

/** The lines of a block whose first line may follow a dash. */
function write(value: Block, column: number): string {
  const indent = ' '.repeat(column);
  if (value.kind === 'scalar') return value.text.replaceAll('{i}', indent);
  return value.parts
    .map((part, index) => {
      const mark = value.kind === 'list' ? '-' : `${part.key}:`;
      return (index === 0 ? '' : indent) + mark + writeValue(part, value.kind, column) + '\n';
    })
    .join('');
}

function writeValue({ value, blanks, ending: end, compact }: Part, kind: 'map' | 'list', column: number): string {
  if (!value) return end;
  if (value.kind === 'scalar') return `${blanks}${write(value, column)}${/[\n]/.test(value.text) ? '' : end}`;
  if (kind === 'list' && compact) return blanks + write(value, column + 1 + blanks.length);
  const inner = column + (kind === 'map' && value.kind === 'list' ? value.indent : Math.max(1, value.indent));
  return `${end}\n${' '.repeat(inner)}${write(value, inner)}`;
}

const texts = fc
  .tuple(block, fc.constantFrom('', '# head\n', '---\n', '\n\n'))
  .map(
    ([value, head]) =>
      head +
      write(
        value.kind === 'scalar'
          ? { kind: 'map', indent: 0, parts: [{ key: 'a', blanks: ' ', value, ending: '', compact: false }] }
          : value,
        0,
      ),
  );

describe('the line scanner', () => {
  it('reads every sample schema as the yaml package does', () => {
    for (const { name, text } of allSchemas()) {
      if (!name.endsWith('.json')) expect(scanYaml(text)).toEqual(composeYaml(text));
    }
  });

  it('reads whatever is valid as the yaml package does, and finds fault where that does', () => {
    let compared = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const scanned = scanYaml(text);
        const composed = composeYaml(text);
        if (!scanned) return;
        if (composed.problems.length > 0) {
          expect(scanned.problems.length).toBeGreaterThan(0);
          return;
        }
        expect(scanned).toEqual(composed);
        compared++;
      }),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(1500);
  });

  it('leaves what must be read as a whole to the package', () => {
    for (const text of [
      'a: &x 1',
      'a: *x',
      '<<: {a: 1}',
      'a: 1\n---\nb: 2',
      '? a\n: b',
      '{a: 1}',
      'a:\t1',
      '%YAML 1.1\n---\na: 1',
    ]) {
      expect(scanYaml(text)).toBeUndefined();
    }
  });
});
