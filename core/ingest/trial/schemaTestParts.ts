import type { RegistryEntry } from '../../imsc/language/registry.ts';

/** The parts of a test that say which values are expected. */
export const valueSections = ['variables', 'dataset', 'scientific_metadata'] as const;
export type ValueSection = (typeof valueSections)[number];

/** A part of a test of a schema. */
export interface TestPart extends RegistryEntry {
  /** What is written behind its key. */
  readonly holds: 'text' | 'map' | 'names';
}

const part = (name: string, holds: TestPart['holds'], summary: string, explanation: string): TestPart => ({
  name,
  aliases: [],
  holds,
  summary,
  explanation,
});

/** All parts of a test, in the order in which they are usually written; the page on tests has the same words. */
export const testParts: readonly TestPart[] = [
  part('sample', 'text', 'the NeXus file, relative to the test', 'It must be there.'),
  part('schema', 'text', 'the schema, if it is not the one of the same name', 'So one schema can have several tests.'),
  part(
    'scicat',
    'map',
    'what SciCat answers to a request',
    'By the url as the schema has it with its variables filled in. A request without an answer is unknown, and so is what depends on it.',
  ),
  part(
    'built_in',
    'map',
    'values of built-in variables',
    'If those that every test has will not do: the time, the identifier of the run, the path of the file.',
  ),
  part('variables', 'map', 'values of variables', 'Each a bare value, or a map of `value` and `unit`.'),
  part('dataset', 'map', 'fields of the dataset', '`null`: it should not be there.'),
  part('scientific_metadata', 'map', 'items of the scientific metadata, by their machine names', ''),
  part(
    'fails',
    'names',
    'names of variables and fields that should have no value',
    'One that fails and is not listed here fails the test, unless it only depends on another that fails.',
  ),
  part(
    'problems',
    'names',
    'codes of all errors and warnings that the schema should have with this sample',
    '`[]` for none. Without this part problems are not looked at.',
  ),
];
