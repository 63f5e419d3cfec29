import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { refusalText } from '../../imsc/language/datasetFieldFacts.ts';
import { plainJson } from '../../imsc/values/jsonText.ts';
import { list, none, string } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import { inQuotes, placeholdersIn } from '../../text/placeholders.ts';
import { checkDatasetField } from '../../scicat/checkDatasetField.ts';
import { datasetField, datasetFields } from '../../scicat/datasetFields.ts';
import type { Config } from '../../config/configOptions.ts';
import type { FieldOrigin } from './given.ts';

/**
 * Fills what neither the schema nor anybody else gives.
 * @returns the names of the fields that have the value of an option now
 */
export function applyDefaults(
  fields: Map<string, Value>,
  origins: Map<string, FieldOrigin>,
  { dataset }: Pick<Config, 'dataset'>,
): string[] {
  const isOpen = (name: string): boolean => (fields.get(name) ?? none).kind === 'none';
  const valueOf = (given: string | readonly string[]): Value =>
    typeof given === 'string' ? string(given) : list(given.map(string));
  const filled: string[] = [];
  for (const { name, unassigned, default: option } of datasetFields) {
    if (unassigned !== undefined && !fields.has(name)) {
      fields.set(name, valueOf(unassigned));
      origins.set(name, { layer: 'configuration', from: 'the usual value' });
    }
    const given = option === undefined ? null : dataset[option];
    if (given === null || !isOpen(name)) continue;
    fields.set(name, valueOf(given));
    origins.set(name, { layer: 'configuration', from: `dataset.${option ?? ''}` });
    filled.push(name);
  }
  return filled;
}

/** What SciCat will refuse of what the configuration gives, or does not give where it must. */
export function refusedDefaults(
  defaulted: readonly string[],
  fields: ReadonlyMap<string, Value>,
  unknown: ReadonlySet<string>,
  range: TextRange | undefined,
): Problem[] {
  return datasetFields.flatMap(({ name, mandatory, raw, default: option }) => {
    const value = fields.get(name);
    const isMissing = value === undefined && raw === 'required' && !mandatory && !unknown.has(name);
    if (option === undefined || (!isMissing && !defaulted.includes(name))) return [];
    const refusal = checkDatasetField(name, value === undefined ? null : plainJson(value));
    const wayOut = `Give it in the schema, or set dataset.${option} in the configuration.`;
    return refusal === undefined ? [] : [problem('scicat-refuses', `${refusalText(refusal)} ${wayOut}`, range)];
  });
}

/** Defaults that are only examples of a value go into the dataset, as the Python ingestor has it, but not unseen. */
export function exampleDefaults(
  defaulted: readonly string[],
  fields: ReadonlyMap<string, Value>,
  range: TextRange | undefined,
): Problem[] {
  const examples = defaulted.flatMap((name) => {
    const value = fields.get(name);
    const found = value === undefined ? [] : textsIn(value).flatMap(placeholdersIn);
    return found.length === 0 ? [] : [{ name, found }];
  });
  if (examples.length === 0) return [];
  const said = examples.map(({ name, found }) => `${name} becomes ${inQuotes(found)}`).join(', ');
  const options = examples.map(({ name }) => `dataset.${datasetField(name)?.default ?? ''}`).join(', ');
  const message = `Neither the schema nor the configuration gives a value, only an example of one: ${said}. Give the fields in the schema, or set ${options} in the configuration; null leaves a field out.`;
  return [problem('config-default-used', message, range)];
}

function textsIn(value: Value): string[] {
  if (value.kind === 'list') return value.items.flatMap(textsIn);
  return value.kind === 'string' ? [value.value] : [];
}
