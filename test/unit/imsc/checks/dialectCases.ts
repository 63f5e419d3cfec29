import type { CheckCase } from './checkCases.ts';

const job = 'type: archive, job_params: {a: [<x>, {pid: <pid>}]}, owner_user: u, owner_group: g, contact_email: e';
const used = 'variables:\n  x: {source: VALUE, value: b, value_type: string}';

/** What is said of a schema depends on who is to read it. */
export const dialectCases: readonly CheckCase[] = [
  { name: 'jobs', code: 'other-dialect', yaml: `${used}\n⟦jobs⟧:\n  a: {${job}}` },
  { name: 'jobs for the next ingestor', dialect: 'next', yaml: `${used}\njobs:\n  a: {${job}}` },
  { name: 'jobs that are a list', code: 'wrong-shape', dialect: 'next', yaml: `jobs: ⟦[a]⟧` },
  { name: 'a job that is a text', code: 'structure', dialect: 'next', yaml: `jobs:\n  ⟦a⟧: archive` },
  {
    name: 'a job without its owner',
    code: 'missing-key',
    dialect: 'next',
    yaml: 'jobs:\n  a: {⟦type⟧: archive, job_params: {}, owner_group: g, contact_email: e}',
  },
  {
    name: 'a job with another key',
    code: 'unknown-key',
    dialect: 'next',
    yaml: 'jobs:\n  a: {type: archive, job_params: {}, owner_user: u, owner_group: g, contact_email: e, ⟦executed⟧: f}',
  },
  {
    name: 'a map directly in the parameters',
    code: 'wrong-shape',
    dialect: 'next',
    yaml: 'jobs:\n  a: {type: archive, job_params: {⟦b⟧: {c: d}}, owner_user: u, owner_group: g, contact_email: e}',
  },
  {
    name: 'a job that refers to nothing',
    code: 'unknown-variable',
    dialect: 'next',
    yaml: 'jobs:\n  a: {type: archive, job_params: {}, owner_user: ⟦<nobody>⟧, owner_group: g, contact_email: e}',
  },
  {
    name: 'the name that a field has in v4 of the API',
    code: 'other-dialect',
    also: ['mandatory-field-missing', 'mandatory-field-missing'],
    withFields: true,
    yaml: "schema:\n  f: {field_type: high_level, machine_name: ⟦proposalIds⟧, value: \"['1']\", type: 'string[]'}",
  },
  {
    name: 'the name that a field has in v4 of the API, for the next ingestor',
    code: 'mandatory-field-missing',
    also: ['mandatory-field-missing'],
    dialect: 'next',
    withFields: true,
    yaml: "⟦schema⟧:\n  f: {field_type: high_level, machine_name: proposalIds, value: \"['1']\", type: 'string[]'}",
  },
  {
    name: 'the name that a field has in v3 of the API, for the next ingestor',
    code: 'other-dialect',
    also: ['mandatory-field-missing', 'mandatory-field-missing'],
    dialect: 'next',
    withFields: true,
    yaml: "schema:\n  f: {field_type: high_level, machine_name: ⟦proposalId⟧, value: '1', type: string}",
  },
  {
    name: 'a field of derived datasets, which only this program sends',
    code: 'other-dialect',
    also: ['mandatory-field-missing', 'mandatory-field-missing'],
    withFields: true,
    yaml: "schema:\n  f: {field_type: high_level, machine_name: ⟦usedSoftware⟧, value: \"['a']\", type: 'string[]'}",
  },
  {
    name: 'an item of the metadata with the name of such a field',
    code: 'mandatory-field-missing',
    also: ['mandatory-field-missing'],
    withFields: true,
    yaml: "⟦schema⟧:\n  f: {field_type: scientific_metadata, machine_name: proposalIds, value: '1', type: string}",
  },
  {
    name: 'several paths',
    code: 'other-dialect',
    yaml: 'variables:\n  x: {source: NXS, path: ⟦[/a, /b]⟧, value_type: string}',
  },
  {
    name: 'several paths for the ILL’s ingestor',
    dialect: 'ill',
    yaml: 'variables:\n  x: {source: NXS, path: [/a, /b], value_type: string}',
  },
  {
    name: 'a path that is an object',
    code: 'wrong-shape',
    yaml: 'variables:\n  x: {source: NXS, path: ⟦{a: b}⟧, value_type: string}',
  },
  {
    name: 'one empty path of several',
    code: 'path-empty',
    dialect: 'ill',
    yaml: "variables:\n  x: {source: NXS, path: [/a, ⟦''⟧], value_type: string}",
  },
  {
    name: 'the path of an attribute',
    code: 'other-dialect',
    yaml: 'variables:\n  x: {source: NXS, path: ⟦/a@b⟧, value_type: string}',
  },
  {
    name: 'a path by class',
    code: 'other-dialect',
    yaml: "variables:\n  x: {source: NXS, path: ⟦'/entry/:NXinstrument/name'⟧, value_type: string}",
  },
  {
    name: 'a default and an attribute, told in one place',
    code: 'other-dialect',
    dialect: 'ill',
    yaml: 'variables:\n  x: {source: NXS, path: ⟦/a@b⟧, value_type: string, default: none}',
  },
  {
    name: 'a variable that only a default uses',
    dialect: 'imsc',
    yaml: 'variables:\n  y: {source: VALUE, value: b, value_type: string}\n  x: {source: NXS, path: /a, value_type: string, default: <y>}\nschema:\n  f: {field_type: scientific_metadata, machine_name: f, value: <x>, type: string}',
  },
  {
    name: 'a nested value',
    code: 'template-item',
    yaml: 'variables:\n  x: {source: VALUE, value: {a: ⟦[b]⟧}, value_type: dict}',
    onlyYaml: true,
  },
  {
    name: 'a nested value for the ILL’s ingestor',
    dialect: 'ill',
    yaml: 'variables:\n  x: {source: VALUE, value: {a: [[b]], c: {d: 3}}, value_type: dict}',
  },
  {
    name: 'what refers to a nested value of the ILL’s ingestor',
    dialect: 'ill',
    yaml: 'variables:\n  x: {source: VALUE, value: {a: {b: c}}, value_type: dict}\n  y: {source: VALUE, value: is <x>, value_type: string}',
  },
  {
    name: 'the same for today’s ingestor',
    code: 'depends-on-failed',
    yaml: 'variables:\n  # imsc-ignore-next-line template-item\n  x: {source: VALUE, value: {a: {b: c}}, value_type: dict}\n  y: {source: VALUE, value: is ⟦<x>⟧, value_type: string}',
    onlyYaml: true,
  },
  {
    name: 'an operator of our own',
    code: 'other-dialect',
    yaml: 'variables:\n  x: {source: VALUE, value: ab, operator: ⟦regex⟧, pattern: a(.), value_type: string}',
  },
  {
    name: 'the same for this program',
    dialect: 'imsc',
    yaml: 'variables:\n  x: {source: VALUE, value: ab, operator: regex, pattern: a(.), value_type: string}',
  },
  {
    name: 'an operator of our own without what it needs',
    code: 'missing-argument',
    dialect: 'imsc',
    yaml: 'variables:\n  x: {source: VALUE, value: ab, operator: ⟦regex⟧, value_type: string}',
  },
  {
    name: 'an argument that may be left out',
    dialect: 'imsc',
    yaml: 'variables:\n  a: {source: NXS, path: /a, value_type: float}\n  x: {source: VALUE, value: <a>, operator: round, value_type: integer}',
  },
  {
    name: 'an argument of the wrong kind',
    code: 'operator-value',
    dialect: 'imsc',
    yaml: "variables:\n  a: {source: NXS, path: /a, value_type: float}\n  x: {source: VALUE, value: <a>, operator: round, digits: ⟦'two'⟧, value_type: float}",
  },
  {
    name: 'the mean of a text',
    code: 'operator-value',
    dialect: 'imsc',
    yaml: 'variables:\n  x: {source: VALUE, value: ab, operator: ⟦mean⟧, value_type: float}',
  },
  {
    name: 'the unit of a mean is that of its values',
    code: 'unit-contradiction',
    dialect: 'imsc',
    yaml: 'variables:\n  a: {source: NXS, path: /a, value_type: "float[]", unit: mm}\n  x: {source: VALUE, value: <a>, operator: mean, value_type: float}\nschema:\n  f: {field_type: scientific_metadata, machine_name: f, value: <x>, type: float, unit: ⟦K⟧}',
  },
  {
    name: 'a schema that is one of several for a file of the ILL',
    dialect: 'ill',
    withFields: true,
    yaml: 'schema: {}',
  },
  {
    name: 'a selector on folders, which today’s ingestor does not know',
    code: 'other-dialect',
    yaml: 'selector: ⟦dirname:contains:d17⟧',
  },
  { name: 'the same for the ILL’s ingestor', dialect: 'ill', yaml: 'selector: dirname:contains:d17' },
  { name: 'the same for this program', dialect: 'imsc', yaml: 'selector: dirname:contains:d17' },
  {
    name: 'the same for the next ingestor',
    code: 'other-dialect',
    dialect: 'next',
    yaml: 'selector: ⟦fullpath:contains:d17⟧',
  },
  {
    name: 'two folders that one path may have',
    dialect: 'ill',
    yaml: 'selector: {and: ["dirname:starts_with:rawdata", "dirname:starts_with:d17"]}',
  },
  {
    name: 'the comment of a schema comes before what is configured',
    onlyYaml: true,
    yaml: '# imsc-dialect: ill\nselector: dirname:contains:d17',
  },
  {
    name: 'a dialect that does not exist',
    code: 'unknown-dialect',
    onlyYaml: true,
    yaml: '# imsc-dialect: ⟦nextt⟧\nselector: filename:contains:d17',
    fixed: '# imsc-dialect: next\nselector: filename:contains:d17',
  },
  {
    name: 'a written out selector is no trouble for this program',
    dialect: 'imsc',
    yaml: 'selector: {source: filename, operator: contains, operand_2: coda}',
  },
  {
    name: 'a documented spelling is no trouble for this program',
    dialect: 'imsc',
    yaml: 'variables:\n  x: {source: VALUE, value: A, operator: to_lower, value_type: string}',
  },
];
