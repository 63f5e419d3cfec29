import type { DialectName } from '../../../../core/imsc/language/dialects.ts';
import type { ProblemCode } from '../../../../core/problems/problemCodes.ts';

/** Rules, a piece of a schema, and what must be said of it. The schema gives `job_id` and a field `pid` besides. */
export interface RuleCase {
  readonly name: string;
  readonly rules: string;
  readonly variables?: string;
  readonly fields?: string;
  readonly head?: string;
  readonly dialect?: DialectName;
  /** Codes with words of their messages; empty where nothing may be said. */
  readonly said: readonly (readonly [code: ProblemCode, words: RegExp])[];
  /** What each first fix makes of the values of fields, by their labels; absent: there is none. */
  readonly mended?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What is still said afterwards. */
  readonly left?: readonly RegExp[];
}

const high = (name: string, value: string, type = 'string'): string =>
  `${name}: {field_type: high_level, machine_name: ${name}, value: ${value}, type: ${type}}\n`;
const metadata = (name: string, value: string, more = ''): string =>
  `${name}: {field_type: scientific_metadata, machine_name: ${name}, value: ${value}, type: string${more}}\n`;
const fromFile = 'x: {source: NXS, path: /entry/title, value_type: string}\n';

const required = '- {rule: required, fields: [description], metadata: [sample_name]}';
const allowed = '- {rule: allowed, fields: [type, keywords], metadata: [mode], values: [raw, derived]}';
const pattern = "- {rule: pattern, fields: [proposalId], pattern: '^\\d{6}$'}";
const unit = "- {rule: unit, metadata: ['*temperature'], values: [K]}";

export const ruleCases: readonly RuleCase[] = [
  {
    name: 'what every schema must give is missing',
    rules: required,
    said: [
      ['rule-required', /the field “description”, which this schema does not give/],
      ['rule-required', /scientific metadata “sample_name”, which this schema does not give/],
    ],
    mended: {
      description: { field_type: 'high_level', machine_name: 'description', value: '', type: 'string' },
      sample_name: { field_type: 'scientific_metadata', machine_name: 'sample_name', value: '', type: 'string' },
    },
    left: [/“description”, and this is empty/, /“sample_name”, and this is empty/],
  },
  {
    name: 'what is missing is filled with the variable of its name',
    rules: '- {rule: required, metadata: [sample_name]}',
    variables: 'sample_name: {source: NXS, path: /entry/sample/name, value_type: string}',
    said: [['rule-required', /sample_name/]],
    mended: {
      sample_name: { field_type: 'scientific_metadata', machine_name: 'sample_name', value: '<sample_name>', type: 'string' }, // prettier-ignore
    },
    left: [],
  },
  {
    name: 'all is given',
    rules: required,
    variables: fromFile,
    fields: high('description', '<x>') + metadata('sample_name', 'ice'),
    said: [],
  },
  {
    name: 'scientific metadata are no field of the dataset',
    rules: '- {rule: required, fields: [description]}',
    fields: metadata('description', 'text'),
    said: [['rule-required', /“description”/]],
    mended: { description_field: { field_type: 'high_level', machine_name: 'description', value: '', type: 'string' } },
    left: [/empty/],
  },
  {
    name: 'the other name of a field is as good',
    rules: '- {rule: required, fields: [principalInvestigator]}',
    fields: high('principalInvestigators', '[Ada]', 'string[]'),
    said: [],
  },
  {
    name: 'what SciCat itself asks for is told once',
    rules: '- {rule: required, fields: [owner]}',
    said: [],
  },
  {
    name: 'the ILL’s ingestor puts schemas together, so that its rules ask for it',
    rules: '- {rule: required, fields: [owner]}',
    dialect: 'ill',
    said: [['rule-required', /“owner”/]],
    mended: { owner: { field_type: 'high_level', machine_name: 'owner', value: '', type: 'string' } },
    left: [/empty/],
  },
  {
    name: 'what is imported, and not known, may give it',
    rules: required,
    head: 'import: [other]\n',
    said: [],
  },
  {
    name: 'a value that is not allowed',
    rules: allowed,
    fields: high('type', 'rwa') + metadata('mode', 'derivd'),
    said: [
      ['rule-value', /“type” is “rwa”; the rules allow “raw”, “derived”\./],
      ['rule-value', /“mode” is “derivd”/],
    ],
    mended: { type: { value: 'raw' }, mode: { value: 'derived' } },
    left: [],
  },
  {
    name: 'a value in a list that is not allowed',
    rules: allowed,
    fields: high('keywords', '[raw, derved]', 'string[]'),
    said: [['rule-value', /“keywords” is “derved”/]],
    mended: { keywords: { value: ['raw', 'derived'] } },
    left: [],
  },
  {
    name: 'a value that is like none of those that are allowed',
    rules: allowed,
    fields: high('type', 'simulation'),
    said: [['rule-value', /simulation/]],
  },
  {
    name: 'values that are allowed',
    rules: allowed,
    fields: high('type', 'raw') + metadata('mode', 'derived'),
    said: [],
  },
  {
    name: 'a value of the file is not known',
    rules: `${allowed}\n${pattern}`,
    variables: fromFile,
    fields: high('type', '<x>') + high('proposalId', '<x>') + metadata('mode', 'a <x>'),
    said: [],
  },
  {
    name: 'a constant that a variable has is known',
    rules: allowed,
    variables: 'kind: {source: VALUE, value: rwa, value_type: string}',
    fields: high('type', '<kind>'),
    said: [['rule-value', /“type” is “rwa”/]],
  },
  {
    name: 'a value that does not fit',
    rules: pattern,
    fields: high('proposalId', 'p12'),
    said: [['rule-value', /“proposalId” is “p12”, which does not fit \^\\d\{6\}\$/]],
  },
  {
    name: 'a value that fits, a number also',
    rules: pattern,
    fields: high('proposalId', '443604', 'integer'),
    said: [],
  },
  {
    name: 'a pattern that never ends is not known to fit or not',
    rules: "- {rule: pattern, metadata: [mode], pattern: '^(a+)+$'}",
    fields: metadata('mode', `${'a'.repeat(60)}b`),
    said: [],
  },
  {
    name: 'another unit',
    rules: unit,
    fields: metadata('sample_temperature', '3', ', unit: C') + metadata('temperature', '3', ', unit: k'),
    said: [
      ['rule-unit', /The unit of “sample_temperature” is “C”; the rules want “K”/],
      ['rule-unit', /“k”/],
    ],
    mended: { sample_temperature: { unit: 'C' }, temperature: { unit: 'K' } },
    left: [/“C”/],
  },
  {
    name: 'no unit',
    rules: unit,
    fields: metadata('sample_temperature', '3'),
    said: [['rule-unit', /“sample_temperature” has no unit; the rules want “K”/]],
  },
  {
    name: 'the right unit, and one that the file has',
    rules: unit,
    variables: fromFile,
    fields: metadata('temperature', '3', ', unit: K') + metadata('other_temperature', '<x>') + metadata('time', '3', ', unit: s'), // prettier-ignore
    said: [],
  },
  {
    name: 'a rule for another instrument',
    rules: '- {rule: required, fields: [description], instruments: [loki, "dream*"]}',
    said: [],
  },
  {
    name: 'a rule for this instrument, with its reason and its severity',
    rules:
      '- {rule: required, fields: [description], instruments: [CO*], severity: hint, because: People search for it}',
    said: [['rule-required', /does not give\. People search for it\.$/]],
    mended: { description: { value: '' } },
    left: [/empty/],
  },
  {
    name: 'a rule for another dialect',
    rules: '- {rule: required, fields: [description], dialects: [next]}',
    said: [],
  },
  {
    name: 'a rule for this dialect',
    rules: '- {rule: allowed, fields: [type], values: [raw], dialects: [next]}',
    dialect: 'next',
    fields: high('type', 'x'),
    said: [['rule-value', /“x”/]],
    mended: { type: { value: 'raw' } },
    left: [],
  },
  {
    name: 'a comment silences it',
    rules: allowed,
    head: '# imsc-ignore-file rule-value -- not ours\n',
    fields: high('type', 'rwa'),
    said: [],
  },
];

/** Rules that are wrong: what is said of them, and how many are left to be held to. */
export const mistakenRules: readonly (readonly [rules: string, said: readonly RegExp[], left: number])[] = [
  ['- {rule: required, fields: [description]}', [], 1],
  ['- {rule: requird, fields: [description]}', [/'rules\[0\]\.rule' must be "required" or "allowed"/], 0],
  ['- {fields: [description]}', [/A rule needs 'rule'/], 0],
  ['- {rule: required}', [/needs the names that it is about: fields or metadata/], 0],
  ['- {rule: alike}', [/needs the names that it is about: metadata/], 0],
  [
    '- {rule: required, fields: [descripton]}',
    [/'descripton' is none of the names .* Did you mean 'description'\?/],
    0,
  ],
  ['- {rule: required, metadata: ["sample_*"]}', [/needs whole names/], 0],
  ['- {rule: allowed, fields: [type]}', [/A rule “allowed” needs values/], 0],
  ['- {rule: pattern, fields: [type]}', [/A rule “pattern” needs a pattern/], 0],
  ['- {rule: pattern, fields: [type], pattern: "(a"}', [/is no regular expression/], 0],
  ['- {rule: alike, fields: [type], metadata: [a]}', [/fields of the dataset have no place/], 0],
  ['- {rule: required, fields: [type], values: [raw]}', [/has no use for values/], 0],
  ['- {rule: required, fields: [type], pattern: a}', [/has no use for a pattern/], 0],
  ['- {rule: required, fields: [type], severity: bad}', [/'rules\[0\]\.severity' must be "error"/], 0],
  ['- {rule: required, fields: [type], dialects: [python]}', [/'python' is none of the names/], 0],
  ['- {rule: required, fields: [type], severty: error}', [/'rules\[0\]\.severty' is not an option.* Did you mean/], 0],
  ['- required', [/must be a map of the options of a rule/], 0],
  [
    '- {rule: required, fields: [type]}\n- {rule: allowed, fields: [type]}\n- {rule: pattern, metadata: [a], pattern: "["}',
    [/needs values/, /no regular expression/],
    1,
  ],
];
