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
  ...['./', ' ', ' ./'].map((before): CheckCase => ({
    name: `an address that begins with ${JSON.stringify(before)}`,
    code: 'unknown-endpoint',
    yaml: variables(sc(`"⟦${before}proposals⟧/1"`)),
    fixed: variables(sc('"proposals/1"')),
  })),
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

  // What a name resembles, and what it does not
  {
    name: 'a reference to nothing, like a variable further down',
    code: 'unknown-variable',
    yaml: variables(
      'a: {source: VALUE, value: ⟦<tilte>⟧, value_type: string}',
      'title: {source: VALUE, value: b, value_type: string}',
    ),
  },
  {
    name: 'a reference to nothing, like a variable further up',
    code: 'unknown-variable',
    yaml: variables(
      'title: {source: VALUE, value: b, value_type: string}',
      'a: {source: VALUE, value: ⟦<tilte>⟧, value_type: string}',
    ),
    fixed: variables(
      'title: {source: VALUE, value: b, value_type: string}',
      'a: {source: VALUE, value: <title>, value_type: string}',
    ),
  },
  {
    name: 'a field that resembles none',
    code: 'unknown-field',
    withFields: true,
    also: ['mandatory-field-missing', 'mandatory-field-missing'],
    yaml: `schema:\n  ${field('⟦zzzzzzzz⟧', 'a')}`,
  },
  {
    name: 'a pid that is misspelt',
    code: 'mandatory-field-missing',
    withFields: true,
    also: ['mandatory-field-missing', 'unknown-field'],
    yaml: `⟦schema⟧:\n  ${field('pidd', 'a')}`,
  },
  {
    name: 'a value that SciCat would refuse, where it is not meant for SciCat’s field',
    withFields: true,
    code: 'mandatory-field-missing',
    also: ['mandatory-field-missing'],
    yaml: '⟦schema⟧:\n  f: {field_type: scientific_metadata, machine_name: numberOfFiles, value: a, type: string}',
  },
  {
    name: 'a selector of one word that resembles a key',
    code: 'selector-invalid',
    yaml: 'selector: ⟦ando⟧',
  },
  {
    name: 'a day that there is not, without a time zone',
    code: 'invalid-date',
    yaml: variables("a: {source: VALUE, value: ⟦'2024-02-31T10:00:00'⟧, value_type: date}"),
  },
  {
    name: 'null in a list',
    code: 'template-item',
    yaml: variables('a: {source: VALUE, value: [⟦null⟧], value_type: list}'),
    fixed: variables('a: {source: VALUE, value: ["null"], value_type: list}'),
  },
  {
    name: 'nothing in a list',
    code: 'template-item',
    onlyYaml: true,
    yaml: variables('a: {source: VALUE, value: {b:⟦⟧ }, value_type: dict}'),
  },

  // Fields
  {
    name: 'a type of a field that resembles none',
    code: 'unknown-field-type',
    yaml: 'schema:\n  f: {field_type: ⟦zzzz⟧, machine_name: owner, value: a, type: string}',
  },
  {
    name: 'a field without a name',
    code: 'unknown-field',
    yaml: "schema:\n  f: {field_type: high_level, machine_name: ⟦''⟧, value: a, type: string}",
  },
  {
    name: 'a field set three times',
    code: 'field-set-twice',
    also: ['field-set-twice'],
    yaml: ['⟦owner⟧', 'owner', 'owner'].reduce(
      (text, name, index) =>
        `${text}\n  f${index}: {field_type: high_level, machine_name: ${name}, value: a, type: string}`,
      'schema:',
    ),
  },

  // Operators
  {
    name: 'an operator that resembles none',
    code: 'unknown-operator',
    yaml: variables('a: {source: VALUE, operator: ⟦zzzzzzzz⟧, value: b, value_type: string}'),
  },
  {
    name: 'an argument of an operator that there is not',
    code: 'unknown-operator',
    yaml: variables('a: {source: VALUE, operator: ⟦zzzzzzzz⟧, pattern: c, value: b, value_type: string}'),
  },
  {
    name: 'an argument that is empty',
    code: 'operator-value',
    yaml: variables("a: {source: VALUE, operator: ⟦getitem⟧, field: '', value: b, value_type: string}"),
  },
  {
    name: 'an argument of what comes from the file',
    code: 'unknown-key',
    yaml: variables('a: {source: NXS, path: /entry/a, ⟦pattern⟧: c, value_type: string}'),
  },

  // Placeholders
  {
    name: 'two placeholders in one text',
    code: 'placeholder-left',
    yaml: variables('a: {source: VALUE, value: ⟦PREFIX/OWNER_GROUP⟧, value_type: string}'),
  },
  { name: 'a placeholder in an address', yaml: variables(sc('proposals/PROPOSAL_ID')) },
  {
    name: 'a placeholder for a key',
    yaml: variables('a: {source: VALUE, value: {OWNER_GROUP: b}, value_type: dict}'),
  },

  // Filters
  ...['[]', 'null', '5'].map((filter): CheckCase => ({
    name: `a filter that is no object: ${filter}`,
    code: 'filter-not-json',
    yaml: variables(`a: {source: SC, url: "instruments?filter=⟦${filter}⟧", value_type: list}`),
  })),
  {
    name: 'a filter of which a part is a variable',
    yaml: variables('a: {source: SC, url: "instruments?filter={\\"limits\\":{\\"limit\\":<now>}}", value_type: list}'),
  },
  {
    name: 'a filter that a variable holds',
    yaml: variables('a: {source: SC, url: "instruments?filter=<now>", value_type: list}'),
  },
  {
    name: 'filters of proposals',
    yaml: variables('a: {source: SC, url: "proposals?filters={}&x=y", value_type: list}'),
  },
  {
    name: 'filters of proposals that are no JSON',
    code: 'filter-not-json',
    yaml: variables('a: {source: SC, url: "proposals?x=[&filters=⟦{⟧", value_type: list}'),
  },
  {
    name: 'a filter that is a word',
    code: 'filter-not-json',
    yaml: variables('a: {source: SC, url: "instruments?filter=⟦x⟧", value_type: list}'),
  },
  {
    name: 'a filter of a whole address',
    yaml: variables('a: {source: SC, url: "https://scicat.example/instruments?filter=[", value_type: list}'),
  },

  // What is taken of an answer
  { name: 'the number of an item', yaml: variables('a: {source: SC, url: instruments, field: 0, value_type: dict}') },
  { name: 'nothing of a list', yaml: variables("a: {source: SC, url: instruments, field: '', value_type: list}") },
  { name: 'a part of what is below an item', yaml: variables(sc('datasets/1/origdatablocks')) },

  // Wildcards
  {
    name: 'a wildcard in the middle with another type',
    code: 'wildcard-value-type',
    yaml: variables(nxs('/entry/⟦user_*⟧/name', 'integer')),
    fixed: variables(nxs('/entry/user_*/name', 'string[]')),
  },
  {
    name: 'a wildcard at the end with another type',
    code: 'wildcard-value-type',
    dialect: 'imsc',
    yaml: variables(nxs('/entry/⟦*⟧', 'string')),
  },
  {
    name: 'an expression with an escaped star',
    yaml: variables(nxs('/entry/^a\\*$/name', 'string[]')),
    onlyYaml: true,
  },
  { name: 'an expression', yaml: variables(nxs('/entry/^a.*$/name', 'string[]')) },
  {
    name: 'an empty path of blanks',
    code: 'path-empty',
    yaml: variables("a: {source: NXS, path: ⟦'  '⟧, value_type: string}"),
  },

  // Types and dates
  {
    name: 'a type that resembles none',
    code: 'unknown-value-type',
    yaml: variables('a: {source: VALUE, value: b, value_type: ⟦zzzzzzzz⟧}'),
  },
  ...(
    [
      ['str', 'string'],
      ['text', 'string'],
      ['int', 'integer'],
      ['long', 'integer'],
      ['number', 'float'],
      ['double', 'float'],
      ['datetime', 'date'],
      ['timestamp', 'date'],
      ['time', 'date'],
      ['object', 'dict'],
      ['map', 'dict'],
      ['array', 'list'],
      ['Int', 'integer'],
    ] as const
  ).map(([written, fixed]): CheckCase => ({
    name: `the type ${written} of another language`,
    code: 'unknown-value-type',
    yaml: variables(nxs('/entry/b', 'X').replace("'X'", `⟦${written}⟧`)),
    fixed: variables(nxs('/entry/b', 'X').replace("'X'", fixed)),
  })),
  ...(
    [
      ['high_level', 'endTime'],
      ['high_level', 'creationTime'],
      ['scientific_metadata', 'anything'],
    ] as const
  ).map(([kind, name]): CheckCase => ({
    name: `a date without a time zone in the field ${name}`,
    code: 'date-without-time-zone',
    yaml: `schema:\n  f: {field_type: ${kind}, machine_name: ${name}, value: ⟦'2025-01-20T12:00:00'⟧, type: date}`,
    fixed: `schema:\n  f: {field_type: ${kind}, machine_name: ${name}, value: '2025-01-20T12:00:00Z', type: date}`,
  })),
  {
    name: 'a day in a variable, which becomes a date',
    yaml: `${variables("a: {source: VALUE, value: '2025-01-20', value_type: string}")}\nschema:\n  f: {field_type: scientific_metadata, machine_name: m, value: <a>, type: date}`,
  },
  {
    name: 'a date in a variable that says its time zone',
    yaml: `${variables("a: {source: VALUE, value: '2025-01-20T12:00:00Z', value_type: string}")}\nschema:\n  f: {field_type: scientific_metadata, machine_name: m, value: <a>, type: date}`,
  },
  {
    name: 'a date without a time zone that a field takes for a text',
    yaml: "schema:\n  f: {field_type: scientific_metadata, machine_name: m, value: '2025-01-20T12:00:00', type: string}",
  },

  // Units
  {
    name: 'three units, one of them none',
    code: 'unit-dropped',
    yaml: variables(
      'a: {source: NXS, path: /a, value_type: float, unit: mm}',
      'b: {source: NXS, path: /b, value_type: float, unit: m}',
      "d: {source: VALUE, value: '1', value_type: float}",
      "c: {source: VALUE, value: ⟦[<a>, <b>, <d>]⟧, value_type: 'float[]'}",
    ),
  },
  {
    name: 'two units of texts',
    yaml: variables(
      'a: {source: NXS, path: /a, value_type: float, unit: mm}',
      'b: {source: NXS, path: /b, value_type: float, unit: m}',
      "c: {source: VALUE, value: [<a>, <b>], value_type: 'string[]'}",
    ),
  },
  {
    name: 'the unit of what comes from SciCat',
    yaml: variables(sc('proposals/1', ', unit: mm')),
  },
  {
    name: 'a unit of a field in the metadata',
    yaml: 'schema:\n  f: {field_type: scientific_metadata, machine_name: m, value: a, type: string, unit: mm}',
  },

  // The order
  { name: 'no order', code: 'order-no-number', yaml: '⟦order⟧:', onlyYaml: true },
  { name: 'a number with many digits in quotes', code: 'order-no-number', yaml: "order: ⟦'1234567890123456'⟧" },
  { name: 'infinity', code: 'order-no-number', yaml: 'order: ⟦.inf⟧', onlyYaml: true },
  { name: 'zero in quotes', code: 'order-no-number', yaml: "order: ⟦'0'⟧", fixed: 'order: 0' },

  // Selectors
  {
    name: 'several unknown keys',
    code: 'selector-invalid',
    also: ['selector-invalid'],
    yaml: 'selector:\n  ⟦not⟧: [filename:contains:a]\n  nor: [filename:contains:a]',
  },
  {
    name: 'one key that is unknown in several parts',
    code: 'selector-invalid',
    yaml: 'selector:\n  and:\n    - ⟦not⟧: [filename:contains:a]\n    - not: [filename:contains:a]',
  },
  { name: 'a selector that is a list', code: 'selector-invalid', yaml: 'selector: ⟦[filename:contains:a]⟧' },
  { name: 'a selector that is a number', code: 'selector-invalid', yaml: 'selector: ⟦5⟧' },
  {
    name: 'a text where a list of selectors belongs',
    code: 'selector-invalid',
    yaml: 'selector:\n  or: ⟦filename:contains:a⟧',
    fixed: "selector:\n  or: ['filename:contains:a']",
  },
  {
    name: 'a text where an inner list of selectors belongs',
    code: 'selector-invalid',
    yaml: 'selector:\n  and:\n    - filename:contains:a\n    - or: ⟦filename:contains:b⟧',
    fixed: "selector:\n  and:\n    - filename:contains:a\n    - or: ['filename:contains:b']",
  },
  {
    name: 'a text of one star where a list of selectors belongs',
    yaml: "selector:\n  ⟦or: '*'⟧",
    code: 'selector-always',
  },
  {
    name: 'parts that are a number',
    code: 'selector-invalid',
    yaml: 'selector:\n  ⟦and: 5⟧',
    onlyYaml: true,
  },
  {
    name: 'an expanded selector without its function',
    code: 'selector-invalid',
    yaml: 'selector: ⟦{source: filename, operand_2: a}⟧',
  },
  {
    name: 'an expanded selector with a colon',
    code: 'selector-not-portable',
    yaml: "selector: ⟦{source: filename, operator: contains, operand_2: 'a:b'}⟧",
  },
  {
    name: 'an expanded selector for this program',
    dialect: 'imsc',
    yaml: 'selector: {source: filename, operator: contains, operand_2: a}',
  },
  { name: 'an alias for this program', dialect: 'imsc', yaml: 'selector: datafile:contains:a' },

  // Dialects
  {
    name: 'much that only this program knows',
    code: 'other-dialect',
    yaml: variables(
      'a: {source: NXS, path: ⟦/a@b⟧, value_type: string}',
      'b: {source: NXS, path: /a@c, value_type: string, default: none of it}',
      'c: {source: VALUE, value: ab, operator: regex, pattern: a(.), value_type: string}',
      "n: {source: NXS, path: /n, value_type: 'float[]'}",
      'd: {source: VALUE, value: <n>, operator: mean, value_type: float}',
      'e: {source: VALUE, value: <d>, operator: round, value_type: float}',
      "g: {source: NXS, path: '/entry/:NXinstrument/name', value_type: string}",
    ),
  },
  {
    name: 'two units, of which one is not known',
    yaml: variables(
      'a: {source: NXS, path: /a, value_type: float, unit: mm}',
      'b: {source: NXS, path: /b, value_type: float}',
      "c: {source: VALUE, value: [<a>, <b>], value_type: 'float[]'}",
    ),
  },
];
