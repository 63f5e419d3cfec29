import type { RegistryEntry } from './registry.ts';
import type { SchemaKey } from './schemaKeys.ts';

export interface SelectorFunction extends RegistryEntry {
  readonly matches: (dataFile: string, operand: string) => boolean;
  /** Verb phrases for explanations. */
  readonly yes: string;
  readonly no: string;
}

/** What a selector can compare. All three names mean the path of the data file, as it was given. */
export const selectorSources: readonly RegistryEntry[] = [
  {
    name: 'filename',
    aliases: [],
    summary: 'the path of the data file',
    explanation:
      'The whole path of the data file as it was given on the command line or in the message, not only its last part.',
  },
  {
    name: 'datafile',
    aliases: [],
    summary: 'the same as filename',
    explanation: 'The same as `filename`. The Python ingestor documents it and matches nothing with it.',
  },
  {
    name: 'nexusfile',
    aliases: [],
    summary: 'the same as filename',
    explanation: 'The same as `filename`. The Python ingestor documents it and matches nothing with it.',
  },
];

/** The tests a selector can make; case-sensitive, nothing is trimmed. */
export const selectorFunctions: readonly SelectorFunction[] = [
  {
    name: 'starts_with',
    aliases: [],
    summary: 'the path begins with the operand',
    explanation: 'True where the path begins with the operand. Case matters; an empty operand matches every file.',
    matches: (dataFile, operand) => dataFile.startsWith(operand),
    yes: 'begins with',
    no: 'does not begin with',
  },
  {
    name: 'contains',
    aliases: [],
    summary: 'the operand occurs in the path',
    explanation:
      'True where the operand occurs anywhere in the path, folders included. Case matters; an empty operand matches every file.',
    matches: (dataFile, operand) => dataFile.includes(operand),
    yes: 'contains',
    no: 'does not contain',
  },
];

/** The keys of a condition that is written as an object. */
export const conditionKeys: readonly SchemaKey[] = [
  {
    name: 'source',
    aliases: [],
    required: true,
    shape: 'selector source',
    summary: 'what is compared',
    explanation: 'The path of the data file.',
  },
  {
    name: 'operator',
    aliases: [],
    required: true,
    shape: 'selector operator',
    summary: 'how it is compared',
    explanation: `${selectorFunctions.map(({ name }) => `\`${name}\``).join(' or ')}.`,
  },
  {
    name: 'operand_2',
    aliases: [],
    required: true,
    shape: 'text',
    summary: 'what it is compared with',
    explanation: 'A text; case matters.',
  },
];

/** The keys of several conditions. */
export const junctionKeys: readonly SchemaKey[] = [
  {
    name: 'and',
    aliases: [],
    required: false,
    shape: 'list of selectors',
    summary: 'all of these must be true',
    explanation: 'A list of selectors.',
  },
  {
    name: 'or',
    aliases: [],
    required: false,
    shape: 'list of selectors',
    summary: 'one of these must be true',
    explanation: 'A list of selectors.',
  },
];
