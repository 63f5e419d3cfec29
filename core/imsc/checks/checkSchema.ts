import type { Check } from './check.ts';
import { codesOfText } from '../../problems/problemCodes.ts';
import type { Need } from '../../problems/problemKind.ts';
import { checkDialects, inDialect } from './dialects.ts';
import { checkFields, checkMandatoryFields } from './fields.ts';
import { checkFieldValues } from './fieldValues.ts';
import { checkFile } from './file.ts';
import { checkJobs } from './jobs.ts';
import { checkLiterals } from './literals.ts';
import { checkOperators } from './operators.ts';
import { checkOrder } from './order.ts';
import { checkPlaceholders } from './placeholders.ts';
import { checkPlainTexts, checkReferences, checkVariables } from './references.ts';
import { checkSelector } from './selectors.ts';
import { checkCatalogue, checkPaths } from './sources.ts';
import { checkDates, checkTypes } from './types.ts';
import { checkSiUnits } from './siUnits.ts';
import { checkUnits } from './units.ts';
import type { DialectName } from '../language/dialects.ts';
import type { DatasetFieldFacts, RefusalOf } from '../language/datasetFieldFacts.ts';
import { parseByContent, parseTree } from '../tree/parse.ts';
import type { Problem } from '../../problems/problem.ts';
import { bindSchema } from '../schema/schema.ts';
import type { Schema } from '../schema/schema.ts';
import { evaluateStatically } from '../evaluation/staticEvaluation.ts';
import type { StaticEvaluation } from '../evaluation/staticEvaluation.ts';
import { dialectOf } from '../schema/dialectOf.ts';
import { applySuppressions } from './suppress.ts';
import type { Notation } from '../tree/tree.ts';

/** What is known besides the text of the schema itself; what is absent is unknown and leads to no problem. */
export interface CheckContext {
  /** The fields of SciCat datasets. */
  readonly datasetFields?: readonly DatasetFieldFacts[];
  /** What SciCat takes in them. */
  readonly refusalOf?: RefusalOf;
  /** What `evaluateStatically` says of the schema, where it was asked already. */
  readonly evaluation?: StaticEvaluation;
  /** The dialect where the text names none. */
  readonly dialect?: DialectName | undefined;
  /** Name or path of the file, to judge its name. */
  readonly file?: string;
}

const families: readonly Check[] = [
  checkFile,
  checkDialects,
  checkOrder,
  checkSelector,
  checkReferences,
  checkVariables,
  checkLiterals,
  checkPlainTexts,
  checkPlaceholders,
  checkPaths,
  checkCatalogue,
  checkOperators,
  checkTypes,
  checkDates,
  checkUnits,
  checkSiUnits,
  checkJobs,
  checkFields,
  checkFieldValues,
  checkMandatoryFields,
];

/**
 * Everything that can be said of a schema from its text alone, besides the problems of syntax and structure that it
 * carries itself. In the order of the text. Takes time proportional to the size of the schema.
 */
export function checkSchema(schema: Schema, context: CheckContext = {}): Problem[] {
  const problems: Problem[] = [];
  const input = {
    schema,
    evaluation: context.evaluation ?? evaluateStatically(schema, context.dialect),
    datasetFields: context.datasetFields,
    refusalOf: context.refusalOf,
    dialect: dialectOf(schema.tree, context.dialect),
    file: context.file,
    textIsWhole: !schema.tree.problems.some(({ code, severity }) => code === 'syntax' && severity === 'error'),
    report: (found: Problem) => {
      problems.push(found);
    },
  };
  for (const family of families) family(input);
  return inTextOrder(problems);
}

/** Problems in the order of the text; those without a place come first. */
export function inTextOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => (a.range?.start ?? -1) - (b.range?.start ?? -1) || (a.range?.end ?? -1) - (b.range?.end ?? -1),
  );
}

/** A text as a schema, with all of its problems: syntax, structure and meaning, without those that comments silence. */
export function checkText(
  text: string,
  notation?: Notation,
  context: CheckContext = {},
): { readonly schema: Schema; readonly problems: Problem[] } {
  const tree = notation === undefined ? parseByContent(text) : parseTree(text, notation);
  const schema = bindSchema(tree);
  const all = inDialect(tree, [...schema.problems, ...checkSchema(schema, context)], context.dialect);
  return { schema, problems: inTextOrder(applySuppressions(tree, all, judgedIn(context))) };
}

/** The codes that are looked for with what is known: a comment that silences one of the others is left alone. */
export function judgedIn({ datasetFields, refusalOf, file }: CheckContext): ReadonlySet<string> {
  const known = new Set<Need>();
  if (datasetFields) known.add('dataset fields');
  if (datasetFields && refusalOf) known.add('refusals');
  if (file !== undefined) known.add('file name');
  return codesOfText(known);
}
