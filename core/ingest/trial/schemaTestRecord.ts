import type { Problem, TextRange } from '../../problems/problem.ts';
import type { Difference } from './compareWithTest.ts';
import type { SchemaTestResult } from './schemaTest.ts';

/** Lines and columns of a range of a file; undefined where that cannot be told. */
export type PlaceOf = (file: string, range: TextRange) => object | undefined;

/** A test that was run, and what is known of it besides. */
export interface RanTest extends SchemaTestResult {
  readonly milliseconds: number;
  /** Whether its file was changed to what came out. */
  readonly updated: boolean;
  /** What was expected before, and holds since it was. */
  readonly changes: readonly Difference[];
}

/** What came of a test as data for other programs: the editor reads the same from the command line and from its server. */
export function schemaTestRecord(result: RanTest, placeOf: PlaceOf): object {
  const { file, schema, sample, outcome, milliseconds, updated, changes, differences, problems } = result;
  return {
    file,
    schema: schema ?? null,
    sample: sample ?? null,
    outcome,
    milliseconds,
    updated,
    changes: changes.map(({ part, name, message, expected = null, actual = null }) => {
      return { part, name, message, expected, actual };
    }),
    differences: differences.map(({ range, expected, actual, ...rest }) => ({
      ...rest,
      expected: expected ?? null,
      actual: actual ?? null,
      range: range ? (placeOf(rest.file, range) ?? null) : null,
    })),
    problems: problems.map(({ code, severity, message, file: other, range }: Problem) => ({
      code,
      severity,
      message,
      file: other ?? null,
      range: (range && other !== undefined && placeOf(other, range)) ?? null,
    })),
  };
}
