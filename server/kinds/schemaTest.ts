import path from 'node:path';
import type { CodeLens, Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isThere, runsPrograms } from '../../core/files/host/host.ts';
import { builtInVariables } from '../../core/imsc/language/builtIns.ts';
import { lookup } from '../../core/imsc/language/registry.ts';
import { keyText, nodeAt } from '../../core/imsc/tree/tree.ts';
import type { MapEntry } from '../../core/imsc/tree/tree.ts';
import { checkSchemaTest, namesOfSchema } from '../../core/ingest/trial/checkSchemaTest.ts';
import { schemaNamesFor, understandSchemaTest } from '../../core/ingest/trial/schemaTestFile.ts';
import type { SchemaTest } from '../../core/ingest/trial/schemaTestFile.ts';
import { testParts, valueSections } from '../../core/ingest/trial/schemaTestParts.ts';
import type { TestPart, ValueSection } from '../../core/ingest/trial/schemaTestParts.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { problemKinds } from '../../core/problems/problemCodes.ts';
import { datasetField, datasetFields } from '../../core/scicat/datasetFields.ts';
import { fileOf, uriOf } from '../documents/documentKind.ts';
import { importedPlace } from '../documents/importedText.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import { explainDatasetField, explainEntry, explainProblem, explainVariable } from '../explain/explain.ts';
import { code, paragraphs } from '../explain/markdown.ts';
import { fileLinks } from './fileLinks.ts';
import type { Around, Explained, KindEntry } from './kind.ts';
import { completeFrom } from './offers.ts';
import type { OfferedKey, OfferedValue, Offers } from './offers.ts';

/** Tests of schemas, `*.imsc.test.yml`. */
export const schemaTestKind: KindEntry = {
  problems,
  complete: async (document, offset, around) =>
    completeFrom(document, offset, offersFor(document, await schemaOf(document, around), around)),
  explain,
  lenses,
  definition,
  links: (document) => fileLinks(document, [['schema'], ['sample']]),
};

/** The paths that the schema of a test may have, the first that is there first. */
function schemaFiles(document: TextDocument, test: SchemaTest | undefined): string[] {
  const file = fileOf(document.uri);
  if (file === undefined) return [];
  const names = test?.schema === undefined ? schemaNamesFor(file) : [test.schema];
  return names.map((name) => path.resolve(path.dirname(file), name));
}

/** The schema that a test is of, open or not, with what it imports; undefined where there is none. */
async function schemaOf(
  document: TextDocument,
  { workspace }: Around,
  { test } = understandSchemaTest(document.getText()),
): Promise<Snapshot | undefined> {
  for (const file of schemaFiles(document, test)) {
    const found = await workspace.schemaAt(file);
    if (found) return workspace.whole(found);
  }
  return undefined;
}

async function problems(document: TextDocument, around: Around): Promise<Problem[]> {
  const understood = understandSchemaTest(document.getText());
  const { test } = understood;
  const file = fileOf(document.uri);
  const schema = await schemaOf(document, around, understood);
  const found = [...understood.problems, ...(test ? checkSchemaTest(test, schema?.whole) : [])];
  if (test === undefined || file === undefined || !runsPrograms()) return found;
  const sample = path.resolve(path.dirname(file), test.sample);
  if (test.sample !== '' && !isThere(sample))
    found.push(problem('test-file', 'The sample file is not there.', test.sampleRange));
  if (schema === undefined) {
    const names = test.schema === undefined ? schemaNamesFor(file) : [test.schema];
    const message = `The schema is not there: ${names.join(', or ')}. Name it with “schema”.`;
    found.push(problem('test-file', message, test.schemaRange ?? { start: 0, end: 1 }));
  }
  return found;
}

/** What may be written in a test of a schema. */
function offersFor(document: TextDocument, schema: Snapshot | undefined, around: Around): Offers {
  const names = schema && namesOfSchema(schema.whole);
  const keysIn: Readonly<Record<string, () => readonly OfferedKey[]>> = {
    built_in: () => builtInVariables.map((each) => keyOf(each.name, each.summary, explainEntry(each))),
    scicat: () => [],
    variables: () => (names?.variables ?? []).map((name) => keyOf(name, 'variable', explainNamed(name, schema))),
    dataset: () => {
      const own = names?.dataset ?? [];
      const others = datasetFields.filter((each) => each.assignable && !own.includes(each.name));
      return [...own, ...others.map(({ name }) => name)].map((name) => {
        const field = datasetField(name);
        return keyOf(name, field?.summary, field && explainDatasetField(field));
      });
    },
    scientific_metadata: () => (names?.scientific_metadata ?? []).map((name) => keyOf(name, undefined, undefined)),
  };
  return {
    keysAt: ([part, name, ...more]) => {
      if (part === undefined) return testParts.map(partKey);
      if (name === undefined) return Object.hasOwn(keysIn, part) ? keysIn[part]?.() : undefined;
      return isValueSection(part) && more.length === 0 ? quantityKeys : undefined;
    },
    valuesAt: async ([part, item, ...more]): Promise<readonly OfferedValue[]> => {
      if (more.length > 0) return [];
      if (part === 'sample' && item === undefined)
        return (await samplesOf(document, schema, around)).map((each) => textOf(each));
      if (part === 'schema' && item === undefined)
        return (await schemasBeside(document, around)).map((each) => textOf(each));
      if (item !== '#') return [];
      if (part === 'problems')
        return Object.entries(problemKinds).flatMap(([name, { severity, summary }]) =>
          severity === 'error' || severity === 'warning' ? textOf(name, summary, explainProblem(name)) : [],
        );
      if (part !== 'fails' || !names) return [];
      return [...new Set(valueSections.flatMap((section) => names[section]))].map((name) =>
        textOf(name, undefined, explainNamed(name, schema)),
      );
    },
  };
}

const quantityKeys: readonly OfferedKey[] = [
  { name: 'value', holds: 'value', detail: 'the value, as it is ingested' },
  { name: 'unit', holds: 'text', detail: 'its unit; without this key the unit is not compared' },
];

function partKey({ name, holds, summary, ...rest }: TestPart): OfferedKey {
  const markdown = explainEntry({ name, summary, ...rest });
  return { name, holds: holds === 'names' ? 'list' : holds, detail: summary, markdown };
}

function keyOf(name: string, detail: string | undefined, markdown: string | undefined): OfferedKey {
  return { name, holds: 'value', ...(detail !== undefined && { detail }), ...(markdown !== undefined && { markdown }) };
}

function textOf(text: string, detail?: string, markdown?: string): OfferedValue {
  return {
    value: { kind: 'string', value: text },
    ...(detail !== undefined && { detail }),
    ...(markdown !== undefined && { markdown }),
  };
}

function isValueSection(name: string): name is ValueSection {
  return valueSections.some((each) => each === name);
}

/** The samples that the schema is looked at with, as a test names them. */
async function samplesOf(document: TextDocument, schema: Snapshot | undefined, { samples }: Around): Promise<string[]> {
  const file = fileOf(document.uri);
  if (file === undefined || !schema) return [];
  return (await samples.of(schema)).files.map((each) => slashed(path.relative(path.dirname(file), each)));
}

async function schemasBeside(document: TextDocument, { workspace }: Around): Promise<string[]> {
  const file = fileOf(document.uri);
  if (file === undefined) return [];
  return (await workspace.neighbours(path.dirname(file))).map((each) => path.basename(each.file));
}

const slashed = (name: string): string => name.replaceAll('\\', '/');

/** A variable, or else a field, of the schema by its name. */
function explainNamed(name: string, schema: Snapshot | undefined): string | undefined {
  const variable = schema?.whole.variables.find((each) => each.name === name);
  const field = variable ? undefined : datasetField(name);
  return field ? explainDatasetField(field) : explainVariable(name, variable, undefined);
}

/** What is at an offset: the part, and in it the name of what is expected. */
function expectationAt(
  document: TextDocument,
  offset: number,
):
  | { readonly part: string; readonly name?: string; readonly entry: MapEntry; readonly range: Explained['range'] }
  | undefined {
  const { test } = understandSchemaTest(document.getText());
  const steps = test ? nodeAt(test.tree, offset) : [];
  const [part, ...inner] = steps.flatMap(({ entry }) => entry ?? []);
  const last = steps.at(-1)?.node;
  if (!part || last?.kind !== 'scalar') return undefined;
  const [named] = inner.filter((entry) => entry !== part);
  // An item of a list of names is a text of its own.
  const isItem = steps.some(({ index }) => index !== undefined);
  const name = isItem && last.value.kind === 'string' ? last.value.value : named && keyText(named);
  return { part: keyText(part), ...(name !== undefined && { name }), entry: named ?? part, range: last.range };
}

async function explain(document: TextDocument, offset: number, around: Around): Promise<Explained | undefined> {
  const found = expectationAt(document, offset);
  if (!found) return undefined;
  const { part, name, range } = found;
  const markdown =
    name === undefined ? explainPart(part) : explainExpected(part, name, await schemaOf(document, around));
  return markdown === undefined ? undefined : { markdown, range };
}

function explainPart(name: string): string | undefined {
  const part = lookup(testParts, name);
  return part && explainEntry(part);
}

function explainExpected(part: string, name: string, schema: Snapshot | undefined): string | undefined {
  switch (part) {
    case 'problems':
      return explainProblem(name);
    case 'dataset': {
      const field = datasetField(name);
      return field && explainDatasetField(field);
    }
    case 'scientific_metadata':
      return paragraphs(
        `**${code(name)}** scientific metadata`,
        schema && namesOfSchema(schema.whole).scientific_metadata.includes(name) ? '' : 'The schema has no such item.',
      );
    case 'variables':
    case 'built_in':
    case 'fails':
      return explainNamed(name, schema);
    default:
      return undefined;
  }
}

/** From an expectation to what it is about in the schema, from a name of a file to the file. */
async function definition(document: TextDocument, offset: number, around: Around): Promise<Location[]> {
  const found = expectationAt(document, offset);
  const file = fileOf(document.uri);
  if (!found || file === undefined) return [];
  const { part, name } = found;
  if (name === undefined && (part === 'schema' || part === 'sample')) {
    const { test } = understandSchemaTest(document.getText());
    const target = part === 'schema' ? test?.schema : test?.sample;
    return target === undefined || target === '' ? [] : [startOf(path.resolve(path.dirname(file), target))];
  }
  const schema = await schemaOf(document, around);
  if (!schema || name === undefined) return [];
  const { variables, fields } = schema.whole;
  const places = [
    ...(part === 'variables' || part === 'fails' ? variables.filter((each) => each.name === name) : []),
    ...(part === 'variables' ? [] : fields.filter((each) => each.machineName === name)),
  ];
  return places.map(({ entry }) => placeOf(schema, entry));
}

function placeOf(schema: Snapshot, { key }: MapEntry): Location {
  return importedPlace(schema.whole, key.range) ?? { uri: schema.uri, range: schema.rangeOf(key.range) };
}

function startOf(file: string): Location {
  const origin = { line: 0, character: 0 };
  return { uri: uriOf(file), range: { start: origin, end: origin } };
}

/** On top what can be done with the test, and which schema it is of. */
async function lenses(document: TextDocument, around: Around): Promise<CodeLens[]> {
  if (!around.hasCommands) return [];
  const range = startOf('/').range;
  const lens = (title: string, command: string, ...given: readonly string[]): CodeLens => ({
    range,
    command: { title, command, arguments: [document.uri, ...given] },
  });
  const schema = await schemaOf(document, around);
  return [
    lens('Run', 'imsc.runSchemaTest'),
    lens('Update Expectations', 'imsc.updateSchemaTest'),
    ...(schema
      ? [lens(`Schema: ${path.basename(fileOf(schema.uri) ?? '')}`, 'imsc.openTestedSchema', schema.uri)]
      : []),
  ];
}
