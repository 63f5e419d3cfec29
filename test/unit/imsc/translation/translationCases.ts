import type { DialectName } from '../../../../core/imsc/language/dialects.ts';

/** What files hold at their paths: numbers, texts and lists of them, with a unit behind a blank where they have one. */
export type FileContent = Readonly<Record<string, unknown>>;

/** A schema in YAML, in the dialect `imsc`, and what becomes of it for another ingestor. */
export interface TranslationCase {
  readonly name: string;
  readonly to?: DialectName;
  readonly yaml: string;
  /** The datasets of these must be the same; the first ones are samples. */
  readonly files?: readonly FileContent[];
  /** How many of the files are known as samples. */
  readonly samples?: number;
  /** Pieces that the new text, in YAML, must have. */
  readonly has?: readonly string[];
  /** Pieces that it must not have. */
  readonly lacks?: readonly string[];
  /** What is said, with the place in `⟦…⟧` of it before; absent: nothing. */
  readonly said?: readonly (readonly [code: string, place: string, message: RegExp])[];
}

const item = (name: string, value: string, type: string, more = ''): string =>
  `  ${name}: {field_type: scientific_metadata, machine_name: ${name}, value: ${value}, type: ${type}${more}}`;
const high = (name: string, value: string, type = 'string'): string =>
  `  ${name}: {field_type: high_level, machine_name: ${name}, value: ${value}, type: ${type}}`;
const variables = (...lines: readonly string[]): string => `variables:\n${lines.map((line) => `  ${line}\n`).join('')}`;
const schema = (...lines: readonly string[]): string => `schema:\n${lines.join('\n')}\n`;

export const translationCases: readonly TranslationCase[] = [
  {
    name: 'what all understand stays, with its comments',
    yaml: `${variables('# a comment', 'x: {source: NXS, path: /x, value_type: float} # behind it')}instrument: a\n${schema(item('x', '<x>', 'float'))}`,
    files: [{ '/x': 1.5 }, {}],
    has: ['# a comment', '# behind it'],
  },
  {
    name: 'a default, used in a field, in a text, and through other variables',
    yaml:
      variables(
        'x: {source: NXS, path: /x, value_type: float, unit: bar, default: "1"}',
        'y: {source: VALUE, value: <x>, value_type: float}',
        't: {source: VALUE, value: "x = <x>", value_type: string}',
        'u: {source: VALUE, operator: to-upper, value: <t>, value_type: string}',
      ) +
      schema(
        item('x', '<x>', 'float'),
        item('y', '<y>', 'float'),
        item('z', '<y>', 'float', ', unit: mbar'),
        item('t', '<u>', 'string'),
        high('description', "'<t>, <u>'"),
      ),
    files: [{ '/x': 2 }, { '/x': '3 K' }, {}, { '/x': 'word' }],
    has: ['x_default:', 'unit: bar'],
    lacks: [' default:'],
  },
  {
    name: 'two defaults in one text, one of them made of the other',
    yaml:
      variables(
        'x: {source: NXS, path: /x, value_type: string, default: no x}',
        'y: {source: NXS, path: /y, value_type: string, default: "of <x>"}',
      ) + schema(item('f', "'<x> and <y>'", 'string'), item('g', '<y>', 'string')),
    files: [{ '/x': 'a', '/y': 'b' }, { '/x': 'a' }, { '/y': 'b' }, {}],
  },
  {
    name: 'a default that is a variable with a unit',
    yaml:
      variables(
        'a: {source: NXS, path: /a, value_type: float}',
        'x: {source: NXS, path: /x, value_type: float, default: <a>}',
      ) + schema(item('x', '<x>', 'float')),
    files: [{ '/x': '1 K', '/a': '2 m' }, { '/a': '2 m' }, {}],
  },
  {
    name: 'a default of what may fail by itself',
    yaml:
      variables(
        'x: {source: NXS, path: /x, value_type: string, default: "1"}',
        'n: {source: VALUE, value: <x>, value_type: integer}',
      ) + schema(item('n', '<n>', 'integer')),
    said: [['not-translated', 'default', /<n> is made of it and may fail by itself/]],
  },
  {
    name: 'a default of an answer of SciCat',
    yaml:
      variables('x: {source: SC, url: proposals/1, field: a, value_type: string, default: b}') +
      schema(item('x', '<x>', 'string')),
    said: [['not-translated', 'default', /where SciCat cannot be asked/]],
  },
  {
    name: 'a list of paths, with a default',
    yaml:
      variables('x: {source: NXS, path: [/a, /b, /c], default: none, value_type: string}') +
      schema(item('x', '<x>', 'string')),
    files: [{ '/a': '1', '/b': '2', '/c': '3' }, { '/b': '2', '/c': '3' }, { '/c': '3' }, {}],
    lacks: [' default:'],
  },
  {
    name: 'nested values, with numbers and comments in them',
    yaml: `variables:
  x: {source: NXS, path: /x, value_type: float}
  v:
    source: VALUE
    value:
      # outside
      a:
        # inside
        b: <x> # behind
        c: [1, [2.5, '<x>'], {}, []]
      d: 'x is <x>'
    value_type: dict
${schema(item('v', '<v>', 'dict'), item('w', '[[<x>, a], {b: {c: <x>}}]', 'list'))}`,
    files: [{ '/x': '1.5 K' }, {}],
    has: ['# outside', '# inside', '# behind', 'value_type: integer'],
  },
  {
    name: 'a nested boolean, which no value type gives',
    yaml: `variables: {}\n${schema(item('v', '{a: {b: ⟦true⟧}}', 'dict'))}`.replace(/[⟦⟧]/g, ''),
    said: [['not-translated', '{b: true}', /“true”/]],
  },
  {
    name: 'an attribute, which is not read',
    yaml: variables('x: {source: NXS, path: /a@b, value_type: string}') + schema(item('x', '<x>', 'string')),
    said: [['not-translated', '/a@b', /reads no attributes.*--samples/]],
  },
  {
    name: 'an attribute that is the same in all samples',
    yaml: variables('x: {source: NXS, path: /a@b, value_type: string}') + schema(item('x', '<x>', 'string')),
    files: [{ '/a@b': 'data' }, { '/a@b': 'data' }],
    samples: 2,
    has: ['value: data'],
    said: [['translated-by-samples', '/a@b', /“data”, as in 2 samples/]],
  },
  {
    name: 'an attribute that differs',
    yaml: variables('x: {source: NXS, path: /a@b, value_type: string}') + schema(item('x', '<x>', 'string')),
    files: [{ '/a@b': 'one' }, { '/a@b': 'two' }],
    samples: 2,
    said: [['not-translated', '/a@b', /not the same in all samples/]],
  },
  {
    name: 'a path by class',
    yaml:
      variables("x: {source: NXS, path: '/e/:NXdetector/n', value_type: float}") + schema(item('x', '<x>', 'float')),
    files: [{ '/e/:NXdetector/n': { at: ['/e/panel/n'], value: 2 }, '/e/panel/n': 2 }],
    samples: 1,
    has: ['path: /e/panel/n'],
    said: [['translated-by-samples', '/e/:NXdetector/n', /\/e\/panel\/n, as in the sample/]],
  },
  {
    name: 'groups of a class',
    yaml:
      variables("x: {source: NXS, path: '/e/:NXuser/n', value_type: 'string[]'}") +
      schema(item('x', '<x>', "'string[]'")),
    files: [
      {
        '/e/:NXuser/n': { at: ['/e/u_1/n', '/e/u_2/n'], value: ['a', 'b'] },
        '/e/^(?:u_1|u_2)(?:)*$/n': ['a', 'b'],
      },
    ],
    samples: 1,
    said: [['translated-by-samples', '/e/:NXuser/n', /u_1\|u_2/]],
  },
  {
    name: 'the first and the last of a list of texts',
    yaml:
      variables(
        "x: {source: NXS, path: /x, value_type: 'string[]'}",
        'a: {source: VALUE, operator: first, value: <x>, value_type: string}',
        'b: {source: VALUE, operator: last, value: <x>, value_type: string}',
      ) + schema(high('description', '<a>'), item('b', '<b>', 'string', ', unit: none')),
    files: [{ '/x': ['p', 'q'] }, {}],
    has: ['operator: getitem', 'field: 0', 'field: -1'],
  },
  {
    name: 'the first of what may be a text, and one whose unit is kept',
    yaml:
      variables(
        'x: {source: NXS, path: /x, value_type: string}',
        "y: {source: NXS, path: /y, value_type: 'float[]'}",
        'a: {source: VALUE, operator: first, value: <x>, value_type: string}',
        'b: {source: VALUE, operator: last, value: <y>, value_type: float}',
      ) + schema(item('a', '<a>', 'string'), item('b', '<b>', 'float')),
    said: [
      ['not-translated', 'first', /a character/],
      ['not-translated', 'last', /drops the unit/],
    ],
  },
  {
    name: 'operators that others do not have',
    yaml:
      variables(
        "x: {source: NXS, path: /x, value_type: 'float[]'}",
        'a: {source: VALUE, operator: max, value: <x>, value_type: float}',
        'b: {source: VALUE, operator: round, digits: 1, value: <a>, value_type: float}',
      ) + schema(item('b', '<b>', 'float')),
    said: [
      ['not-translated', 'max', /no operator for this \(the greatest/],
      ['not-translated', 'round', /no operator for this/],
      ['not-translated', 'digits', /the operator “round”/],
    ],
  },
  {
    name: 'selectors, spellings, and what the Python ingestor demands',
    yaml: `selector: {and: [{source: fullpath, operator: contains, operand_2: a}, 'datafile:contains:b']}
variables:
  x: {source: NXS, path: /x, value_type: string}
  a: {source: VALUE, operator: str_replace, pattern: p, replacement: q, value: <x>, value_type: string}
  s: {source: SC, url: datasets/x, value_type: dict}
schemas:
${item('a', '<a>', 'string')}
`,
    files: [{ '/x': 'pp' }],
    has: ['filename:contains:a', 'filename:contains:b', 'operator: str-replace', "field: ''", "instrument: ''"],
    lacks: ['schemas:', 'str_replace', 'fullpath', 'datafile:'],
  },
  {
    name: 'a selector on folders',
    yaml: `selector: dirname:contains:d17\nvariables: {}\nschema: {}\n`,
    said: [['not-translated', 'dirname:contains:d17', /compares the whole path/]],
  },
  {
    name: 'jobs, which today’s ingestor asks for none of, and the next one does',
    yaml: `variables: {}\nschema: {}\njobs:\n  a: {type: archive, job_params: {a: b}, owner_user: u, owner_group: g, contact_email: e@x.org}\n`,
    said: [['not-translated', 'jobs', /asks SciCat for no jobs/]],
  },
  {
    name: 'jobs for the next ingestor',
    to: 'next',
    yaml: `variables: {}\nschema: {}\njobs:\n  a: {type: archive, job_params: {a: b}, owner_user: u, owner_group: g, contact_email: e@x.org}\n`,
    has: ['jobs:', '# imsc-dialect: next'],
  },
  {
    name: 'the names of fields, for the next ingestor',
    to: 'next',
    yaml:
      variables("ids: {source: NXS, path: /ids, value_type: 'string[]'}") +
      schema(
        high('principalInvestigator', 'Ada'),
        high('proposalId', '443503'),
        high('instrumentId', '<ids>', "'string[]'"),
        high('sampleId', 's'),
      ),
    files: [{ '/ids': ['a', 'b'] }],
    has: ['principalInvestigators', 'proposalIds', 'instrumentIds', 'machine_name: sampleId\n'],
  },
  {
    name: 'the names of fields, for today’s ingestor',
    yaml:
      variables("ids: {source: NXS, path: /ids, value_type: 'string[]'}") +
      schema(
        high('principalInvestigators', "[Ada, '<ids>']", "'string[]'"),
        high('instrumentIds', '[a]', "'string[]'"),
        high('proposalIds', '<ids>', "'string[]'"),
        high('sampleIds', 's'),
      ),
    has: ['principalInvestigator\n', 'value: Ada; <ids>', 'ids_first', 'field: 0', 'machine_name: sampleId\n'],
  },
  {
    name: 'names that go with a list of any length, and fields that only this program sends',
    yaml:
      variables("ids: {source: NXS, path: /ids, value_type: 'string[]'}") +
      schema(high('principalInvestigators', '<ids>', "'string[]'"), high('usedSoftware', '[a]', "'string[]'")),
    said: [
      ['not-translated', 'principalInvestigators', /with semicolons/],
      ['not-translated', 'usedSoftware', /does not know it/],
    ],
  },
];
