import { builtInVariables } from '../../imsc/language/builtIns.ts';
import { mayHaveMore } from '../../imsc/schema/imports.ts';
import type { Schema } from '../../imsc/schema/schema.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { problemKinds } from '../../problems/problemCodes.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { datasetFields } from '../../scicat/datasetFields.ts';
import { differenceUnseen } from '../../text/alike.ts';
import type { SchemaTest } from './schemaTestFile.ts';
import type { ValueSection } from './schemaTestParts.ts';

/** The names that a schema has, by what a test can say of them. */
export function namesOfSchema({ variables, fields }: Schema): Readonly<Record<ValueSection, readonly string[]>> {
  const names = (type: string): string[] =>
    fields.flatMap(({ fieldType, machineName }) => (fieldType === type ? (machineName ?? []) : []));
  return {
    variables: [...new Set(variables.map(({ name }) => name))],
    dataset: [...new Set(names('high_level'))],
    scientific_metadata: [...new Set(names('scientific_metadata'))],
  };
}

/**
 * What of a test can never hold, seen without its sample: names that neither the schema has nor the ingestor gives. An
 * expectation that there is nothing holds for every name.
 * @param schema with all that it imports; undefined where it is not known
 */
export function checkSchemaTest(test: SchemaTest, schema: Schema | undefined): Problem[] {
  return [...(schema && !mayHaveMore(schema) ? namesOfTest(test, schema) : []), ...codesOfTest(test)];
}

function namesOfTest({ sections, fails }: SchemaTest, schema: Schema): Problem[] {
  const names = namesOfSchema(schema);
  const known: Readonly<Record<ValueSection, readonly string[]>> = {
    ...names,
    variables: [...names.variables, ...builtInVariables.map(({ name }) => name)],
    // What the schema leaves out, the configuration or the ingestor itself may give.
    dataset: [...names.dataset, ...datasetFields.map(({ name }) => name)],
  };
  const inSections = [...sections].flatMap(([part, { expected }]) =>
    expected.flatMap(({ name, value, entry }) =>
      value.kind === 'none' ? [] : unknown(name, entry.key.range, known[part], nouns[part]),
    ),
  );
  const failing = [...names.variables, ...schema.fields.flatMap(({ machineName }) => machineName ?? [])];
  return [
    ...inSections,
    ...fails.flatMap(({ name, range }) => unknown(name, range, failing, 'variable or field of the schema')),
  ];
}

const nouns: Readonly<Record<ValueSection, string>> = {
  variables: 'variable of the schema',
  dataset: 'field of a dataset',
  scientific_metadata: 'item of the scientific metadata of the schema',
};

function codesOfTest({ problems = [] }: SchemaTest): Problem[] {
  return problems.flatMap(({ name, range }) => unknown(name, range, Object.keys(problemKinds), 'code of a problem'));
}

function unknown(name: string, range: TextRange, known: readonly string[], noun: string): Problem[] {
  if (known.includes(name)) return [];
  const near = suggestion(name, known);
  const meant = near === undefined ? '' : ` Did you mean ${near}${differenceUnseen(name, near)}?`;
  return [problem('test-file', `“${name}” is no ${noun}.${meant}`, range, near === undefined ? {} : { meant: near })];
}
