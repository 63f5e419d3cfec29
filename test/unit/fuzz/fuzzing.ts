import fc from 'fast-check';

/**
 * How many cases a test tries: what it can in a few seconds, or with `FUZZ_RUNS` as many as that, more where a case is
 * cheap and fewer where it is not. `FUZZ_SEED` repeats a run; without it
 * the seed is always the same, so that a test that passed today passes tomorrow.
 */
export function fuzzing(usualRuns: number): { readonly numRuns: number; readonly seed: number } {
  const runs = Number(process.env['FUZZ_RUNS']);
  const seed = process.env['FUZZ_SEED'] === undefined ? 20_260_101 : Number(process.env['FUZZ_SEED']);
  const numRuns = runs > 0 ? Math.ceil((usualRuns / 2000) * runs) : usualRuns;
  if (runs > 0) console.log(`${numRuns} cases`);
  return { numRuns, seed };
}

/** Milliseconds that a test may take; one that tries many cases gets more. */
export const patience = process.env['FUZZ_RUNS'] === undefined ? 60_000 : 3_600_000;

/** Milliseconds beyond which one case counts as a hang, on a busy computer too. */
export const longest = 5_000;

/** What is easily taken for something else. */
const oddities = [
  ...['<', '>', '<pid>', '<<', '{', '}', '[', ']', ':', '- ', ',', '&a ', '*a', '!!binary ', '|', '#', '"', "'", '\\'],
  ...['\t', '\n', '\r', '\u0000', '\uFEFF', '\uD800', '💥', 'é', '\u2028', ' ', '    ', '---\n', '...\n', '%YAML 9\n'],
  ...[
    'null',
    '~',
    'yes',
    '.nan',
    '-.inf',
    '1e999',
    '-0',
    '0x',
    '012',
    '1_000',
    '9'.repeat(400),
    '2025-99-99',
    '12:30:45',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '${x}', '{{x}}', '/*', '*/', '//', '<<: *a\n'],
  ...[
    'a'.repeat(3000),
    '['.repeat(300),
    '{"a":'.repeat(300),
    '- '.repeat(300),
    '(a+)+$',
    '<'.repeat(500),
    '*/'.repeat(50),
  ],
];

type Edit = readonly [at: number, length: number, what: string];

/** A text of these with a few things cut out, put in or written twice. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const edit: fc.Arbitrary<Edit> = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.oneof(fc.constant(0), fc.nat(12), fc.nat(400)),
    fc.oneof(fc.constant(''), fc.constantFrom(...oddities), fc.string({ unit: 'binary', maxLength: 6 })),
  );
  return fc.tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 })).map(([text, edits]) => {
    return edits.reduce((now, [where, length, what]) => {
      const at = Math.floor(where * now.length);
      // The same again, for something that stands twice.
      const put = what === '' && length > 12 ? now.slice(at, at + length).repeat(2) : what;
      return now.slice(0, at) + put + now.slice(at + length);
    }, text);
  });
}
