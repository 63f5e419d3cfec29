import type { RegistryEntry } from './registry.ts';
import type { SchemaKey } from './schemaKeys.ts';

export interface SelectorSource extends RegistryEntry {
  /** What is compared, as the subject of a sentence. */
  readonly subject: string;
  /** Whether all of the path is compared at once. */
  readonly isWhole: boolean;
  /** The texts that are compared: one of them must pass. */
  readonly textsOf: (dataFile: string) => readonly string[];
}

export interface SelectorFunction extends RegistryEntry {
  readonly matches: (text: string, operand: string) => boolean;
  /** Verb phrases for explanations. */
  readonly yes: string;
  readonly no: string;
}

const wholePath = {
  subject: 'the file path',
  isWhole: true,
  textsOf: (dataFile: string): readonly string[] => [dataFile],
};

/** What a selector can compare: the path of the data file as it was given, or its folders one by one. */
export const selectorSources: readonly SelectorSource[] = [
  {
    name: 'filename',
    ...wholePath,
    aliases: [],
    summary: 'the path of the data file',
    explanation:
      'The whole path of the data file as it was given on the command line or in the message, not only its last part.',
  },
  {
    name: 'datafile',
    ...wholePath,
    aliases: [],
    summary: 'the same as filename',
    explanation: 'The same as `filename`. The Python ingestor documents it and matches nothing with it.',
  },
  {
    name: 'nexusfile',
    ...wholePath,
    aliases: [],
    summary: 'the same as filename',
    explanation: 'The same as `filename`. The Python ingestor documents it and matches nothing with it.',
  },
  {
    name: 'fullpath',
    ...wholePath,
    aliases: [],
    knownTo: ['ill'],
    summary: 'the same as filename, by the ILL’s name',
    explanation: 'The whole path of the data file. For the ILL’s ingestor `filename` is only its last part.',
  },
  {
    name: 'dirname',
    subject: 'a folder of the path',
    isWhole: false,
    textsOf: (dataFile) => dataFile.split('/').slice(0, -1),
    aliases: [],
    knownTo: ['ill'],
    summary: 'the folders of the path, one by one',
    explanation:
      'True where the name of any folder in the path passes: `dirname:starts_with:d17` is true for `/data/d17-2025/run.nxs`.',
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
