import { describeValue } from '../values/showValue.ts';
import { itemAt, itemsOf } from '../values/iteration.ts';
import { LiteralError, parsePythonLiteral } from '../values/pythonLiteral.ts';
import { SumError, sumValues } from '../values/pythonNumbers.ts';
import { pathFolder, pathName, quotePlus } from '../values/pythonPaths.ts';
import { pythonText } from '../values/pythonText.ts';
import { anyKind, OperatorError, textOf } from './operator.ts';
import type { Operator, OperatorArguments, OperatorDefinition, OperatorParameter } from './operator.ts';
import { ownOperators } from './ownOperators.ts';
import { lookup } from './registry.ts';
import type { SchemaKey } from './schemaKeys.ts';
import { requireLength } from '../values/valueBudget.ts';
import { dict, float, isOfKind, list, none, string, integer } from '../values/values.ts';
import type { Value } from '../values/values.ts';

export { OperatorError } from './operator.ts';
export type { Operator, OperatorArguments, OperatorParameter } from './operator.ts';

const definitions: readonly OperatorDefinition[] = [
  {
    name: 'DO_NOTHING',
    aliases: [],
    summary: 'leaves the value as it is',
    explanation: 'The same as no operator at all. The unit is kept.',
    parameters: [],
    accepts: anyKind,
    result: 'same',
    keepsUnit: true,
    example: { value: string('CODA'), arguments: {}, result: string('CODA') },
    apply: (value) => value,
  },
  {
    name: 'join_with_space',
    aliases: [],
    summary: 'joins the texts of a list with a comma and a blank',
    explanation:
      "Puts `, ` (a comma and a blank, in spite of its name) between the texts of a list. A text is read as a Python literal first, so `\"['a', 'b']\"` works too. Every item must be text; of an object the keys are joined.",
    parameters: [],
    accepts: ['string', 'list', 'dict'],
    result: 'string',
    keepsUnit: false,
    example: {
      value: list([string('Ada Lovelace'), string('Alan Turing')]),
      arguments: {},
      result: string('Ada Lovelace, Alan Turing'),
    },
    refusesList: (items) =>
      items === undefined || items === 'string'
        ? undefined
        : '“join_with_space” joins texts, and this is a list of others.',
    apply: joinTexts,
  },
  {
    name: 'filename',
    aliases: [],
    summary: 'the last part of a path',
    explanation: 'What follows the last `/`, with its extension. Empty for a path that ends in `/`.',
    parameters: [],
    accepts: ['string'],
    result: 'string',
    keepsUnit: false,
    example: { value: string('/data/coda/run.hdf'), arguments: {}, result: string('run.hdf') },
    apply: (value) => string(pathName(textOf(value, 'filename'))),
  },
  {
    name: 'dirname',
    aliases: [],
    summary: 'the folder of a path',
    explanation: 'What precedes the last `/`. Empty for a path without a folder.',
    parameters: [],
    accepts: ['string'],
    result: 'string',
    keepsUnit: false,
    example: { value: string('/data/coda/run.hdf'), arguments: {}, result: string('/data/coda') },
    apply: (value) => string(pathFolder(textOf(value, 'dirname'))),
  },
  {
    name: 'dirname-2',
    aliases: ['dirname_2'],
    summary: 'the folder of the folder of a path',
    explanation: 'The same as `dirname` applied twice.',
    parameters: [],
    accepts: ['string'],
    result: 'string',
    keepsUnit: false,
    example: { value: string('/data/coda/raw/run.hdf'), arguments: {}, result: string('/data/coda') },
    apply: (value) => string(pathFolder(pathFolder(textOf(value, 'dirname-2')))),
  },
  {
    name: 'getitem',
    aliases: [],
    summary: 'one item of an object or a list',
    explanation:
      'The item of an object at the key `field`, or of a list at the number `field`, counted from 0; negative numbers count from the end. Of a text it is one character. Exactly one key or number: `a.b` does not reach into nested objects.',
    parameters: [
      {
        name: 'field',
        summary: 'the key in an object, or the number of the item in a list',
        explanation: 'A number is written without quotes.',
        kinds: ['string', 'integer', 'float', 'boolean'],
        whenMissing: 'fails',
      },
    ],
    accepts: ['string', 'list', 'dict', 'bytes'],
    result: 'item',
    keepsUnit: false,
    example: {
      value: dict([
        [string('first'), string('Ada')],
        [string('last'), string('Lovelace')],
      ]),
      arguments: { field: string('last') },
      result: string('Lovelace'),
    },
    refusesList: (_, { field }) =>
      field?.kind === 'string'
        ? `The value is a list, and “${field.value}” is not a position in it; positions are numbers without quotes.`
        : undefined,
    apply: (value, given) => takeItem(value, given('field')),
  },
  {
    name: 'str-replace',
    aliases: ['str_replace'],
    summary: 'replaces every occurrence of a text',
    explanation:
      'Replaces `pattern` by `replacement`, everywhere and literally: neither is a regular expression or a template. What is not text is first printed as Python prints it. If `pattern` or `replacement` is missing, the value is left as it is.',
    parameters: [
      {
        name: 'pattern',
        summary: 'the text to look for',
        explanation: 'Taken literally; it is not a regular expression.',
        kinds: ['string'],
        whenMissing: 'keeps the value',
      },
      {
        name: 'replacement',
        summary: 'the text to put in its place',
        explanation: 'Taken literally.',
        kinds: ['string'],
        whenMissing: 'keeps the value',
      },
    ],
    accepts: anyKind,
    result: 'string',
    keepsUnit: false,
    example: {
      value: string('12,5'),
      arguments: { pattern: string(','), replacement: string('.') },
      result: string('12.5'),
    },
    apply: (value, given) => replaceText(value, pythonText(given('pattern')), pythonText(given('replacement'))),
  },
  {
    name: 'urlsafe',
    aliases: [],
    summary: 'a text made safe for use in a URL',
    explanation:
      'Percent-encodes everything but letters, digits and `_.-~`, as UTF-8; a blank becomes `+`. For values inside the `url` of an `SC` variable.',
    parameters: [],
    accepts: ['string'],
    result: 'string',
    keepsUnit: false,
    example: { value: string('20.500.12269/a b'), arguments: {}, result: string('20.500.12269%2Fa+b') },
    apply: (value) => {
      const quoted = quotePlus(textOf(value, 'urlsafe'));
      if (quoted === undefined) throw new OperatorError(`${describeValue(value)} holds half of a character.`);
      return string(quoted);
    },
  },
  {
    name: 'to-lower',
    aliases: ['to_lower'],
    summary: 'the text in lower case',
    explanation: 'What is not text is first printed as Python prints it.',
    parameters: [],
    accepts: anyKind,
    result: 'string',
    keepsUnit: false,
    example: { value: string('CODA'), arguments: {}, result: string('coda') },
    apply: (value) => string(pythonText(value).toLowerCase()),
  },
  {
    name: 'to-upper',
    aliases: ['to_upper'],
    summary: 'the text in upper case',
    explanation: 'What is not text is first printed as Python prints it. One letter may become two: `ß` gives `SS`.',
    parameters: [],
    accepts: anyKind,
    result: 'string',
    keepsUnit: false,
    example: { value: string('coda'), arguments: {}, result: string('CODA') },
    apply: (value) => string(pythonText(value).toUpperCase()),
  },
  {
    name: 'sum',
    aliases: [],
    summary: 'the sum of a list of numbers',
    explanation:
      'Adds the numbers of a list, without accumulating rounding errors: ten times 0.1 is 1.0. Integers stay integers, an empty list gives 0. A text is not read as a list; give the variable that holds it a type such as `float[]` first. The unit is kept.',
    parameters: [],
    accepts: ['list', 'dict', 'bytes'],
    result: 'number',
    keepsUnit: true,
    example: { value: list([float(10.5), integer(2)]), arguments: {}, result: float(12.5) },
    refusesList: (items) =>
      items === undefined || ['integer', 'float', 'boolean'].includes(items)
        ? undefined
        : '“sum” adds numbers, and this is a list of others.',
    apply: addUp,
  },
  ...ownOperators,
];

/** The operators of `VALUE` variables: those of the Python ingestor with its results, and our own. */
export const operators: readonly Operator[] = definitions.map((definition): Operator => ({
  ...definition,
  apply: (value, given, unit = '') => {
    if (keepsValue(definition, given)) return value;
    const fault = argumentFault(definition, given);
    if (fault?.isMissing) throw new OperatorError(`${definition.name} needs a “${fault.parameter.name}”.`);
    if (fault) throw new OperatorError(fault.message);
    const refusal = definition.refusesUnit?.(unit, given);
    if (refusal !== undefined) throw new OperatorError(refusal);
    return definition.apply(value, (name) => given[name] ?? none, unit);
  },
}));

/** The keys that variables have for the arguments of their operators, each once. */
export const operatorArgumentKeys: readonly SchemaKey[] = argumentKeysOf(operators);

/** The keys that variables have for the arguments of these operators, each once. */
export function argumentKeysOf(some: readonly Operator[]): readonly SchemaKey[] {
  const uses = some.flatMap(({ name: operator, knownTo, parameters }) =>
    parameters.map((parameter) => ({ operator, knownTo, ...parameter })),
  );
  return [...new Set(uses.map(({ name }) => name))].map((name) => {
    const own = uses.filter((use) => use.name === name);
    return {
      name,
      aliases: [],
      // A key that only our own operators have makes the others refuse the file.
      ...(own.every(({ knownTo }) => knownTo?.length === 0) && { knownTo: [] }),
      required: false,
      shape: own.every(({ kinds }) => kinds.every((kind) => kind === 'string')) ? 'text' : 'text or number',
      summary: own.map(({ operator, summary }) => `argument of ${operator}: ${summary}`).join('; '),
      explanation: [...new Set(own.map(({ explanation }) => explanation))].join(' '),
    };
  });
}

function isGiven(given: OperatorArguments, name: string): boolean {
  return (given[name] ?? none).kind !== 'none';
}

/** Whether an argument is missing without which the operator leaves the value as it is. */
export function keepsValue({ parameters }: Pick<Operator, 'parameters'>, given: OperatorArguments): boolean {
  return parameters.some(({ name, whenMissing }) => whenMissing === 'keeps the value' && !isGiven(given, name));
}

/** The first argument with which the operator fails whatever the value is: it is missing, or of the wrong kind. */
export function argumentFault(
  operator: Pick<Operator, 'name' | 'parameters'>,
  given: OperatorArguments,
): { readonly parameter: OperatorParameter; readonly isMissing: boolean; readonly message: string } | undefined {
  for (const parameter of operator.parameters) {
    const { name, summary, kinds } = parameter;
    if (!isGiven(given, name)) {
      if (parameter.whenMissing === 'may be left out') continue;
      return { parameter, isMissing: true, message: `“${operator.name}” needs “${name}”: ${summary}.` };
    }
    const refusal = kinds.includes((given[name] ?? none).kind) ? parameter.refuses?.(given[name] ?? none) : undefined;
    if (refusal !== undefined)
      return { parameter, isMissing: false, message: `“${name}” of “${operator.name}”: ${refusal}` };
    if (kinds.includes((given[name] ?? none).kind)) continue;
    const wanted = kinds.every((kind) => kind === 'string') ? 'text; put it in quotes' : summary;
    return { parameter, isMissing: false, message: `“${name}” of “${operator.name}” must be ${wanted}.` };
  }
  return undefined;
}

/** The unit of what an operator makes of a value with a unit. */
export function unitAfter<Unit extends string | undefined>(
  { keepsUnit, unitParameter }: Pick<Operator, 'keepsUnit' | 'unitParameter'>,
  given: OperatorArguments,
  unit: Unit,
): Unit | string {
  if (keepsUnit) return unit;
  const named = unitParameter === undefined ? none : (given[unitParameter] ?? none);
  return named.kind === 'string' ? named.value : '';
}

/** The operator of that name or accepted spelling. For undefined the value is left as it is, with its unit. */
export function findOperator(spelling: string): Operator | undefined {
  return lookup(operators, spelling);
}

function joinTexts(value: Value): Value {
  const items = itemsOf(value.kind === 'string' ? literalOf(value.value) : value);
  if (!items) throw new OperatorError(`join_with_space needs a list; ${describeValue(value)} is not one.`);
  if (!items.every((item) => isOfKind(item, 'string'))) {
    const wrong = items.findIndex(({ kind }) => kind !== 'string');
    throw new OperatorError(`join_with_space needs a list of texts; item ${wrong + 1} is not text.`);
  }
  requireLength(items.reduce((sum, item) => sum + item.value.length + 2, 0));
  return string(items.map((item) => item.value).join(', '));
}

function literalOf(text: string): Value {
  try {
    return parsePythonLiteral(text);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    const given = describeValue(string(text));
    throw new OperatorError(
      `join_with_space needs a list, or the text of one in Python notation; ${given} is neither.`,
    );
  }
}

function takeItem(value: Value, field: Value): Value {
  const item = itemAt(value, field);
  if (item) return item;
  const isList = value.kind === 'list' || value.kind === 'string';
  const advice = isList && field.kind === 'string' ? ' Items of a list have numbers, without quotes.' : '';
  throw new OperatorError(`There is no item ${describeValue(field)} in ${describeValue(value)}.${advice}`);
}

function replaceText(value: Value, pattern: string, replacement: string): Value {
  const text = pythonText(value);
  const parts = pattern === '' ? ['', ...Array.from(text), ''] : text.split(pattern);
  requireLength(text.length + (parts.length - 1) * (replacement.length - pattern.length));
  return string(parts.join(replacement));
}

function addUp(value: Value): Value {
  // Python takes a text for the list of its characters, so that the empty text gives 0.
  const items = value.kind === 'string' && value.value !== '' ? undefined : itemsOf(value);
  if (!items) throw new OperatorError(`sum needs a list of numbers; ${describeValue(value)} is not one.`);
  try {
    return sumValues(items);
  } catch (error) {
    if (error instanceof SumError) throw new OperatorError(`sum needs a list of numbers. ${error.message}`);
    throw error;
  }
}
