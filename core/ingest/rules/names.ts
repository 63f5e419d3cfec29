import { otherName } from '../../imsc/translation/fieldNames.ts';
import { datasetFields } from '../../scicat/datasetFields.ts';
import { globRegex } from '../../text/pythonRegex.ts';
import type { NamedField, Rule } from './rule.ts';

/** Whether a rule speaks of a field, under either of the names that it has in the versions of SciCat's API. */
export function isNamedBy(rule: Pick<Rule, 'fields' | 'metadata'>, { name, isMetadata }: NamedField): boolean {
  if (isMetadata) return isAmong(name, rule.metadata);
  return rule.fields.includes(name) || rule.fields.includes(otherName(name, datasetFields)?.name ?? name);
}

/** Whether a name is one of these, where `*` stands for any letters. */
export function isAmong(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern === name || (pattern.includes('*') && globRegex(pattern).test(name)));
}
