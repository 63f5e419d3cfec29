import type { DialectName } from '../../../../core/imsc/language/dialects.ts';
import { counterCases } from './counterCases.ts';
import { dialectCases } from './dialectCases.ts';
import { unitCases } from './unitCases.ts';
import type { ProblemCode } from '../../../../core/problems/problemCodes.ts';

/**
 * A piece of a schema in YAML and what must be said of it. `⟦…⟧` stands around the place of the problem. What is
 * missing of a schema is added by `completed`.
 */
export interface CheckCase {
  readonly name: string;
  /** Absent where nothing may be said. */
  readonly code?: ProblemCode;
  readonly yaml: string;
  /** Codes that must come besides. */
  readonly also?: readonly ProblemCode[];
  /** The piece after the first fix. */
  readonly fixed?: string;
  /** For what JSON cannot say. */
  readonly onlyYaml?: boolean;
  /** The dialect that is configured. */
  readonly dialect?: DialectName;
  /** With what is known of SciCat's dataset fields. */
  readonly withFields?: boolean;
}

/** One VALUE variable `x` with some keys, and what uses it. */
function value(keys: string): string {
  return `variables:\n  x:\n    source: VALUE\n${indented(keys, 4)}`;
}

/** Variables, and a field that shows the last one. */
function variables(text: string): string {
  return `variables:\n${indented(text, 2)}`;
}

function field(keys: string): string {
  return `schema:\n  f:\n${indented(keys, 4)}`;
}

function indented(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
}

const nxs = (name: string, type = 'string'): string =>
  `${name}: {source: NXS, path: /entry/${name}, value_type: '${type}'}`;

export const cases: readonly CheckCase[] = [
  ...dialectCases,
  ...counterCases,
  ...unitCases,

  // Values that grow: three times as long each time, with two hyphens between
  {
    name: 'a text that is three times the one before',
    code: 'value-too-large',
    yaml: variables(
      ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'].reduce((text, name, index) => {
        const before = `<${'abcdefghijklm'[index] ?? ''}>`;
        const whole = `${before}-${before}-${before}`;
        return `${text}\n${name}: {source: VALUE, value: ${name === 'n' ? `⟦${whole}⟧` : whole}, value_type: string}`;
      }, 'a: {source: VALUE, value: abc, value_type: string}'),
    ),
  },
  {
    name: 'nothing uses the variable that another one copies',
    code: 'unused-variable',
    yaml: 'variables:\n  ⟦a⟧: &whole\n    source: NXS\n    path: /entry/a\n    value_type: string\n  b: *whole\nschema:\n  f: {field_type: scientific_metadata, machine_name: f, value: <b>, type: string}',
    onlyYaml: true,
  },
  // Order
  { name: 'a number in quotes', code: 'order-no-number', yaml: 'order: ⟦"10"⟧', fixed: 'order: 10' },
  { name: 'a fraction in quotes', code: 'order-no-number', yaml: "order: ⟦' -1.5 '⟧", fixed: 'order: -1.5' },
  { name: 'a word', code: 'order-no-number', yaml: 'order: ⟦first⟧' },
  { name: 'an octal number in quotes', code: 'order-no-number', yaml: "order: ⟦'010'⟧" },
  { name: 'an empty text', code: 'order-no-number', yaml: "order: ⟦''⟧", onlyYaml: true },
  { name: 'true', code: 'order-no-number', yaml: 'order: ⟦true⟧' },
  { name: 'null', code: 'order-no-number', yaml: 'order: ⟦null⟧' },
  { name: 'not a number', code: 'order-no-number', yaml: 'order: ⟦.nan⟧', onlyYaml: true },
  { name: 'a negative number with a fraction', yaml: 'order: -1.5' },
  // Notation
  {
    name: 'a tab behind a key',
    code: 'pyyaml-refuses',
    yaml: variables('a:⟦\t⟧{source: NXS, path: /entry/a, value_type: string}'),
    fixed: variables('a: {source: NXS, path: /entry/a, value_type: string}'),
    onlyYaml: true,
  },
  {
    name: 'a tab inside of braces',
    code: 'pyyaml-refuses',
    yaml: variables('a: {source: NXS,⟦\t⟧path: /entry/a, value_type: string}'),
    fixed: variables('a: {source: NXS, path: /entry/a, value_type: string}'),
    onlyYaml: true,
  },
  {
    name: 'a tab in a text in quotes',
    yaml: variables("a: {source: VALUE, value: 'b\tc', value_type: string}"),
  },
  {
    name: 'a lone equals sign',
    code: 'pyyaml-refuses',
    yaml: value('value: ⟦=⟧\nvalue_type: string'),
    fixed: value("value: '='\nvalue_type: string"),
    onlyYaml: true,
  },
  {
    name: 'a day that does not exist',
    code: 'pyyaml-refuses',
    also: ['unquoted-date'],
    yaml: value('value: ⟦2025-02-30⟧\nvalue_type: string'),
    fixed: value("value: '2025-02-30'\nvalue_type: string"),
    onlyYaml: true,
  },
  {
    name: 'a name of an anchor with a dot',
    code: 'pyyaml-refuses',
    yaml: variables('a: &x⟦.y⟧ {source: NXS, path: /entry/a, value_type: string}\nb: *x.y'),
    onlyYaml: true,
  },

  // Placeholders
  {
    name: 'the whole of a text',
    code: 'placeholder-left',
    yaml: field('field_type: high_level\nmachine_name: ownerGroup\nvalue: ⟦DEFAULT_OWNER_GROUP⟧\ntype: string'),
  },
  {
    name: 'before a variable',
    code: 'placeholder-left',
    yaml: value('value: ⟦PREFIX/<ingestor_run_id>⟧\nvalue_type: string'),
  },
  {
    name: 'one of two parts',
    code: 'placeholder-left',
    yaml: field("field_type: high_level\nmachine_name: creationLocation\nvalue: ⟦'ESS:INSTRUMENT'⟧\ntype: string"),
  },
  {
    name: 'an item of a list',
    code: 'placeholder-left',
    yaml: field("field_type: high_level\nmachine_name: accessGroups\nvalue: [ess, ⟦ACCESS_GROUP_1⟧]\ntype: 'string[]'"),
  },
  {
    name: 'several addresses',
    code: 'placeholder-left',
    yaml: field(
      'field_type: high_level\nmachine_name: contactEmail\nvalue: ⟦team@ess.eu;contact@example.org⟧\ntype: string',
    ),
  },
  { name: 'a word of a placeholder in a sentence', yaml: value('value: The OWNER has the PREFIX\nvalue_type: string') },
  { name: 'a name that begins like a placeholder', yaml: value('value: OWNER_GROUP_7/<now>\nvalue_type: string') },

  // References
  {
    name: 'unknown reference with a similar name',
    code: 'unknown-variable',
    yaml: variables(`${nxs('title')}\ny:\n  source: VALUE\n  value: a ⟦<titel>⟧ b\n  value_type: string`),
    fixed: variables(`${nxs('title')}\ny:\n  source: VALUE\n  value: a <title> b\n  value_type: string`),
  },
  { name: 'unknown reference', code: 'unknown-variable', yaml: value('value: ⟦<qqqqqqqqqqqq>⟧\nvalue_type: string') },
  {
    name: 'a reference that is fine',
    yaml: variables(`${nxs('title')}\ny: {source: VALUE, value: <title>, value_type: string}`),
  },
  { name: 'built-in variables', yaml: value('value: <now> <data_file_name>\nvalue_type: string') },
  {
    name: 'unknown reference in a url',
    code: 'unknown-variable',
    yaml: variables('y: {source: SC, url: proposals/⟦<proposal>⟧, field: pi_name, value_type: string}'),
  },
  {
    name: 'used before its definition',
    code: 'used-before-definition',
    yaml: variables(`y: {source: VALUE, value: ⟦<title>⟧, value_type: string}\n${nxs('title')}`),
  },
  {
    name: 'refers to itself',
    code: 'self-reference',
    yaml: variables(
      `${nxs('members_list', 'string[]')}\nmembers: {source: VALUE, operator: join_with_space, value: ⟦<members>⟧, value_type: string}`,
    ),
    fixed: variables(
      `${nxs('members_list', 'string[]')}\nmembers: {source: VALUE, operator: join_with_space, value: <members_list>, value_type: string}`,
    ),
  },
  {
    name: 'a built-in in the variable of its name',
    code: 'redefines-built-in',
    yaml: variables('⟦now⟧: {source: VALUE, value: at <now>, value_type: string}'),
  },
  {
    name: 'depends on one that fails',
    code: 'depends-on-failed',
    also: ['unknown-variable'],
    yaml: variables(
      'a: {source: VALUE, value: <zzzzzzzzz>, value_type: string}\nb: {source: VALUE, value: ⟦<a>⟧, value_type: string}',
    ),
  },
  {
    name: 'unused',
    code: 'unused-variable',
    yaml:
      variables(`⟦lonely⟧:\n  source: NXS\n  path: /entry/lonely\n  value_type: string\n${nxs('title')}`) +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: <title>\ntype: string'),
    fixed:
      variables(nxs('title')) +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: <title>\ntype: string'),
  },
  {
    name: 'a name that ends too early',
    code: 'variable-name',
    yaml: variables("⟦'a>b'⟧: {source: VALUE, value: x, value_type: string}"),
  },
  {
    name: 'an empty name',
    code: 'variable-name',
    yaml: variables("⟦''⟧: {source: VALUE, value: x, value_type: string}"),
  },
  {
    name: 'odd names that work',
    yaml: variables(
      'my var: {source: VALUE, value: x, value_type: string}\na.b: {source: VALUE, value: <my var>, value_type: string}',
    ),
  },

  // Literals
  {
    name: 'the name of a variable without brackets',
    code: 'literal-is-variable',
    yaml:
      variables(nxs('title')) +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: ⟦title⟧\ntype: string'),
    fixed:
      variables(nxs('title')) +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: <title>\ntype: string'),
  },
  {
    name: 'the name of a variable in other brackets',
    code: 'literal-is-variable',
    yaml: value("value: ⟦'${now}'⟧\nvalue_type: string"),
    fixed: value("value: '<now>'\nvalue_type: string"),
  },
  { name: 'the name of a variable in a longer text', yaml: value('value: the now of it\nvalue_type: string') },
  { name: 'a variable whose value is its name', yaml: value('value: x\nvalue_type: string') },
  { name: 'stray brackets', code: 'stray-bracket', yaml: value('value: 1 ⟦<⟧ 2 and 3 > 2\nvalue_type: string') },
  {
    name: 'markup',
    code: 'stray-bracket',
    also: ['unknown-variable'],
    yaml: value('value: <b>x⟦<⟧/b>\nvalue_type: string'),
  },
  { name: 'one bracket alone', yaml: value('value: a < b\nvalue_type: string') },
  { name: 'an arrow', yaml: value('value: x->y\nvalue_type: string') },
  {
    name: 'a bracket forgotten',
    code: 'unclosed-reference',
    yaml: value('value: at ⟦<now⟧\nvalue_type: string'),
    fixed: value('value: at <now>\nvalue_type: string'),
  },
  {
    name: 'the first bracket forgotten',
    code: 'unclosed-reference',
    yaml: value('value: at ⟦now>⟧ sharp\nvalue_type: string'),
    fixed: value('value: at <now> sharp\nvalue_type: string'),
  },
  {
    name: 'a variable in a path',
    code: 'not-a-template',
    yaml: variables('x: {source: NXS, path: ⟦/entry/<now>⟧, value_type: string}'),
  },
  { name: 'brackets in a path', yaml: variables('x: {source: NXS, path: /entry/<odd>, value_type: string}') },

  // Operators
  {
    name: 'unknown operator',
    code: 'unknown-operator',
    yaml: value('operator: ⟦filenam⟧\nvalue: /a/b\nvalue_type: string'),
    fixed: value('operator: filename\nvalue: /a/b\nvalue_type: string'),
  },
  { name: 'an operator', yaml: value('operator: filename\nvalue: /a/b\nvalue_type: string') },
  { name: 'an empty operator', yaml: value("operator: ''\nvalue: /a/b\nvalue_type: string") },
  {
    name: 'documented spelling',
    code: 'operator-spelling',
    yaml: value('operator: ⟦to_upper⟧\nvalue: a\nvalue_type: string'),
    fixed: value('operator: to-upper\nvalue: a\nvalue_type: string'),
  },
  {
    name: 'getitem without field',
    code: 'missing-argument',
    yaml: value('operator: ⟦getitem⟧\nvalue: abc\nvalue_type: string'),
  },
  { name: 'getitem', yaml: value('operator: getitem\nfield: 0\nvalue: abc\nvalue_type: string') },
  {
    name: 'str-replace without replacement',
    code: 'missing-argument',
    yaml: value('operator: ⟦str-replace⟧\npattern: a\nvalue: abc\nvalue_type: string'),
  },
  {
    name: 'str-replace of a number, without replacement: nothing is looked for',
    code: 'missing-argument',
    yaml: value('operator: ⟦str-replace⟧\npattern: 5\nvalue: abc\nvalue_type: string'),
  },
  {
    name: 'str-replace by nothing',
    yaml: value("operator: str-replace\npattern: a\nreplacement: ''\nvalue: abc\nvalue_type: string"),
  },
  {
    name: 'an argument too many',
    code: 'unused-argument',
    yaml: value('operator: filename\n⟦field⟧: 0\nvalue: /a\nvalue_type: string'),
    fixed: value('operator: filename\nvalue: /a\nvalue_type: string'),
  },
  {
    name: 'an argument without operator',
    code: 'unused-argument',
    yaml: value('⟦pattern⟧: a\nvalue: /a\nvalue_type: string'),
    fixed: value('value: /a\nvalue_type: string'),
  },
  { name: 'sum of a text', code: 'operator-value', yaml: value('operator: ⟦sum⟧\nvalue: <now>\nvalue_type: float') },
  {
    name: 'sum of constant texts',
    code: 'operator-value',
    yaml: value('operator: ⟦sum⟧\nvalue: [a, b]\nvalue_type: float'),
  },
  {
    name: 'sum of numbers',
    yaml: variables(`${nxs('a', 'float[]')}\nb: {source: VALUE, operator: sum, value: <a>, value_type: float}`),
  },
  {
    name: 'filename of a list',
    code: 'operator-value',
    yaml: variables(
      `${nxs('a', 'string[]')}\nb: {source: VALUE, operator: ⟦filename⟧, value: <a>, value_type: string}`,
    ),
  },
  {
    name: 'a key of a list',
    code: 'operator-value',
    yaml: variables(
      `${nxs('a', 'string[]')}\nb: {source: VALUE, operator: ⟦getitem⟧, field: id, value: <a>, value_type: string}`,
    ),
  },

  // Types
  {
    name: 'unknown value type',
    code: 'unknown-value-type',
    yaml: value('value: a\nvalue_type: ⟦sting⟧'),
    fixed: value('value: a\nvalue_type: string'),
  },
  {
    name: 'a type of another language',
    code: 'unknown-value-type',
    yaml: value('value: 5\nvalue_type: ⟦int⟧'),
    fixed: value('value: 5\nvalue_type: integer'),
  },
  {
    name: 'unknown type of a field',
    code: 'unknown-value-type',
    yaml: field('field_type: scientific_metadata\nmachine_name: a\nvalue: a\ntype: ⟦Text⟧'),
  },
  { name: 'a text as integer', code: 'type-conflict', yaml: value('value: ⟦about 12⟧\nvalue_type: integer') },
  { name: 'an integer', yaml: value('value: 12\nvalue_type: integer') },
  {
    name: 'a list as integer',
    code: 'type-conflict',
    yaml: variables(`${nxs('a', 'string[]')}\nb: {source: VALUE, value: <a>, value_type: ⟦integer⟧}`),
  },
  {
    name: 'a number as list',
    code: 'type-conflict',
    yaml: variables(`${nxs('a', 'float')}\nb: {source: VALUE, value: <a>, value_type: ⟦'float[]'⟧}`),
  },
  {
    name: 'nothing from a file',
    code: 'type-conflict',
    yaml: variables('a: {source: NXS, path: /entry/a, value_type: ⟦none⟧}'),
  },
  {
    name: 'a list from SciCat as a number',
    code: 'type-conflict',
    yaml: variables('a: {source: SC, url: instruments, value_type: ⟦integer⟧}'),
  },
  {
    name: 'a text of the file as integer',
    yaml: variables(`${nxs('a')}\nb: {source: VALUE, value: <a>, value_type: integer}`),
  },
  {
    name: 'a text made of words and numbers',
    code: 'type-conflict',
    yaml: variables(`${nxs('a')}\nb: {source: VALUE, value: 'run <a>', value_type: ⟦integer⟧}`),
  },
  {
    name: 'a UUID as integer',
    code: 'type-doubtful',
    yaml: variables(
      'a: {source: NXS, path: /entry/job_uuid, value_type: string}\nb: {source: VALUE, value: <a>, value_type: ⟦integer⟧}',
    ),
  },
  {
    name: 'a float as integer',
    code: 'number-cut',
    yaml: variables(`${nxs('a', 'float')}\nb: {source: VALUE, value: <a>, value_type: ⟦integer⟧}`),
  },
  {
    name: 'a number in a list',
    code: 'template-item',
    yaml: value('value: [⟦1⟧]\nvalue_type: integer[]'),
    fixed: value('value: ["1"]\nvalue_type: integer[]'),
  },
  { name: 'texts in a list', yaml: value("value: ['1', '2']\nvalue_type: integer[]") },
  {
    name: 'a field inside of a value',
    code: 'template-item',
    yaml:
      variables(nxs('title')) +
      '\n' +
      field(
        'field_type: scientific_metadata\nmachine_name: a\nvalue:\n  b: {⟦machine_name⟧: b, value: <title>}\n  c: {machine_name: c, value: <title>}\ntype: dict',
      ),
  },
  { name: 'no date', code: 'invalid-date', yaml: value('value: ⟦yesterday⟧\nvalue_type: date') },
  {
    name: 'a date without time zone',
    code: 'date-without-time-zone',
    yaml: value("value: ⟦'2025-01-20T12:00:00'⟧\nvalue_type: date"),
    fixed: value("value: '2025-01-20T12:00:00Z'\nvalue_type: date"),
  },
  { name: 'a date with time zone', yaml: value("value: '2025-01-20T12:00:00-05:00'\nvalue_type: date") },
  { name: 'a day', yaml: value("value: '2025-01-20'\nvalue_type: date") },
  {
    name: 'a date without quotes',
    code: 'unquoted-date',
    yaml: value('value: ⟦2025-01-20⟧\nvalue_type: string'),
    fixed: value("value: '2025-01-20'\nvalue_type: string"),
    onlyYaml: true,
  },

  // Units
  {
    name: 'unit of a VALUE variable',
    code: 'unit-ignored',
    yaml: value('value: a\nunit: ⟦mm⟧\nvalue_type: string'),
    fixed: value('value: a\nvalue_type: string'),
  },
  { name: 'empty unit of a VALUE variable', yaml: value("value: a\nunit: ''\nvalue_type: string") },
  {
    name: 'unit of a field of the dataset',
    code: 'unit-ignored',
    yaml: field('field_type: high_level\nmachine_name: description\nvalue: a\nunit: ⟦mm⟧\ntype: string'),
  },
  {
    name: 'a unit that is lost',
    code: 'unit-dropped',
    yaml: variables(
      "a: {source: NXS, path: /a, value_type: 'float[]', unit: mm}\nb: {source: VALUE, operator: ⟦getitem⟧, field: 0, value: <a>, value_type: float}",
    ),
  },
  {
    name: 'a unit that is kept',
    yaml: variables(
      "a: {source: NXS, path: /a, value_type: 'float[]', unit: mm}\nb: {source: VALUE, operator: sum, value: <a>, value_type: float}",
    ),
  },
  {
    name: 'different units',
    code: 'unit-dropped',
    yaml: variables(
      "a: {source: NXS, path: /a, value_type: float, unit: mm}\nb: {source: NXS, path: /b, value_type: float, unit: m}\nc: {source: VALUE, value: ⟦[<a>, <b>]⟧, value_type: 'float[]'}",
    ),
  },
  {
    name: 'another unit at the field',
    code: 'unit-contradiction',
    yaml:
      variables('a: {source: NXS, path: /a, value_type: float, unit: mm}') +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: <a>\ntype: float\nunit: ⟦m⟧'),
  },
  {
    name: 'the same unit at the field, with the other ohm',
    code: 'unit-unknown',
    also: ['unit-unknown'],
    yaml:
      variables('a: {source: NXS, path: /a, value_type: float, unit: ⟦\u2126⟧}') +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: <a>\ntype: float\nunit: \u03a9'),
  },
  {
    name: 'a date without time zone out of a text',
    code: 'date-without-time-zone',
    yaml:
      variables("d: {source: VALUE, value: '2025-01-20T12:00:00', value_type: string}") +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: ⟦<d>⟧\ntype: date'),
  },
  {
    name: 'the same unit at the field',
    yaml:
      variables('a: {source: NXS, path: /a, value_type: float, unit: mm}') +
      '\n' +
      field('field_type: scientific_metadata\nmachine_name: a\nvalue: <a>\ntype: float\nunit: mm'),
  },

  // Paths
  { name: 'empty path', code: 'path-empty', yaml: variables("a: {source: NXS, path: ⟦''⟧, value_type: string}") },
  {
    name: 'wildcard with another type',
    code: 'wildcard-value-type',
    yaml: variables('a: {source: NXS, path: /entry/⟦*⟧/name, value_type: string}'),
    fixed: variables("a: {source: NXS, path: /entry/*/name, value_type: 'string[]'}"),
  },
  { name: 'wildcard', yaml: variables("a: {source: NXS, path: /entry/*/name, value_type: 'string[]'}") },
  {
    name: 'wildcard at the end',
    code: 'wildcard-last',
    yaml: variables("a: {source: NXS, path: /entry/⟦*⟧, value_type: 'string[]'}"),
  },
  {
    name: 'wildcard without slash',
    code: 'wildcard-relative',
    yaml: variables("a: {source: NXS, path: ⟦entry/*/name⟧, value_type: 'string[]'}"),
    fixed: variables("a: {source: NXS, path: /entry/*/name, value_type: 'string[]'}"),
  },
  {
    name: 'wildcard of a shell',
    code: 'wildcard-pattern',
    yaml: variables("a: {source: NXS, path: /entry/⟦user_*⟧/name, value_type: 'string[]'}"),
    fixed: variables("a: {source: NXS, path: /entry/^user_.*$/name, value_type: 'string[]'}"),
  },
  {
    name: 'wildcard that is not a pattern',
    code: 'wildcard-invalid',
    yaml: variables("a: {source: NXS, path: /entry/⟦*_1⟧/name, value_type: 'string[]'}"),
    fixed: variables("a: {source: NXS, path: /entry/^.*_1$/name, value_type: 'string[]'}"),
  },

  // SciCat
  {
    name: 'endpoint with a slash',
    code: 'unknown-endpoint',
    yaml: variables('a: {source: SC, url: ⟦/proposals⟧/1, field: a, value_type: string}'),
    fixed: variables('a: {source: SC, url: proposals/1, field: a, value_type: string}'),
  },
  {
    name: 'misspelt endpoint',
    code: 'unknown-endpoint',
    yaml: variables('a: {source: SC, url: ⟦proposal⟧/1, field: a, value_type: string}'),
    fixed: variables('a: {source: SC, url: proposals/1, field: a, value_type: string}'),
  },
  { name: 'full url', yaml: variables('a: {source: SC, url: "https://example.org/x", field: a, value_type: string}') },
  {
    name: 'encoded filter',
    yaml: variables(
      'a: {source: SC, url: "instruments?filter=%7B%22where%22%3A%7B%22name%22%3A%22<now>%22%7D%7D", field: 0, value_type: list}',
    ),
  },
  {
    name: 'encoded filter that is not JSON',
    code: 'filter-not-json',
    yaml: variables('a: {source: SC, url: "instruments?filter=⟦%7B%22where%22%7D⟧", value_type: list}'),
  },
  {
    name: 'filter with broken percent signs',
    code: 'filter-not-json',
    yaml: variables('a: {source: SC, url: "instruments?filter=⟦%7⟧", value_type: list}'),
  },
  {
    name: 'filter of proposals',
    code: 'filter-ignored',
    yaml: variables('a: {source: SC, url: "proposals?⟦filter⟧=%7B%7D", value_type: list}'),
    fixed: variables('a: {source: SC, url: "proposals?filters=%7B%7D", value_type: list}'),
  },
  {
    name: 'colon before field',
    code: 'field-leading-colon',
    yaml: variables('a:\n  source: SC\n  url: proposals/1\n  field: ⟦:pi_lastname⟧\n  value_type: string'),
    fixed: variables('a:\n  source: SC\n  url: proposals/1\n  field: pi_lastname\n  value_type: string'),
  },
  {
    name: 'key of a list answer',
    code: 'field-of-list',
    yaml: variables('a: {source: SC, url: instruments, field: ⟦id⟧, value_type: string}'),
  },
  { name: 'key of one object', yaml: variables('a: {source: SC, url: instruments/1, field: id, value_type: string}') },

  // Fields
  {
    name: 'unknown field type',
    code: 'unknown-field-type',
    yaml: field('field_type: ⟦highlevel⟧\nmachine_name: owner\nvalue: a\ntype: string'),
    fixed: field('field_type: high_level\nmachine_name: owner\nvalue: a\ntype: string'),
  },
  {
    name: 'unknown field',
    code: 'unknown-field',
    withFields: true,
    yaml: withAll('x:\n  field_type: high_level\n  machine_name: ⟦discription⟧\n  value: a\n  type: string'),
    fixed: withAll('x:\n  field_type: high_level\n  machine_name: description\n  value: a\n  type: string'),
  },
  {
    name: 'any name in the metadata',
    withFields: true,
    yaml: withAll('x: {field_type: scientific_metadata, machine_name: discription, value: a, type: string}'),
  },
  {
    name: 'reserved field',
    code: 'reserved-field',
    withFields: true,
    yaml: withAll('x: {field_type: high_level, machine_name: ⟦size⟧, value: 1, type: integer}'),
  },
  {
    name: 'a field that the ingestor does not send',
    code: 'unknown-field',
    withFields: true,
    yaml: withAll('x: {field_type: high_level, machine_name: ⟦license⟧, value: a, type: string}'),
  },
  {
    name: 'set twice',
    code: 'field-set-twice',
    yaml: 'schema:\n  a: {field_type: high_level, machine_name: ⟦owner⟧, value: a, type: string}\n  b: {field_type: high_level, machine_name: owner, value: b, type: string}',
  },
  {
    name: 'one name in two places',
    yaml: 'schema:\n  a: {field_type: high_level, machine_name: owner, value: a, type: string}\n  b: {field_type: scientific_metadata, machine_name: owner, value: b, type: string}',
  },
  {
    name: 'a number for a text',
    code: 'field-value-type',
    withFields: true,
    yaml: withAll('x:\n  field_type: high_level\n  machine_name: runNumber\n  value: 12\n  type: ⟦integer⟧'),
    fixed: withAll('x:\n  field_type: high_level\n  machine_name: runNumber\n  value: 12\n  type: string'),
  },
  {
    name: 'a list for a text, from a file',
    code: 'field-value-type',
    withFields: true,
    yaml: withAll(
      "x:\n  field_type: high_level\n  machine_name: description\n  value: <data_file_name>\n  type: ⟦'string[]'⟧",
    ),
    fixed: withAll(
      "x:\n  field_type: high_level\n  machine_name: description\n  value: <data_file_name>\n  type: 'string'",
    ),
  },
  {
    name: 'a list of numbers for a list of texts',
    code: 'field-value-type',
    withFields: true,
    yaml: withAll("x:\n  field_type: high_level\n  machine_name: keywords\n  value: ['1', '2']\n  type: ⟦'integer[]'⟧"),
    fixed: withAll("x:\n  field_type: high_level\n  machine_name: keywords\n  value: ['1', '2']\n  type: 'string[]'"),
  },
  {
    name: 'a text for a list of objects, which no type mends',
    code: 'field-value-type',
    withFields: true,
    yaml: withAll('x:\n  field_type: high_level\n  machine_name: techniques\n  value: ⟦SANS⟧\n  type: string'),
  },
  {
    name: 'a list of texts for a list of objects',
    code: 'field-value-type',
    withFields: true,
    yaml: withAll('x:\n  field_type: high_level\n  machine_name: techniques\n  value: [SANS]\n  type: ⟦list⟧'),
  },
  {
    name: 'a date in words, which its type mends',
    code: 'invalid-date',
    withFields: true,
    yaml: withAll(
      "x:\n  field_type: high_level\n  machine_name: endTime\n  value: ⟦'2025-01-20 12:00:00+00:00'⟧\n  type: string",
    ),
    fixed: withAll(
      "x:\n  field_type: high_level\n  machine_name: endTime\n  value: '2025-01-20 12:00:00+00:00'\n  type: date",
    ),
  },
  {
    name: 'a lone text for a list',
    withFields: true,
    yaml: withAll('x: {field_type: high_level, machine_name: keywords, value: a, type: string}'),
  },
  {
    name: 'several samples',
    withFields: true,
    yaml: withAll("x: {field_type: high_level, machine_name: sampleId, value: [a, b], type: 'string[]'}"),
  },
  {
    name: 'no e-mail address',
    code: 'invalid-email',
    withFields: true,
    yaml: withAll('', { ownerEmail: '⟦me@localhost⟧' }),
  },
  {
    name: 'several e-mail addresses',
    withFields: true,
    yaml: withAll('', { contactEmail: 'a@example.org;b@example.org' }),
  },
  {
    name: 'a date that SciCat refuses',
    code: 'invalid-date',
    withFields: true,
    yaml: withAll('', { creationTime: '⟦20.01.2025⟧' }),
  },
  { name: 'an empty mandatory field', code: 'field-empty', withFields: true, yaml: withAll('', { owner: "⟦''⟧" }) },
  {
    name: 'a mandatory field missing',
    code: 'mandatory-field-missing',
    withFields: true,
    yaml: withAll('', { owner: undefined }).replace('schema:', '⟦schema⟧:'),
    fixed: `${withAll('', { owner: undefined })}\n  owner:\n    field_type: high_level\n    machine_name: owner\n    value: ''\n    type: string`,
  },
  {
    name: 'the contact is missing: the type is that of completion',
    code: 'mandatory-field-missing',
    withFields: true,
    yaml: withAll('', { contactEmail: undefined }).replace('schema:', '⟦schema⟧:'),
    fixed: `${withAll('', { contactEmail: undefined })}\n  contact_email:\n    field_type: high_level\n    machine_name: contactEmail\n    value: ''\n    type: string`,
  },

  // Selectors
  { name: 'two parts', code: 'selector-invalid', yaml: 'selector: ⟦filename:contains⟧' },
  {
    name: 'unknown source',
    code: 'selector-invalid',
    yaml: 'selector: ⟦file_name:contains:a⟧',
    fixed: 'selector: filename:contains:a',
  },
  {
    name: 'unknown function',
    code: 'selector-invalid',
    yaml: 'selector: ⟦filename:startswith:a⟧',
    fixed: 'selector: filename:starts_with:a',
  },
  { name: 'unknown key', code: 'selector-invalid', yaml: 'selector:\n  ⟦not⟧: [filename:contains:a]' },
  {
    name: 'several parts with one mistake',
    code: 'selector-invalid',
    yaml: 'selector:\n  or: [⟦folder:contains:a⟧, folder:contains:b, filename:contains:c]',
  },
  {
    name: 'a selector in parts',
    yaml: 'selector:\n  and:\n    - filename:starts_with:/a\n    - or: [filename:contains:b, filename:contains:c]',
  },
  { name: 'every file', yaml: "selector: '*'" },
  { name: 'every file by accident', code: 'selector-always', yaml: "selector: ⟦'filename:contains:'⟧" },
  {
    name: 'no file',
    code: 'selector-never',
    yaml: 'selector:\n  and: ⟦[filename:starts_with:/a, filename:starts_with:/b]⟧',
  },
  { name: 'one prefix within another', yaml: 'selector:\n  and: [filename:starts_with:/a, filename:starts_with:/a/b]' },
  {
    name: 'an alias',
    code: 'selector-not-portable',
    yaml: 'selector: ⟦datafile:contains:a⟧',
    fixed: 'selector: filename:contains:a',
  },
  { name: 'a colon in the operand', code: 'selector-not-portable', yaml: 'selector: ⟦filename:contains:a:b⟧' },
  {
    name: 'an expanded selector',
    code: 'selector-not-portable',
    yaml: 'selector: ⟦{source: filename, operator: contains, operand_2: a}⟧',
    fixed: "selector: 'filename:contains:a'",
  },
];

/** A schema section with all mandatory fields, some with other values or (undefined) left out. */
function withAll(more: string, values: Partial<Record<string, string | undefined>> = {}): string {
  const all: Record<string, string | undefined> = {
    pid: 'p/1',
    datasetName: 'n',
    principalInvestigator: 'pi',
    creationLocation: 'ESS:CODA',
    owner: 'o',
    ownerEmail: 'a@example.org',
    sourceFolder: '/a',
    contactEmail: 'a@example.org',
    creationTime: '<now>',
    ...values,
  };
  const lines = Object.entries(all).flatMap(([name, text]) =>
    text === undefined
      ? []
      : [
          `  ${name}_:`,
          '    field_type: high_level',
          `    machine_name: ${name}`,
          `    value: ${text}`,
          '    type: string',
        ],
  );
  return `schema:\n${lines.join('\n')}${more === '' ? '' : `\n${indented(more, 2)}`}`;
}

/** A whole schema around a piece of one, with the general section first. */
export function completed(piece: string): string {
  const has = (key: string): boolean => new RegExp(`^⟦?${key}⟧?:`, 'm').test(piece);
  const general = [
    'id: a',
    'name: a',
    ...(has('selector') ? [] : ['selector: filename:contains:a']),
    ...(has('order') ? [] : ['order: 1']),
  ];
  const rest = [...(has('variables') ? [] : ['variables: {}']), ...(has('schema') ? [] : ['schema: {}'])];
  return `${[...general, ...rest].join('\n')}\n${piece}\n`;
}
