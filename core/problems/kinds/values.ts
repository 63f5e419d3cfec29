import type { ProblemKind } from '../problemKind.ts';
import { example } from './example.ts';

/** Operators, types, dates and units. */
export const valueKinds = {
  'unknown-operator': {
    severity: 'error',
    toldBy: 'run',
    summary: 'An operator that does not exist.',
    explanation: 'The value is left as it is, here and in the Python ingestor, which does not say so.',
  },
  'operator-spelling': {
    severity: 'warning',
    summary: 'A spelling of an operator that only the documentation knows.',
    explanation:
      'It works here. The Python ingestor knows the other spelling only, and with this one leaves the value as it is without saying so.' +
      example('operator: to_lower', 'operator: to-lower'),
  },
  'missing-argument': {
    severity: 'error',
    summary: 'An argument that the operator needs is missing.',
    explanation:
      '`getitem` without `field` has no value. `str-replace` without `pattern` or `replacement` leaves the value as it is.' +
      example('operator: getitem\nvalue: <names>', 'operator: getitem\nvalue: <names>\nfield: 0'),
  },
  'unused-argument': {
    severity: 'warning',
    summary: 'An argument that its operator does not use.',
    explanation: 'It has no effect.',
  },
  'operator-value': {
    severity: 'error',
    summary: 'A value that the operator cannot take.',
    explanation:
      'The variable has no value, whatever the data file holds.' +
      example('operator: sum\nvalue: twelve', 'operator: sum\nvalue: [<first>, <second>]'),
  },
  'value-too-large': {
    severity: 'error',
    summary: 'A value that is larger than any that belongs into a dataset.',
    explanation:
      'A value has at most 4 million characters and items, and all values of a schema together have at most 64 million. ' +
      'The variable or field is left out.' +
      example('value: "<a><a>"   # where a has three million characters', 'value: <a>'),
  },
  'unknown-value-type': {
    severity: 'error',
    summary: 'A value type that does not exist.',
    explanation:
      'Nothing can be turned into it, so the variable or field is left out. Types are written in lower case.' +
      example('value_type: String', 'value_type: string'),
  },
  'type-conflict': {
    severity: 'error',
    summary: 'A value that can never be turned into the type that is asked for.',
    explanation:
      'What the source, the operator or the variable gives is known from the schema, and the type does not take it: the variable or field is left out.' +
      example('value: about twelve\nvalue_type: integer', 'value: 12\nvalue_type: integer'),
  },
  'type-doubtful': {
    severity: 'warning',
    summary: 'A value that can hardly be turned into the type that is asked for.',
    explanation:
      'Names say that the value is of another kind, for example a UUID where a number is wanted. A sample file tells for sure.' +
      example(
        'variables:\n  job: {source: NXS, path: /entry/entry_identifier_uuid, value_type: string}\nschema:\n  job: {value: <job>, type: integer, …}',
        'variables:\n  job: {source: NXS, path: /entry/entry_identifier_uuid, value_type: string}\nschema:\n  job: {value: <job>, type: string, …}',
      ),
  },
  'number-cut': {
    severity: 'information',
    summary: 'A float is cut to an integer.',
    explanation:
      'Conversion to `integer` drops what is behind the decimal point: 2.9 becomes 2. Use `float` to keep it.' +
      example(
        'source: VALUE\noperator: sum\nvalue: <floats>\nvalue_type: integer',
        'source: VALUE\noperator: sum\nvalue: <floats>\nvalue_type: float',
      ),
  },
  'template-item': {
    severity: 'error',
    summary: 'An item of a list or an object that is not text.',
    explanation:
      'In a `value` every item of a list and every value of an object is a template, so it must be text; numbers and true or false go in quotes, and nothing can be nested. Otherwise the variable or field has no value.' +
      example('value: [1, 2]\nvalue_type: integer[]', "value: ['1', '2']\nvalue_type: integer[]"),
  },
  'invalid-date': {
    severity: 'error',
    needs: 'refusals',
    toldBy: 'refusal',
    summary: 'A text that is not a date.',
    explanation:
      'Dates are written as in ISO 8601. What cannot be read as one is dropped, or refused by SciCat.' +
      example("value: '20.01.2025 12:00'", "value: '2025-01-20T12:00:00Z'"),
  },
  'date-without-time-zone': {
    severity: 'warning',
    needs: 'data',
    summary: 'A date and time without a time zone.',
    explanation:
      'SciCat takes it for the local time of the server in `creationTime` and `endTime`, so the same data mean different moments at different places, and stores it as it stands elsewhere. A day alone needs no zone. What a data file or SciCat gives is looked at when it is read.' +
      example("value: '2025-01-20T12:00:00'", "value: '2025-01-20T12:00:00+01:00'"),
  },
  'unquoted-date': {
    severity: 'warning',
    summary: 'A date in YAML without quotes.',
    explanation:
      'YAML makes a date of it. Here it is read as text, as it was meant; the Python ingestor crashes.' +
      example('value: 2025-01-20', "value: '2025-01-20'"),
  },
  'unit-ignored': {
    severity: 'warning',
    summary: 'A unit that is never used.',
    explanation:
      'Variables with source `VALUE` take the unit of the variables that they are made from, and fields of the dataset itself have no unit. Write the unit at the field of the scientific metadata.' +
      example('source: VALUE\nvalue: <length>\nunit: mm', 'field_type: scientific_metadata\nvalue: <length>\nunit: mm'),
  },
  'unit-dropped': {
    severity: 'information',
    summary: 'A unit is lost on the way.',
    explanation:
      'Most operators give a value without a unit, and a list of values with different units has none. Write the unit at the field if it matters.' +
      example(
        'source: VALUE\noperator: getitem\nvalue: <lengths>\nfield: 0\nvalue_type: float',
        'field_type: scientific_metadata\nvalue: <first_length>\nunit: mm',
      ),
  },
  'unit-contradiction': {
    severity: 'warning',
    summary: 'A field says another unit than its value.',
    explanation:
      'Units are labels: nothing is converted. A value in `mm` that is labelled `m` is wrong by a factor of a thousand.' +
      example('length: {value: <length_in_mm>, unit: m, …}', 'length: {value: <length_in_mm>, unit: mm, …}'),
  },
  'unit-misread': {
    severity: 'warning',
    summary: 'A unit that SciCat takes for another one.',
    explanation:
      'SciCat converts what has a unit with the library mathjs, and keeps the result as `valueSI` and `unitSI`, by which it searches. For mathjs `C` are coulombs, `A^-1` is one by amperes and `b` are bits. Where the name of the value says that this is right nothing is told.' +
      example('temperature: {value: <temperature>, unit: C, …}', 'temperature: {value: <temperature>, unit: degC, …}'),
  },
  'unit-unknown': {
    severity: 'warning',
    summary: 'A unit that SciCat does not know.',
    explanation:
      'SciCat does not convert it: `valueSI` and `unitSI` are `value` and `unit` once more, and a search by another unit does not find the value. Often another spelling is known: `um` for `µm`, `angstrom` or `Å` for `AA`, `1/s` for `s-1`. Where there is none, as for `counts`, this is an information only, and nothing has to be done.' +
      example('gap: {value: <gap>, unit: µm, …}', 'gap: {value: <gap>, unit: um, …}'),
  },
} as const satisfies Record<string, ProblemKind>;
