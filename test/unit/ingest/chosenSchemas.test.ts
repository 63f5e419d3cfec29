import { schemaText, testIngestions } from '../../support/ingestionCases.ts';

const schema = (id: string, head: Readonly<Record<string, unknown>> = {}, name = `${id}.imsc.json`) => ({
  name,
  text: schemaText({ head: { id, name: id, ...head } }),
});
const none = 'filename:contains:nothing-of-the-kind';

testIngestions([
  {
    name: 'schema files: names that are read, content that decides the notation',
    schemas: [
      schema('hidden', {}, '.hidden.imsc.json'),
      schema('backup', {}, 'a.imsc.yml.bak'),
      schema('other', {}, 'a.json'),
      schema('json_in_yaml', { order: 5 }, 'a.imsc.yaml'),
    ],
    expect: { schema: 'json_in_yaml', problems: ['schema-file-name'] },
  },
  {
    name: 'schema files: YAML in a file called json, with comments and YAML 1.1 values',
    schemas: [
      {
        name: 'a.imsc.json',
        text: `# comment
id: yaml
name: yes it is
instrument: coda
order: 010
selector: '*'
variables:
  t: { source: VALUE, value: 12:30:45, value_type: integer }
  b: { source: VALUE, value: yes, value_type: string }
  e: { source: VALUE, value: 1e5, value_type: float }
  d: { source: VALUE, value: 2024-10-28, value_type: date }
  d: { source: VALUE, value: 2024-10-29, value_type: date }
schema:
${Object.entries({
  pid: 'p',
  datasetName: 'n',
  principalInvestigator: 'i',
  creationLocation: 'l',
  owner: 'o',
  ownerEmail: 'a@b.org',
  sourceFolder: '/f',
  contactEmail: 'a@b.org',
  creationTime: '<d>',
})
  .map(([name, value]) => `  ${name}: { field_type: high_level, machine_name: ${name}, value: ${value}, type: string }`)
  .join('\n')}
`,
      },
    ],
    expect: {
      schema: 'yaml',
      values: { t: 45045, b: 'true', e: 100000, d: '2024-10-29T00:00:00' },
      dataset: { creationTime: '2024-10-29T00:00:00' },
    },
  },
  {
    name: 'schema files: broken ones beside a good one are reported and left out',
    schemas: [
      { name: 'a.imsc.json', text: '{' },
      { name: 'b.imsc.yml', text: 'id: [' },
      { name: 'c.imsc.yml', text: '' },
      { name: 'd.imsc.yml', text: '- a' },
      { name: 'e.imsc.yml', text: 'id: e\nname: e\n' },
      { name: 'f.imsc.yml', text: 'just a text' },
      schema('variable', { variables: { a: 'text' } }),
      schema('source', { variables: { a: { source: 'nxs', path: '/a', value_type: 'string' } } }),
      schema('good', { order: 99 }),
    ],
    expect: { schema: 'good', problems: ['schema-refused'] },
  },
  {
    name: 'order: numbers, texts of numbers, then names as Python capitalizes them',
    schemas: [schema('late', { order: '10' }), schema('early', { order: 9.5 }), schema('last', { order: 'x' })],
    expect: { schema: 'early' },
  },
  {
    name: 'order: ties go by name; upper case before the underscore',
    schemas: [schema('a', { name: '_first' }), schema('b', { name: 'zebra' }), schema('c', { name: 'zEBRB' })],
    expect: { schema: 'b' },
  },
  {
    name: 'order: of two schemas with one id the first is used',
    schemas: [schema('same', { order: 2, selector: none }, 'a.imsc.json'), schema('same', { order: 1 }, 'b.imsc.json')],
    expect: { schema: 'same', problems: ['schema-duplicate-id'] },
  },
  {
    name: 'general keys: instrument may be missing, unknown keys are ignored, schemas is schema',
    schemas: [
      {
        name: 'a.imsc.json',
        text: schemaText({ head: { instrument: undefined, more: 1 } }).replace('"schema":', '"schemas":'),
      },
    ],
    expect: { schema: 'spec', problems: ['unknown-key'] },
  },
  ...[
    { written: none, matches: false },
    { written: 'filename:starts_with:{{ROOT}}/ess', matches: true },
    { written: 'filename:starts_with:/ess', matches: false },
    { written: 'nexusfile:contains:coda', matches: true },
    { written: 'datafile:contains:123321_00031010.hdf', matches: true },
    { written: 'filename:contains:CODA', matches: false },
    { written: ' filename:contains:coda', matches: false },
    { written: 'filename:contains', matches: false },
    { written: 'filename:ends_with:hdf', matches: false },
    { written: '', matches: false },
    { written: null, matches: false },
    { written: 5, matches: false },
    { written: true, matches: false },
    { written: [], matches: false },
    { written: {}, matches: true },
    { written: { or: [] }, matches: false },
    { written: { and: [] }, matches: true },
    { written: { or: ['*'] }, matches: true },
    { written: { or: '*' }, matches: true },
    { written: { or: 'filename:contains:coda' }, matches: false },
    { written: { and: null }, matches: false },
    { written: { or: [none, { and: ['filename:contains:coda', { or: ['*'] }] }] }, matches: true },
    { written: { or: ['*'], and: [none] }, matches: false },
    { written: { not: [none] }, matches: false },
    { written: { not: [none], or: ['filename:contains:coda'] }, matches: true },
    { written: { not: [none], or: [none] }, matches: false },
    { written: { source: 'filename', operator: 'contains', operand_2: 'coda' }, matches: true },
    { written: { source: 'filename', operator: 'contains', operand_2: 'ymir' }, matches: false },
    { written: { or: [{ source: 'datafile', operator: 'starts_with', operand_2: '{{ROOT}}' }, none] }, matches: true },
    { written: { source: 'filename', operator: 'contains' }, matches: false },
  ].map(({ written, matches }) => ({
    name: `selector ${JSON.stringify(written)}: ${matches ? 'yes' : 'no'}`,
    head: { selector: written },
    expect: matches ? { schema: 'spec' } : { schema: null, exit: 1, problems: ['no-schema'], requests: [] },
  })),
  {
    name: 'selector: of equal keys the last one counts',
    schema_text: schemaText({ head: { selector: 'X' } }).replace('"X"', `{"or": ["${none}"], "or": ["*"]}`),
    expect: { schema: 'spec' },
  },
  {
    name: 'fallback: a file that no selector takes',
    schemas: [
      schema('other', { selector: none }),
      { name: 'fallback.json', text: schemaText({ head: { id: 'fallback', selector: none } }) },
    ],
    config: { ingestion: { fallback_schema_file_path: 'schemas/fallback.json' } },
    expect: { schema: 'fallback' },
  },
  {
    name: 'fallback: one that is missing does not matter where another is taken',
    config: { ingestion: { fallback_schema_file_path: 'schemas/nowhere.json' } },
    expect: { schema: 'spec', problems: ['schema-file'] },
  },
  {
    name: 'fallback: one that is broken is reported',
    head: { selector: none },
    config: { ingestion: { fallback_schema_file_path: 'config.json' } },
    expect: { schema: null, exit: 1, problems: ['schema-refused', 'no-schema'] },
  },
  {
    name: 'schemas folder: relative to the working directory, also without a section for anything else',
    config: { ingestion: { schemas_directory: './schemas' } },
    config_remove: ['kafka', 'health_check', 'logging', 'id', 'dataset'],
    expect: { schema: 'spec' },
  },
  {
    name: 'schemas folder: missing',
    config: { ingestion: { schemas_directory: '{{ROOT}}/nowhere' } },
    expect: { schema: null, exit: 1, problems: ['schemas-directory', 'no-schema'] },
  },
]);
