import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { imscSchema } from '../../core/imsc/language/imscSchema.ts';
import { operators } from '../../core/imsc/language/operators.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../core/imsc/schema/schema.ts';
import { isSchemaFileName } from '../../core/ingest/schemas/schemaFiles.ts';
import { sources } from '../../core/imsc/language/sources.ts';
import { valueTypes } from '../../core/imsc/language/valueTypes.ts';
import { valuesEqual } from '../../core/imsc/values/values.ts';
import { ingestorConfigSchema } from '../../core/config/configSchema.ts';
import { datasetFields } from '../../core/scicat/datasetFields.ts';
import { scicatDatasetSchemaFile } from '../../core/scicat/scicatDatasetSchema.ts';
import { generatedFiles } from '../../scripts/generate/generatedFiles.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const files = await generatedFiles(root);

test.each([...files.keys()])('%s is as the registries say', (path) => {
  const stale = !existsSync(join(root, path)) || read(path) !== files.get(path);
  expect(stale, `${path} is stale; run: npm run generate`).toBe(false);
});

test('every link within the pages leads somewhere', () => {
  for (const [path, text] of files) {
    if (!path.endsWith('.md')) continue;
    const seen = new Map<string, number>();
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
      const plain = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-');
      const before = seen.get(plain) ?? 0;
      seen.set(plain, before + 1);
      return before === 0 ? plain : `${plain}-${before}`;
    });
    for (const [, anchor] of text.matchAll(/\]\(#([^)]*)\)/g)) expect(anchors, path).toContain(anchor);
    for (const [, page = ''] of text.matchAll(/\]\(([a-z-]+\.md)\)/g))
      expect([...files.keys()]).toContain(`docs/reference/${page}`);
  }
});

describe('the examples of the reference pages', () => {
  test.each(operators.map((operator) => [operator.name, operator] as const))('operator %s', (_, { apply, example }) => {
    expect(valuesEqual(apply(example.value, example.arguments, example.unit), example.result)).toBe(true);
  });

  test.each(valueTypes.map((type) => [type.name, type] as const))('value type %s', (_, { convert, example }) => {
    expect(valuesEqual(convert(example.value), example.result)).toBe(true);
  });
});

const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
const validate = {
  schema: ajv.compile(imscSchema(datasetFields)),
  config: ajv.compile(ingestorConfigSchema()),
  dataset: ajv.compile(scicatDatasetSchemaFile()),
};

/** What a plain editor would show; empty if nothing. */
function faults(kind: keyof typeof validate, value: unknown): string[] {
  validate[kind](value);
  return (validate[kind].errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

describe('JSON Schema of schema files', () => {
  const folder = 'samples/schemas';
  test.each(readdirSync(join(root, folder)).filter(isSchemaFileName))('accepts the sample %s', (name) => {
    expect(faults('schema', parseYaml(read(`${folder}/${name}`)))).toEqual([]);
  });

  test.each(sources.map(({ name, example }) => [name, example] as const))(
    'accepts the example of source %s',
    (_, example) => {
      const schema = {
        id: 'x',
        name: 'x',
        selector: '*',
        order: 1,
        variables: parseYaml(example) as unknown,
        schema: {},
      };
      expect(faults('schema', schema)).toEqual([]);
    },
  );

  const minimal = { id: 'x', name: 'x', selector: '*', order: 1, variables: {}, schema: {} };
  const field = { field_type: 'high_level', machine_name: 'owner', value: 'x', type: 'string' };
  const variable = { source: 'VALUE', value: 'x', value_type: 'string' };
  test.each([
    ['a misspelt key', { ...minimal, oder: 2 }],
    ['no fields', { ...minimal, schema: undefined }],
    ['both spellings of schema', { ...minimal, schemas: {} }],
    ['a selector of two parts', { ...minimal, selector: 'filename:coda' }],
    [
      'an unknown selector source',
      { ...minimal, selector: { source: 'folder', operator: 'contains', operand_2: 'x' } },
    ],
    ['an unknown source', { ...minimal, variables: { x: { ...variable, source: 'nxs' } } }],
    ['an unknown operator', { ...minimal, variables: { x: { ...variable, operator: 'upper' } } }],
    ['an unknown value type', { ...minimal, variables: { x: { ...variable, value_type: 'text' } } }],
    ['a key of another source', { ...minimal, variables: { x: { ...variable, path: '/entry' } } }],
    ['a variable without its path', { ...minimal, variables: { x: { source: 'NXS', value_type: 'string' } } }],
    ['an unknown dataset field', { ...minimal, schema: { x: { ...field, machine_name: 'ownr' } } }],
    ['a field without a type', { ...minimal, schema: { x: { ...field, type: undefined } } }],
  ])('refuses %s', (_, schema) => {
    expect(faults('schema', minimal)).toEqual([]);
    expect(faults('schema', JSON.parse(JSON.stringify(schema)))).not.toEqual([]);
  });

  interface Vector {
    name: string;
    schema_text?: string;
  }
  const vectors = readdirSync(join(root, 'test/conformance/vectors'))
    .filter((name) => name !== 'INDEX.json')
    .map((name) => JSON.parse(read(`test/conformance/vectors/${name}`)) as Vector)
    .flatMap(({ name, schema_text: text }) => (text === undefined ? [] : [{ name, text }]));

  test.each(vectors)('refuses what an ingestion refuses: $name', ({ text }) => {
    const { refused, problems } = bindSchema(parseByContent(text));
    const plain: unknown = parseYaml(text, { version: '1.1', uniqueKeys: false, logLevel: 'silent' });
    if (refused) expect(faults('schema', plain)).not.toEqual([]);
    else if (problems.length === 0) {
      // Unknown names, and selectors that match nothing, are no matter of structure; everything else must pass.
      const structural = faults('schema', plain).filter(
        (fault) => !/^\/selector|allowed values|"then" schema/.test(fault),
      );
      expect(structural).toEqual([]);
    }
  });
});

describe('JSON Schema of the configuration', () => {
  test('accepts the sample and the recorded configuration', () => {
    expect(faults('config', parseYaml(read('samples/config.yml')))).toEqual([]);
    expect(faults('config', JSON.parse(read('test/conformance/base-config.json')))).toEqual([]);
  });

  test('refuses a misspelt option and a wrong value', () => {
    expect(faults('config', { ingestion: { dry_runn: true } })).not.toEqual([]);
    expect(faults('config', { ingestion: { file_handling: { file_path_type: 'short' } } })).not.toEqual([]);
  });
});

describe('JSON Schema of datasets', () => {
  const dataset = {
    pid: '20.500.12269/1',
    type: 'raw',
    ownerGroup: 'group',
    owner: 'Ada Lovelace',
    contactEmail: 'ada@example.org',
    sourceFolder: '/data',
    creationTime: '2025-01-20T12:00:00.000Z',
    datasetName: 'name',
    principalInvestigator: 'Ada Lovelace',
    creationLocation: 'ESS:CODA',
  };

  test('accepts a raw dataset, refuses unknown fields and numbers for texts', () => {
    expect(faults('dataset', dataset)).toEqual([]);
    expect(faults('dataset', { ...dataset, location: 'x' })).not.toEqual([]);
    expect(faults('dataset', { ...dataset, runNumber: 12 })).not.toEqual([]);
  });
});
