import { understandSchemaTest } from '../../core/ingest/trial/schemaTestFile.ts';
import type { TextRange } from '../../core/problems/problem.ts';
import type { ServerContext } from '../context.ts';
import type { DocumentParameters, Expectation } from '../protocol.ts';

/** What an open test of a schema expects, also while it is not whole yet. */
export function expectationsOf({ documents }: ServerContext) {
  return ({ uri }: DocumentParameters): Expectation[] => {
    const other = documents.other(uri);
    if (other?.kind !== 'test') return [];
    const { document } = other;
    const { test } = understandSchemaTest(document.getText());
    if (!test) return [];
    const expected = (part: string, name: string, { start, end }: TextRange): Expectation => {
      return { part, name, range: { start: document.positionAt(start), end: document.positionAt(end) } };
    };
    const { sections, fails, problems = [] } = test;
    return [
      ...[...sections].flatMap(([part, found]) =>
        found.expected.map(({ name, entry }) => expected(part, name, entry.range)),
      ),
      ...fails.map(({ name, range }) => expected('fails', name, range)),
      ...problems.map(({ name, range }) => expected('problems', name, range)),
    ];
  };
}
