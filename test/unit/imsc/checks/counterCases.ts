import type { CheckCase } from './checkCases.ts';

const variables = (...lines: readonly string[]): string => `variables:\n${lines.map((line) => `  ${line}`).join('\n')}`;
const nxs = (path: string, type = 'string'): string => `a: {source: NXS, path: ${path}, value_type: '${type}'}`;
const sc = (url: string, more = ''): string => `a: {source: SC, url: ${url}, field: b, value_type: string${more}}`;
const field = (machineName: string, value: string): string =>
  `f: {field_type: high_level, machine_name: ${machineName}, value: ${value}, type: string}`;

const owners = 'owner_user: u, owner_group: g, contact_email: e';
const job = (keys: string): string => `jobs:\n  a: {${keys}}`;

/** The neighbours of what is looked for: each row of a table, each operand of a condition, and what must stay quiet. */
export const counterCases: readonly CheckCase[] = [
  // Keys of a job
  ...['type', 'owner_user', 'owner_group', 'contact_email'].map((key): CheckCase => {
    const all = `type: archive, job_params: {}, ${owners}`;
    return {
      name: `a job whose ${key} is a list`,
      code: 'wrong-shape',
      dialect: 'next',
      yaml: job(all.replace(new RegExp(`${key}: \\w+`), `${key}: ⟦[b]⟧`)),
    };
  }),
  {
    name: 'parameters that are a text',
    code: 'wrong-shape',
    dialect: 'next',
    yaml: job(`type: archive, job_params: ⟦b⟧, ${owners}`),
  },
  { name: 'no parameters', dialect: 'next', yaml: job(`type: archive, job_params: , ${owners}`), onlyYaml: true },
  { name: 'no jobs', dialect: 'next', yaml: 'jobs: {}' },
  {
    name: 'a key of a job that is misspelt',
    code: 'unknown-key',
    also: ['missing-key'],
    dialect: 'next',
    yaml: job(`⟦typ⟧: archive, job_params: {}, ${owners}`),
  },
  {
    name: 'a job without anything',
    code: 'missing-key',
    also: ['missing-key', 'missing-key', 'missing-key', 'missing-key'],
    dialect: 'next',
    yaml: 'jobs:\n  a: ⟦{}⟧',
  },

  // Keys of a selector that is written out
  ...(
    [
      ['And', 'and'],
      ['orr', 'or'],
    ] as const
  ).map(([written, key]): CheckCase => ({
    name: `a selector with ${written} for ${key}`,
    code: 'selector-invalid',
    yaml: `selector:\n  ⟦${written}⟧: [filename:contains:a]`,
    fixed: `selector:\n  ${key}: [filename:contains:a]`,
  })),
  ...(
    [
      ['sorce', 'source'],
      ['operater', 'operator'],
      ['operand2', 'operand_2'],
    ] as const
  ).map(([written, key]): CheckCase => {
    const whole = 'selector:\n  source: filename\n  operator: contains\n  operand_2: a';
    return {
      name: `a selector with ${written} for ${key}`,
      code: 'selector-invalid',
      dialect: 'imsc',
      yaml: whole.replace(`${key}:`, `⟦${written}⟧:`),
      fixed: whole,
    };
  }),
  { name: 'a source that resembles none', code: 'selector-invalid', yaml: 'selector: ⟦zzzzzz:contains:a⟧' },
  { name: 'a function that resembles none', code: 'selector-invalid', yaml: 'selector: ⟦filename:zzzzzz:a⟧' },

  // What is meant by a name
  {
    name: 'an unused variable whose name stands in a text',
    code: 'unused-variable',
    also: ['literal-is-variable'],
    yaml: `${variables('⟦title⟧: {source: VALUE, value: b, value_type: string}')}\nschema:\n  ${field('datasetName', 'title')}`,
  },
  {
    name: 'an unused variable whose name stands nowhere',
    code: 'unused-variable',
    yaml: `${variables('⟦title⟧: {source: VALUE, value: b, value_type: string}')}\nschema:\n  ${field('datasetName', 'b')}`,
    onlyYaml: true,
  },
  {
    name: 'the variable that the ingestor looks for',
    yaml: variables('source_folder: {source: VALUE, value: /a, value_type: string}'),
  },

  // Wildcards of a shell
  ...(
    [
      ['user-*', '^user-.*$'],
      ['user 1*', '^user 1.*$'],
      ['nutzerü*', '^nutzerü.*$'],
      ['a*_1', '^a.*_1$'],
      ['a*ß', '^a.*ß$'],
    ] as const
  ).map(([written, fixed]): CheckCase => ({
    name: `a wildcard of a shell: ${written}`,
    code: 'wildcard-pattern',
    yaml: variables(nxs(`/entry/⟦${written}⟧/name`, 'string[]')),
    fixed: variables(nxs(`/entry/${fixed}/name`, 'string[]')),
  })),
  ...(
    [
      ['*.v1', '^.*\\.v1$'],
      ['*(1)', '^.*\\(1\\)$'],
      ['*$', '^.*\\$$'],
    ] as const
  ).map(([written, fixed]): CheckCase => ({
    name: `a wildcard of a shell with a sign of expressions: ${written}`,
    code: 'wildcard-invalid',
    yaml: variables(nxs(`/entry/⟦${written}⟧/name`, 'string[]')),
    fixed: variables(nxs(`/entry/${fixed}/name`, 'string[]')),
  })),

  // Addresses of SciCat
  { name: 'an empty address', code: 'unknown-endpoint', yaml: variables(sc("⟦''⟧")), onlyYaml: true },
  {
    name: 'an address that begins with a slash',
    code: 'unknown-endpoint',
    yaml: variables(sc('⟦/proposals⟧/1')),
    fixed: variables(sc('proposals/1')),
  },
  {
    name: 'an address that is misspelt',
    code: 'unknown-endpoint',
    yaml: variables(sc('⟦proposal⟧/1')),
    fixed: variables(sc('proposals/1')),
  },
  { name: 'an address that resembles none', code: 'unknown-endpoint', yaml: variables(sc('⟦zzzzzzzz⟧/1')) },
  { name: 'a whole address', yaml: variables(sc('https://scicat.example/api/v3/zzzz')) },

  // A value for want of another
  {
    name: 'a default that fails with what it stands for',
    code: 'type-conflict',
    yaml: variables(`a: {source: VALUE, value: ⟦b⟧, value_type: integer, default: c}`),
    dialect: 'imsc',
  },
  {
    name: 'a default for what fails',
    yaml: variables(`a: {source: NXS, path: /entry/a, value_type: integer, default: 1}`),
    dialect: 'imsc',
  },
];
