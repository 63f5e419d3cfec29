import type { DatasetField, FieldFormat } from './datasetFields.ts';
import { datasetFields } from './datasetFields.ts';

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Which rules SciCat applies: v3 decides by the type of the dataset; `v4` also holds for v3 with a custom type. */
export type DatasetKind = 'raw' | 'derived' | 'v4';

const standardFormats: Partial<Record<FieldFormat, string>> = {
  email: 'email',
  'date-time': 'date-time',
  'luxon-date-time': 'date-time',
  'web-address': 'uri',
};

export interface SchemaOptions {
  /** The formats of `fieldFormats` instead of those that every JSON Schema validator knows. */
  readonly ownFormats?: boolean;
  /** An update: nothing is required, and pid and type are refused. */
  readonly partial?: boolean;
  /** SciCat before 4.28 names the target of a relationship `pid`. */
  readonly relationshipKey?: 'identifier' | 'pid';
}

/**
 * JSON Schema of what SciCat takes as a new dataset: unknown fields refused, nothing converted, `null` allowed where a
 * field is optional, and a single text allowed for a list of texts.
 */
export function scicatDatasetSchema(kind: DatasetKind, options: SchemaOptions = {}): JsonSchema {
  const fields = datasetFields.filter(
    (field) => field[kind] !== 'refused' && !(options.partial && (field.name === 'pid' || field.name === 'type')),
  );
  const required = fields.filter((field) => field[kind] === 'required').map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [
        field.name,
        field[kind] === 'ignored'
          ? {}
          : fieldSchema(field, field[kind] !== 'required' || options.partial === true, options),
      ]),
    ),
    ...(!options.partial && { required }),
    additionalProperties: false,
  };
}

function fieldSchema(field: DatasetField, nullable: boolean, options: SchemaOptions): JsonSchema {
  const format = field.format && (options.ownFormats ? field.format : standardFormats[field.format]);
  return {
    description: field.summary,
    ...typeSchema(field, nullable ? ['null'] : [], options),
    ...(field.notEmpty && { minLength: 1 }),
    ...(format !== undefined && { format }),
    ...(field.example !== undefined && { examples: [field.example] }),
  };
}

function typeSchema({ type, name }: DatasetField, orNull: readonly string[], options: SchemaOptions): JsonSchema {
  switch (type) {
    case 'strings':
      return { type: ['array', 'string', ...orNull], items: { type: 'string' } };
    case 'techniques':
      return { type: ['array', ...orNull], items: closedObject({ pid: text, name: text }, ['pid', 'name']) };
    case 'relationships':
      return { type: ['array', ...orNull], items: relationshipSchema(options) };
    case 'object':
      // v3 turns a list of metadata into an object.
      return { type: ['object', ...(name === 'scientificMetadata' ? ['array'] : []), ...orNull] };
    default:
      return { type: orNull.length > 0 ? [type, ...orNull] : type };
  }
}

const text = { type: 'string' };

function relationshipSchema({ relationshipKey = 'identifier' }: SchemaOptions): JsonSchema {
  if (relationshipKey === 'pid') return closedObject({ pid: text, relationship: text }, ['pid', 'relationship']);
  const optional = { type: ['string', 'null'] };
  return closedObject(
    { identifier: text, identifierType: optional, relationship: optional, entityType: optional, externalId: optional },
    ['identifier'],
  );
}

function closedObject(properties: JsonSchema, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The schema that is shipped as `schemas/scicat-dataset.schema.json`: whichever rules the type of the dataset asks for. */
export function scicatDatasetSchemaFile(): JsonSchema {
  const isType = (type: string): JsonSchema => ({ properties: { type: { const: type } }, required: ['type'] });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'SciCat dataset',
    description:
      'What SciCat takes as a new dataset: v3 of its API by the type of the dataset; v4, and v3 with any other type.',
    anyOf: [
      { allOf: [isType('raw'), { $ref: '#/definitions/raw' }] },
      { allOf: [isType('derived'), { $ref: '#/definitions/derived' }] },
      { $ref: '#/definitions/v4' },
    ],
    definitions: {
      raw: scicatDatasetSchema('raw'),
      derived: scicatDatasetSchema('derived'),
      v4: scicatDatasetSchema('v4'),
    },
  };
}
