import type { DialectName } from '../../core/imsc/language/dialects.ts';
import type { Difference } from '../../core/ingest/trial/compareWithTest.ts';
import { runSchemaTest } from '../../core/ingest/trial/schemaTest.ts';
import type { SchemaTestResult } from '../../core/ingest/trial/schemaTest.ts';
import { updateSchemaTest } from '../../core/ingest/trial/updateSchemaTest.ts';
import { replaceText } from './fixSchemas.ts';

/** A test that was run and perhaps brought up to date. */
export interface UpdatedTest extends SchemaTestResult {
  readonly updated: boolean;
  /** What was expected before, and holds since; places are those of the text before. */
  readonly changes: readonly Difference[];
}

/**
 * Runs a test of a schema and writes what came out into its file as what is expected.
 * @param dialect of a schema that names none
 */
export async function runAndUpdate(file: string, dialect?: DialectName): Promise<UpdatedTest> {
  const result = await runSchemaTest(file, dialect);
  const asItIs = { updated: false, changes: [] };
  if (!result.test || !result.tried) return { ...result, ...asItIs };
  const before = result.test.tree.text;
  const after = updateSchemaTest(result.test, result.tried);
  if (after === before) return { ...result, ...asItIs };
  const refused = await replaceText(file, before, after);
  if (refused) return { ...result, outcome: 'broken', problems: [refused], ...asItIs };
  const now = await runSchemaTest(file, dialect);
  const isLeft = ({ part, name }: Difference): boolean =>
    now.differences.some((each) => each.part === part && each.name === name);
  return { ...now, updated: true, changes: result.differences.filter((each) => !isLeft(each)) };
}
