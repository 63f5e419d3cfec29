import { storableKeyPattern } from '../../text/storableKeys.ts';
import { scicatDatasetSchema } from '../../scicat/scicatDatasetSchema.ts';
import { isJsonObject } from '../../scicat/json.ts';
import type { JsonSchema } from '../../scicat/scicatDatasetSchema.ts';
import { givableFields } from './metadataFile.ts';

/** The JSON Schema of files with a person's metadata, for editors that know nothing else of them. */
export function metadataSchema(): JsonSchema {
  const types = [scicatDatasetSchema('v4'), scicatDatasetSchema('derived'), scicatDatasetSchema('raw')];
  const known = new Map<string, unknown>(
    types.flatMap(({ properties: each }) => (isJsonObject(each) ? Object.entries(each) : [])),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'What a person knows of a dataset',
    description: 'Fields of the dataset that are not taken from the data file or from SciCat.',
    type: ['object', 'null'],
    properties: {
      ...Object.fromEntries(
        givableFields.map(({ name, summary, rule }) => {
          const schema = known.get(name);
          const description = rule === undefined ? summary : `${summary} ${rule}`;
          // What is left empty is not given.
          const open = isJsonObject(schema) ? { anyOf: [schema, { type: 'null' }] } : {};
          return [name, { description, ...open }];
        }),
      ),
      isPublished: { const: false },
      scientificMetadata: {
        description: 'Everything else: a value, an object of value and unit, or any other object.',
        type: ['object', 'null'],
        propertyNames: { $ref: '#/definitions/key' },
        additionalProperties: { $ref: '#/definitions/item' },
      },
    },
    additionalProperties: false,
    definitions: {
      key: { type: 'string', pattern: storableKeyPattern },
      item: {
        anyOf: [
          { type: ['string', 'number', 'boolean', 'null', 'array'] },
          {
            type: 'object',
            properties: { value: {}, unit: { type: ['string', 'null'] } },
            propertyNames: { $ref: '#/definitions/key' },
          },
        ],
      },
    },
  };
}
