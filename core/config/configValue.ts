import type { Node, ScalarNode } from '../imsc/tree/tree.ts';
import type { Option, OptionType } from './options.ts';
import { Secret } from './secret.ts';

/** A value of an option, or what it should have been; `undefined` value: not given. */
export type ReadValue = { readonly value: unknown } | { readonly expected: string };

const descriptions: Record<OptionType, string> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  text: 'a text',
  texts: 'a list of texts',
  names: 'a list of texts, or a text with commas',
  numbers: 'a list of numbers',
  secret: 'a text',
  headers: 'a map of header names to texts',
  map: 'a map of texts to texts',
};

/** What an option takes, in words: `a whole number, at least 1`. */
export function describeExpected(option: Option<unknown>): string {
  if (option.allowed) return option.allowed.map((allowed) => JSON.stringify(allowed)).join(' or ');
  const least = option.minimum === undefined ? '' : `, at least ${option.minimum}`;
  const most = option.maximum === undefined ? '' : `, at most ${option.maximum}`;
  return descriptions[option.type] + least + most;
}

function checked(option: Option<unknown>, value: unknown): ReadValue {
  const numbers = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'number');
  const { minimum = -Infinity, maximum = Infinity } = option;
  const isOutside = numbers.some((item) => item < minimum || item > maximum);
  const notAllowed = option.allowed !== undefined && !option.allowed.includes(value);
  return value === undefined || isOutside || notAllowed ? { expected: describeExpected(option) } : { value };
}

function textOfScalar({ value, source }: ScalarNode): string | undefined {
  if (value.kind === 'string') return value.value;
  // A number where a text is wanted is meant as it is written: `id: 007`.
  return value.kind === 'integer' || value.kind === 'float' ? source : undefined;
}

function numberOfNode(node: Node): number | undefined {
  if (node.kind !== 'scalar') return undefined;
  const { value } = node;
  const number = value.kind === 'integer' ? Number(value.value) : value.kind === 'float' ? value.value : NaN;
  return Number.isFinite(number) ? number : undefined;
}

function allDefined<T>(items: readonly (T | undefined)[]): readonly T[] | undefined {
  const defined = items.filter((item) => item !== undefined);
  return defined.length === items.length ? defined : undefined;
}

/** Names, each for itself, however they were written. */
function separated(names: readonly string[] | undefined): readonly string[] | undefined {
  return names?.flatMap((name) => name.split(',')).flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
}

function valueOfNode(type: OptionType, node: Node): unknown {
  switch (type) {
    case 'boolean':
      return node.kind === 'scalar' && node.value.kind === 'boolean' ? node.value.value : undefined;
    case 'integer': {
      const number = numberOfNode(node);
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case 'number':
      return numberOfNode(node);
    case 'text':
      return node.kind === 'scalar' ? textOfScalar(node) : undefined;
    case 'secret': {
      const text = node.kind === 'scalar' ? textOfScalar(node) : undefined;
      return text === undefined ? undefined : new Secret(text.trim());
    }
    case 'texts':
      return node.kind === 'list'
        ? allDefined(node.items.map((item) => (item.kind === 'scalar' ? textOfScalar(item) : undefined)))
        : undefined;
    case 'names': {
      const items = node.kind === 'list' ? node.items : [node];
      return separated(allDefined(items.map((item) => (item.kind === 'scalar' ? textOfScalar(item) : undefined))));
    }
    case 'numbers':
      return node.kind === 'list' ? allDefined(node.items.map(numberOfNode)) : undefined;
    case 'headers':
    case 'map': {
      if (node.kind !== 'map') return undefined;
      const pairs = node.entries.map(({ key, value }) => {
        const text = value?.kind === 'scalar' ? textOfScalar(value) : undefined;
        return text === undefined
          ? undefined
          : ([textOfScalar(key) ?? key.source, type === 'map' ? text : new Secret(text)] as const);
      });
      const defined = allDefined(pairs);
      return defined && Object.fromEntries(defined);
    }
  }
}

/** The value of an option in a configuration file. `null` is `whenNull`, or counts as not given. */
export function readNode(option: Option<unknown>, node: Node): ReadValue {
  if (node.kind === 'scalar' && node.value.kind === 'none') return { value: option.whenNull };
  return checked(option, valueOfNode(option.type, node));
}

/** What the command line or a program gives for an option; texts are read as the option's type. */
export type GivenValue = string | number | boolean | readonly (string | number)[];

function numberOfText(text: string | number): number | undefined {
  const number = typeof text === 'number' || text.trim() !== '' ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

function valueOfGiven(type: OptionType, given: GivenValue): unknown {
  const items = Array.isArray(given) ? given.map((item: string | number) => item) : undefined;
  if (items && type !== 'texts' && type !== 'names' && type !== 'numbers') return undefined;
  switch (type) {
    case 'boolean':
      return typeof given === 'boolean' ? given : given === 'true' ? true : given === 'false' ? false : undefined;
    case 'integer':
    case 'number': {
      const number = typeof given === 'string' || typeof given === 'number' ? numberOfText(given) : undefined;
      return type === 'number' || Number.isSafeInteger(number) ? number : undefined;
    }
    case 'text':
      return String(given);
    case 'secret':
      return new Secret(String(given).trim());
    case 'texts':
      return items ? items.map(String) : [String(given)];
    case 'names':
      return separated((items ?? [String(given)]).map(String));
    case 'numbers':
      return allDefined((items ?? [String(given)]).map(numberOfText));
    case 'headers':
    case 'map':
      return undefined;
  }
}

/** The value of an option on the command line. */
export function readGiven(option: Option<unknown>, given: GivenValue): ReadValue {
  return checked(option, valueOfGiven(option.type, given));
}
