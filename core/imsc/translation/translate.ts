import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { checkSchema } from '../checks/checkSchema.ts';
import { applyEdits, applyPreferredFixes } from '../edits/applyFixes.ts';
import { convertNotation, writeTree } from '../edits/convert.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import type { DatasetFieldFacts } from '../language/datasetFieldFacts.ts';
import { defaultDialect, isKnownTo } from '../language/dialects.ts';
import type { DialectName } from '../language/dialects.ts';
import { forms } from '../language/forms.ts';
import { dialectComment, dialectOf } from '../schema/dialectOf.ts';
import { mergedTree } from '../schema/mergedTree.ts';
import { bindSchema } from '../schema/schema.ts';
import type { Schema } from '../schema/schema.ts';
import { usesIn } from '../schema/uses.ts';
import type { Use } from '../schema/uses.ts';
import { parseTree } from '../tree/parse.ts';
import type { Notation } from '../tree/tree.ts';
import { otherName, renameField } from './fieldNames.ts';
import { demandEdits, demandProblems } from './demands.ts';
import { isRefused, later } from './rewriting.ts';
import type { Answer, Place } from './rewriting.ts';
import { notSayable, rewrites } from './rewrites.ts';

/** What is known besides the schema. */
export interface TranslationContext {
  /** For whom it is written, besides what its comment says. */
  readonly dialect?: DialectName | undefined;
  readonly datasetFields: readonly DatasetFieldFacts[];
  /** What the schema makes of files that are like those to come. */
  readonly samples?: readonly Evaluation[];
}

export interface Translation {
  /** The whole text in which all is rewritten that could be. */
  readonly text: string;
  /** What could not be, each in its place; and what was taken from the samples. Ranges are those of the schema. */
  readonly problems: readonly Problem[];
}

/** More changes than this are made of no schema that anybody has written. */
const mostChanges = 2000;

/**
 * A schema in the words of another program, with its comments; no value of its datasets is another. What it imports is
 * taken in where the other program imports nothing.
 * @param schema with all that it imports
 */
export function translateSchema(
  schema: Schema,
  to: DialectName,
  notation: Notation,
  context: TranslationContext,
): Translation {
  const { datasetFields, dialect } = context;
  const source = dialectOf(schema.tree, dialect);
  const known = { ...context, samples: context.samples ?? [], to, source };
  const problems = [
    ...usesOf(schema, known).flatMap((use): Problem[] => saidOf(use, answerTo(schema, use, known))),
    ...demandProblems(schema, to),
    ...portability(schema, to, datasetFields).flatMap(({ message, range, fixes = [] }) =>
      fixes.some(({ preferred }) => preferred === true) ? [] : [problem('not-translated', message, range)],
    ),
  ];
  const isNeeded = schema.imported !== undefined && !isKnownTo({ knownTo: ['ill'] }, to);
  const before = isNeeded ? mergedTree(schema) : schema.tree;
  let text = writeTree(before, 'yaml');
  const start = text;
  text = withDialect(rewritten(text, known), to);
  text = portable(text, known);
  if (setsTwice(text) && !setsTwice(start)) text = `# imsc-ignore-file ${twice}\n${text}`;
  const isWhole = !problems.some(({ severity }) => severity === 'error');
  if (isWhole) problems.push(...leftOver(text, known));
  const hasChanged = isNeeded || text !== start;
  if (!hasChanged) return { text: convertNotation(schema.tree, notation), problems };
  const after = parseTree(text, 'yaml');
  if (notation === 'yaml') return { text, problems };
  // The Python ingestors read no comments in JSON.
  return { text: writeTree({ ...after, comments: [] }, 'json'), problems };
}

const twice = 'field-set-twice -- the last one that has a value counts, so that one stands in for another';

/** Whether a field is set more than once, as is said of what stands in for a missing value. */
function setsTwice(text: string): boolean {
  const schema = bindSchema(parseTree(text, 'yaml'), { isModule: true });
  const names = schema.fields.map(({ fieldType, machineName }) => `${fieldType ?? ''} ${machineName ?? ''}`);
  return new Set(names).size < names.length;
}

interface Known extends TranslationContext {
  readonly samples: readonly Evaluation[];
  readonly to: DialectName;
  readonly source: DialectName;
}

/** What the other program does not know, in the order of the text. */
function usesOf(schema: Schema, { datasetFields, to, source }: Known): Use[] {
  return usesIn(schema, datasetFields).filter(
    ({ entry }) =>
      !isKnownTo(entry, to) &&
      // Where the dialect has no nested values they fail in both.
      (entry.name !== forms.nested.name || isKnownTo(forms.nested, source)) &&
      entry.name !== 'import',
  );
}

function answerTo(schema: Schema, use: Use, { datasetFields, samples, to }: Known): Answer {
  const { start, end } = use.range;
  const isIn = ({ entry: { range } }: { readonly entry: { readonly range: TextRange } }): boolean =>
    range.start <= start && end <= range.end;
  const variable = schema.variables.find(isIn);
  const field = schema.fields.find(isIn);
  const place: Place = { schema, use, variable, field, to, samples };
  const other = field?.machineName === use.entry.name ? otherName(use.entry.name, datasetFields) : undefined;
  if (field && other) {
    const facts = datasetFields.find(({ name }) => name === other.name);
    if (facts) return renameField(schema, field, other);
  }
  return (rewrites[use.entry.name] ?? notSayable)(place);
}

function saidOf({ what, range }: Use, answer: Answer): Problem[] {
  if (answer === later) return [];
  if (isRefused(answer))
    return [problem('not-translated', `${capital(what)} cannot be written otherwise: ${answer.why}`, range)];
  return answer.bySamples === undefined ? [] : [problem('translated-by-samples', answer.bySamples, range)];
}

/** What could not be written in the end though nothing stood in its way; it has no place in the text that was given. */
function leftOver(text: string, known: Known): Problem[] {
  const schema = bindSchema(parseTree(text, 'yaml'), { isModule: true });
  return usesOf(schema, { ...known, source: 'imsc' }).flatMap((use): Problem[] => {
    const answer = answerTo(schema, use, known);
    const why = answer !== later && isRefused(answer) ? answer.why : 'it is left as it is.';
    return [problem('not-translated', `${capital(use.what)} cannot be written otherwise: ${why}`)];
  });
}

/** Rewrites one place after the other, those further down first, until none is left that can be. */
function rewritten(start: string, known: Known): string {
  let text = start;
  for (let count = 0; count < mostChanges; count++) {
    const schema = bindSchema(parseTree(text, 'yaml'), { isModule: true });
    let next = text;
    for (const use of usesOf(schema, known).reverse()) {
      const answer = answerTo(schema, use, known);
      if (answer === later || isRefused(answer)) continue;
      const edits = answer.edits();
      next = applyEdits(text, edits);
      if (next !== text) break;
    }
    if (next === text) return text;
    text = next;
  }
  return text;
}

/** Names the other program in the comment that names one; adds one where another is meant than usual. */
function withDialect(text: string, to: DialectName): string {
  const comment = dialectComment(parseTree(text, 'yaml'));
  if (comment) return applyEdits(text, [{ range: comment.range, newText: to }]);
  return to === defaultDialect ? text : `# imsc-dialect: ${to}\n${text}`;
}

/** What the other program takes otherwise, though it knows it. */
function portability(schema: Schema, to: DialectName, datasetFields: readonly DatasetFieldFacts[]): Problem[] {
  const found = checkSchema(schema, { dialect: to, datasetFields });
  return found.filter(({ code, onlyIn }) => onlyIn?.includes(to) === true && !passedOver.has(code));
}

/** Said of what is no matter of a single place, or handled as a use. */
const passedOver: ReadonlySet<string> = new Set([
  'other-dialect',
  'json-notation',
  'mandatory-field-missing',
  'template-item',
]);

function portable(start: string, { to, datasetFields }: Known): string {
  let text = start;
  for (let round = 0; round < 20; round++) {
    const schema = bindSchema(parseTree(text, 'yaml'), { isModule: true });
    const demanded = applyEdits(text, demandEdits(schema));
    const again = demanded === text ? schema : bindSchema(parseTree(demanded, 'yaml'), { isModule: true });
    const next = applyPreferredFixes(demanded, portability(again, to, datasetFields)).text;
    if (next === text) return text;
    text = next;
  }
  return text;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
