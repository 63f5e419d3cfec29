import { runSchemaTest } from '../../core/ingest/trial/schemaTest.ts';
import type { SchemaTestResult } from '../../core/ingest/trial/schemaTest.ts';
import { updateSchemaTest } from '../../core/ingest/trial/updateSchemaTest.ts';
import { replaceText } from './fixSchemas.ts';

/** Runs a test of a schema and writes what came out into its file as what is expected. */
export async function runAndUpdate(file: string): Promise<SchemaTestResult & { readonly updated: boolean }> {
  const result = await runSchemaTest(file);
  if (!result.test || !result.tried) return { ...result, updated: false };
  const before = result.test.tree.text;
  const after = updateSchemaTest(result.test, result.tried);
  if (after === before) return { ...result, updated: false };
  const refused = await replaceText(file, before, after);
  if (refused) return { ...result, outcome: 'broken', problems: [refused], updated: false };
  return { ...(await runSchemaTest(file)), updated: true };
}
