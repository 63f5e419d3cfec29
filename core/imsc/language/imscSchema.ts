import { fieldKnownTo } from './datasetFieldFacts.ts';
import type { DatasetFieldFacts } from './datasetFieldFacts.ts';
import { defaultDialect, isKnownTo } from './dialects.ts';
import type { DialectName } from './dialects.ts';
import { forms } from './forms.ts';
import { operators } from './operators.ts';
import type { RegistryEntry } from './registry.ts';
import { fieldKeys, fieldTypes, generalKeys, jobKeys, sampleAttachmentKeys } from './schemaKeys.ts';
import type { KeyShape, SchemaKey } from './schemaKeys.ts';
import { conditionKeys, junctionKeys, selectorFunctions, selectorSources } from './selectorFunctions.ts';
import { commonVariableKeys, sources } from './sources.ts';
import { valueTypes } from './valueTypes.ts';

/** A JSON Schema as plain data. */
type JsonSchema = Readonly<Record<string, unknown>>;

const scalar = ['string', 'number', 'boolean'];
const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });

const list = { anyOf: [{ type: 'array', items: ref('selector') }, ref('selector')] };

/** The JSON Schemas of what keys hold, with the words that a dialect has. */
function shapesIn(dialect: DialectName): Readonly<Record<KeyShape, JsonSchema>> {
  const words = (entries: readonly RegistryEntry[], more?: readonly (string | null)[]): JsonSchema =>
    choice(known(entries, dialect), more);
  return {
    // YAML makes numbers and booleans of unquoted texts; the ingestor reads them as they are written.
    text: { type: scalar },
    'text or number': { type: ['string', 'number'] },
    paths: isKnownTo(forms.paths, dialect)
      ? { anyOf: [{ type: scalar }, { type: 'array', items: { type: scalar }, minItems: 1 }] }
      : { type: scalar },
    'schema ids': { anyOf: [{ type: scalar }, { type: 'array', items: { type: scalar } }] },
    template: { type: 'string' },
    'template tree': { type: [...scalar, 'null', 'array', 'object'] },
    boolean: { type: 'boolean' },
    source: words(sources),
    'value type': words(valueTypes),
    operator: words(operators, ['', null]),
    'field type': words(fieldTypes),
    'selector source': words(selectorSources),
    'selector operator': words(selectorFunctions),
    'list of selectors': list,
    selector: ref('selector'),
    'map of variables': { type: ['object', 'null'], additionalProperties: ref('variable') },
    'map of fields': { type: ['object', 'null'], additionalProperties: ref('field') },
    'map of jobs': { type: ['object', 'null'], additionalProperties: ref('job') },
    'job parameters': { type: 'object', additionalProperties: { not: { type: 'object' } } },
    'sample attachment': ref('sampleAttachment'),
  };
}

function known<E extends RegistryEntry>(entries: readonly E[], dialect: DialectName): readonly E[] {
  return entries.filter((entry) => isKnownTo(entry, dialect));
}

/** Summary for plain editors, and everything for those that show Markdown. */
function described({ summary, explanation }: Pick<RegistryEntry, 'summary' | 'explanation'>): JsonSchema {
  return { description: summary, markdownDescription: `${summary}\n\n${explanation}` };
}

function keySchema(key: SchemaKey, dialect: DialectName): JsonSchema {
  const shape = shapesIn(dialect)[key.shape];
  // Beside $ref nothing else counts in draft 7.
  return '$ref' in shape ? { allOf: [shape], ...described(key) } : { ...shape, ...described(key) };
}

function spellings({ name, aliases }: Pick<RegistryEntry, 'name' | 'aliases'>): readonly string[] {
  return [name, ...aliases];
}

function propertiesOf(
  keys: readonly SchemaKey[],
  dialect: DialectName,
  special: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return Object.fromEntries(
    known(keys, dialect).flatMap((key) =>
      spellings(key).map((name) => [name, { ...keySchema(key, dialect), ...special[name] }]),
    ),
  );
}

const requiredOf = (keys: readonly SchemaKey[]): string[] =>
  keys.filter(({ required }) => required).map(({ name }) => name);

/** One of the entries, in any spelling, each with its own help in completion. */
function choice(entries: readonly RegistryEntry[], more: readonly (string | null)[] = []): JsonSchema {
  const all = entries.flatMap((entry) => spellings(entry).map((name) => ({ name, entry })));
  return {
    type: more.includes(null) ? ['string', 'null'] : 'string',
    enum: [...all.map(({ name }) => name), ...more],
    markdownEnumDescriptions: [
      ...all.map(({ name, entry }) =>
        name === entry.name ? `${entry.summary}\n\n${entry.explanation}` : `the same as \`${entry.name}\``,
      ),
      ...more.map(() => 'nothing'),
    ],
  };
}

function selectorSchema(dialect: DialectName): JsonSchema {
  const names = (entries: readonly RegistryEntry[]): string => known(entries, dialect).flatMap(spellings).join('|');
  return {
    anyOf: [
      {
        type: 'string',
        pattern: `^(\\*|(${names(selectorSources)}):(${names(selectorFunctions)}):[\\s\\S]*)$`,
        examples: ['filename:contains:coda', '*'],
      },
      {
        type: 'object',
        properties: propertiesOf(conditionKeys, dialect),
        required: requiredOf(conditionKeys),
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: propertiesOf(junctionKeys, dialect),
        minProperties: 1,
        additionalProperties: false,
      },
    ],
  };
}

/** A variable: the keys that it may have depend on its source. */
function variableSchema(dialect: DialectName): JsonSchema {
  const ownKeys = sources.flatMap(({ keys }) => known(keys, dialect));
  return {
    type: 'object',
    properties: {
      ...propertiesOf(commonVariableKeys, dialect),
      ...Object.fromEntries(ownKeys.map(({ name }) => [name, {}])),
    },
    required: requiredOf(commonVariableKeys),
    allOf: sources.map((source) => ({
      if: { properties: { source: { const: source.name } }, required: ['source'] },
      then: {
        properties: propertiesOf(source.keys, dialect, {
          // Nothing: the whole answer. True is the number 1.
          field: { type: [...scalar, 'null'] },
        }),
        required: requiredOf(source.keys),
        propertyNames: { enum: known([...commonVariableKeys, ...source.keys], dialect).flatMap(spellings) },
      },
    })),
    additionalProperties: false,
  };
}

/** A field: for a field of the dataset itself the machine name is one that SciCat has. */
function fieldSchema(datasetFields: readonly DatasetFieldFacts[], dialect: DialectName): JsonSchema {
  const assignable = datasetFields.filter((field) => field.assignable && isKnownTo(fieldKnownTo(field), dialect));
  return {
    type: 'object',
    properties: propertiesOf(fieldKeys, dialect),
    required: requiredOf(fieldKeys),
    if: { properties: { field_type: { const: 'high_level' } }, required: ['field_type'] },
    then: {
      properties: {
        machine_name: {
          enum: assignable.map(({ name }) => name),
          markdownEnumDescriptions: assignable.map(({ summary, mandatory }) =>
            mandatory ? `${summary} Mandatory.` : summary,
          ),
        },
      },
    },
    additionalProperties: false,
  };
}

/**
 * JSON Schema (draft 7) of schema files, made from the registries, for editors that know no language server. It sees
 * the structure only: what refers to what, and whether types fit, is for `imsc check`.
 * @param datasetFields the registry of the catalogue
 * @param dialect whose words are accepted
 */
export function imscSchema(
  datasetFields: readonly DatasetFieldFacts[],
  dialect: DialectName = defaultDialect,
): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Metadata schema for the ingestion into SciCat',
    type: 'object',
    properties: propertiesOf(generalKeys, dialect),
    required: requiredOf(generalKeys).filter((name) => name !== 'schema'),
    // Two spellings of one key.
    oneOf: [{ required: ['schema'] }, { required: ['schemas'] }],
    additionalProperties: false,
    definitions: {
      selector: selectorSchema(dialect),
      variable: variableSchema(dialect),
      field: fieldSchema(datasetFields, dialect),
      ...(known(generalKeys, dialect).some(({ shape }) => shape === 'map of jobs') && {
        job: {
          type: 'object',
          properties: propertiesOf(jobKeys, dialect),
          required: requiredOf(jobKeys),
          additionalProperties: false,
        },
      }),
      sampleAttachment: {
        type: ['object', 'null'],
        properties: propertiesOf(sampleAttachmentKeys, dialect),
        required: requiredOf(sampleAttachmentKeys),
        additionalProperties: false,
      },
    },
  };
}
