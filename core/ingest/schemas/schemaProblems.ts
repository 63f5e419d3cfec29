import { checkSchema, inTextOrder, judgedIn } from '../../imsc/checks/checkSchema.ts';
import type { CheckContext } from '../../imsc/checks/checkSchema.ts';
import { inDialect } from '../../imsc/checks/dialects.ts';
import { applySuppressions } from '../../imsc/checks/suppress.ts';
import type { DialectName } from '../../imsc/language/dialects.ts';
import { placeIn } from '../../imsc/schema/imports.ts';
import type { Schema } from '../../imsc/schema/schema.ts';
import type { Tree } from '../../imsc/tree/tree.ts';
import type { Problem } from '../../problems/problem.ts';
import { checkDatasetField } from '../../scicat/checkDatasetField.ts';
import { datasetFields } from '../../scicat/datasetFields.ts';

const catalogue = { datasetFields, refusalOf: checkDatasetField };

/** What is looked for in a schema that lies in a file: comments that silence something else are left alone. */
const judged = judgedIn({ ...catalogue, file: '' });

/**
 * All that is wrong with a schema by itself: its syntax, its structure, what it says, and what SciCat will take of it;
 * whatever its comments silence.
 */
export function schemaProblems(
  schema: Schema,
  known: Pick<CheckContext, 'file' | 'evaluation' | 'dialect'> = {},
): Problem[] {
  const found = [...schema.problems, ...checkSchema(schema, { ...catalogue, ...known })];
  if (schema.imported === undefined) return found;
  // An imported text is checked by itself; only what it refers to is known here alone.
  return found.filter(({ code, range }) => {
    const from = range && placeIn(schema, range).imported;
    return from === undefined || (from.schema.isModule === true && code === 'unknown-variable');
  });
}

/**
 * Problems of a text, wherever they were found, that it has in its dialect, without those that its comments silence; in
 * the order of the text.
 * @param dialect the one that is configured
 */
export function withoutSilenced(tree: Tree, problems: readonly Problem[], dialect?: DialectName): Problem[] {
  return inTextOrder(applySuppressions(tree, inDialect(tree, problems, dialect), judged));
}
