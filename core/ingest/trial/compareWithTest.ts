import type { SchemaFile } from '../../imsc/schema/schema.ts';
import { differenceUnseen } from '../../text/alike.ts';
import { valueAsData } from '../../imsc/values/showValue.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { valuesEqual } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import type { Evaluation, FieldOutcome, Outcome } from '../../imsc/evaluation/evaluation.ts';
import { shortened } from '../../text/shortened.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { ExpectedValue, SchemaTest, ValueSection } from './schemaTestFile.ts';

/** What a schema made of the sample of a test. */
export interface Tried {
  readonly schema: SchemaFile;
  readonly evaluation: Evaluation;
  readonly dataset: Dataset;
  /** Errors and warnings of the schema, by itself and with the sample. */
  readonly problems: readonly Problem[];
}

/** One expectation that did not hold. */
export interface Difference {
  readonly part: ValueSection | 'fails' | 'problems';
  /** The variable, the field or the code. */
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** Both in the same writing, lists and objects item by item, to be shown beside each other. */
  readonly expected?: string;
  readonly actual?: string;
  /** Where: the expectation, or the place in the schema that nobody expected to fail. */
  readonly file: string;
  readonly range: TextRange | undefined;
}

/** A value with its unit; or why there is none, for want of an answer (`unknown`) or for good. */
export type Actual =
  { readonly value: Value; readonly unit: string } | { readonly absent: string; readonly unknown?: true };

/** Compares what a schema made of a sample with what a test expects of it. */
export function compareWithTest(test: SchemaTest, file: string, tried: Tried): Difference[] {
  const differences: Difference[] = [];
  for (const [part, { expected }] of test.sections) {
    for (const each of expected) {
      const difference = compareValue(each, actualOf(part, each.name, tried));
      if (difference) differences.push({ part, name: each.name, ...difference, file, range: each.entry.range });
    }
  }
  return [...differences, ...compareFailures(test, file, tried, differences), ...compareProblems(test, file, tried)];
}

/** What a variable or field of a part of a test has for a value. */
export function actualOf(part: ValueSection, name: string, { evaluation, dataset }: Tried): Actual {
  switch (part) {
    case 'variables': {
      const found = evaluation.variables.get(name);
      return found ? ofOutcome(found.outcome) : { absent: 'The schema has no such variable.' };
    }
    case 'dataset': {
      const absent = whyAbsent(evaluation, 'high_level', name);
      const value = dataset.fields.get(name);
      // The default of a configuration says nothing of a field that could not be asked for.
      return value && !('unknown' in absent) ? { value, unit: '' } : absent;
    }
    case 'scientific_metadata': {
      const field = evaluation.fields.findLast(
        ({ fieldType, machineName, outcome }) =>
          fieldType === part && machineName === name && outcome.state === 'known',
      );
      return field ? ofOutcome(field.outcome) : whyAbsent(evaluation, part, name);
    }
  }
}

/** The names that a part would have if everything was expected, in the order of the schema. */
export function namesIn(part: ValueSection, { evaluation, dataset }: Tried): string[] {
  if (part === 'variables')
    return [...evaluation.variables.values()].flatMap(({ name, variable }) => (variable ? [name] : []));
  const type = part === 'dataset' ? 'high_level' : part;
  const names = evaluation.fields.filter(({ fieldType }) => fieldType === type).map(({ machineName }) => machineName);
  return [...new Set(names)].filter((name) => part !== 'dataset' || dataset.fields.has(name));
}

/** What fails by itself, not because of something else: variables and fields. */
export function failedNames({ evaluation }: Tried): { name: string; message: string; range: TextRange }[] {
  const own = (name: string, outcome: Outcome): { name: string; message: string; range: TextRange }[] =>
    outcome.state === 'failed' && outcome.code !== 'depends-on-failed'
      ? [{ name, message: outcome.message, range: outcome.range }]
      : [];
  return [
    ...[...evaluation.variables.values()].flatMap(({ name, outcome }) => own(name, outcome)),
    ...evaluation.fields.flatMap(({ machineName, outcome }) => own(machineName, outcome)),
  ];
}

/** A value as text of one or several lines; values that differ have different texts. */
export function comparableText(value: Value, unit: string | undefined): string {
  const compact = valueAsData(value);
  const text = compact.length > 60 ? valueAsData(value, 2) : compact;
  return unit === undefined || unit === '' ? text : `${text} ${unit}`;
}

/** JSON has no sets; they are shown as lists. */
function asJson(value: Value): Value {
  if (value.kind === 'list') return { kind: 'list', items: value.items.map(asJson) };
  if (value.kind === 'dict') return { kind: 'dict', entries: value.entries.map(([key, item]) => [key, asJson(item)]) };
  return value;
}

/** Tuples and sets, which a test cannot write, count as lists. */
export function sameForTests(expected: Value, actual: Value): boolean {
  return valuesEqual(asJson(expected), asJson(actual));
}

function ofOutcome(outcome: Outcome): Actual {
  switch (outcome.state) {
    case 'known':
      return { value: outcome.value, unit: outcome.unit };
    case 'failed':
      return { absent: outcome.message };
    case 'unknown':
      return { absent: outcome.reason, unknown: true };
  }
}

function whyAbsent(evaluation: Evaluation, type: FieldOutcome['fieldType'], name: string): Actual {
  const field = evaluation.fields.findLast(({ fieldType, machineName }) => fieldType === type && machineName === name);
  const found = field && ofOutcome(field.outcome);
  return found && 'absent' in found ? found : { absent: field ? 'It is left out.' : 'The schema does not assign it.' };
}

function compareValue(
  { value, unit }: ExpectedValue,
  actual: Actual,
): Pick<Difference, 'message' | 'expected' | 'actual'> | undefined {
  if ('absent' in actual) {
    if (value.kind === 'none') return undefined;
    return { message: `It has no value: ${actual.absent}`, expected: comparableText(value, unit), actual: '' };
  }
  const sameUnit = unit === undefined || unit === actual.unit;
  if (sameForTests(value, actual.value) && sameUnit) return undefined;
  const expected = comparableText(value, unit);
  const shown = comparableText(actual.value, unit === undefined ? undefined : actual.unit);
  const unseen = differenceUnseen(expected, shown);
  return { message: `Expected ${oneLine(expected)}, and it is ${oneLine(shown)}${unseen}.`, expected, actual: shown };
}

function oneLine(text: string): string {
  return shortened(text.replaceAll(/\s*\n\s*/g, ' '), 120);
}

/** A failure that nobody expected is a difference; so is one that was expected and did not come. */
function compareFailures(
  { fails }: SchemaTest,
  file: string,
  tried: Tried,
  known: readonly Difference[],
): Difference[] {
  const { schema, evaluation } = tried;
  const expected = new Set(fails.map(({ name }) => name));
  const named = new Set(known.map(({ name }) => name));
  const unexpected = failedNames(tried)
    .filter(({ name }) => !expected.has(name) && !named.has(name))
    .map(({ name, message, range }): Difference => {
      return { part: 'fails', name, message: `It fails: ${message}`, file: schema.file, range };
    });
  const missing = fails.flatMap(({ name, range }): Difference[] => {
    const outcomes = [
      evaluation.variables.get(name)?.outcome,
      ...evaluation.fields.filter(({ machineName }) => machineName === name).map(({ outcome }) => outcome),
    ].filter((outcome) => outcome !== undefined);
    if (outcomes.some(({ state }) => state === 'failed')) return [];
    const message =
      outcomes.length === 0
        ? 'It should fail, and the schema has no variable or field of that name.'
        : `It should fail, and it ${outcomes.some(({ state }) => state === 'known') ? 'has a value' : 'is unknown'}.`;
    return [{ part: 'fails', name, message, file, range }];
  });
  return [...missing, ...unexpected];
}

function compareProblems({ problems: expected }: SchemaTest, file: string, { problems, schema }: Tried): Difference[] {
  if (!expected) return [];
  const wanted = new Set(expected.map(({ name }) => name));
  const found = new Set<string>(problems.map(({ code }) => code));
  const missing = expected
    .filter(({ name }) => !found.has(name))
    .map(({ name, range }): Difference => {
      return { part: 'problems', name, message: 'This problem should be reported, and is not.', file, range };
    });
  const unexpected = problems
    .filter(({ code }) => !wanted.has(code))
    .map(({ code, message, range, file: other = schema.file }: Problem): Difference => {
      return { part: 'problems', name: code, message: `This was not expected: ${message}`, file: other, range };
    });
  return [...missing, ...unexpected];
}
