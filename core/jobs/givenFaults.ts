import { givenCandidates } from '../ingest/dataset/given.ts';
import type { GivenField } from '../ingest/dataset/given.ts';
import { givenItem } from '../ingest/dataset/metadataItems.ts';

/**
 * What of the fields that a person gives would be refused whatever the data say: what is no field of a dataset, what
 * others fill, keys that cannot be stored. Sentences for that person.
 */
export function givenFaults(user: readonly GivenField[]): string[] {
  const { problems } = givenCandidates({ user }, (name, value) => givenItem(name, value, undefined));
  return problems.map(({ message }) => message.replace(/ \(Given by [^)]*\.\)$/, ''));
}
