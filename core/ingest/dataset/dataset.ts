import path from 'node:path';
import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { refusalText } from '../../imsc/language/datasetFieldFacts.ts';
import { plainJson, unjsonableReason } from '../../imsc/values/jsonText.ts';
import { inQuotes, placeholdersIn } from '../../text/placeholders.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { Schema } from '../../imsc/schema/schema.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { boolean, dict, hashKey, integer, list, none, string } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import { checkDatasetField } from '../../scicat/checkDatasetField.ts';
import { datasetField, datasetFields } from '../../scicat/datasetFields.ts';
import type { Config } from '../../config/configOptions.ts';
import type { Evaluation, FieldOutcome } from '../../imsc/evaluation/evaluation.ts';

/** A dataset as it stands after evaluation, without the totals of its files. */
export interface Dataset {
  /** In the order in which SciCat's own pages show them. */
  readonly fields: ReadonlyMap<string, Value>;
  /** Mandatory fields without a value; nothing may be sent while there are any. */
  readonly missing: readonly string[];
  /** True where a mandatory field is missing only because something could not be asked (no file, no connection). */
  readonly incomplete: boolean;
  readonly problems: readonly Problem[];
}

/** The order of the fields in a dataset. */
const fieldOrder = [
  'pid', 'isPublished', 'datasetName', 'principalInvestigator', 'creationLocation', 'scientificMetadata', 'owner',
  'ownerEmail', 'sourceFolder', 'contactEmail', 'creationTime', 'type', 'sampleId', 'techniques', 'instrumentId',
  'proposalId', 'ownerGroup', 'accessGroups',
]; // prettier-ignore

/**
 * Puts the evaluated fields together to a dataset, with the defaults of the configuration, as the Python ingestor
 * does (fields that it does not know are left out; a later assignment of a field wins).
 *
 * Differs from it where it crashes: values that JSON cannot hold and assignments of reserved fields are left out
 * with a warning, an empty mandatory field counts as missing, and where pids are not allowed SciCat assigns one.
 * @param sampleIds samples found by `sample_attachment`; merged with `sampleId` of the schema
 * @param newPid makes the pid where the configuration asks to generate one
 */
export function buildDataset(
  evaluation: Evaluation,
  config: Pick<Config, 'dataset'>,
  sampleIds: readonly Value[],
  newPid: () => string,
): Dataset {
  const problems: Problem[] = [];
  const fields = new Map<string, Value>();
  const metadata = new Map<string, Value>();
  const unknown = new Set<string>();
  for (const item of evaluation.fields) {
    if (item.outcome.state === 'unknown' && item.fieldType === 'high_level') unknown.add(item.machineName);
    const value = usableValue(item, problems);
    if (value === undefined) continue;
    if (item.fieldType === 'scientific_metadata') metadata.set(item.machineName, metadataItem(item, value));
    else if (isAssignable(item, problems)) {
      reportRefusal(item, value, problems);
      fields.set(item.machineName, value);
    }
  }
  applyPid(fields, config, newPid, problems, unknown);
  const isGiven = (name: string): boolean => (fields.get(name) ?? none).kind !== 'none';
  const missing = datasetFields
    .filter(({ name }) => name !== 'principalInvestigator' || !isGiven('investigator'))
    .filter(({ name, mandatory }) => mandatory && (fields.get(name) ?? none).kind === 'none')
    .filter(({ name }) => name !== 'pid' || config.dataset.allow_dataset_pid)
    .map(({ name }) => name);
  for (const name of missing) {
    if (unknown.has(name)) continue;
    const range = evaluation.fields.find(({ machineName }) => machineName === name)?.field.entry.key.range;
    const place = range ?? evaluation.schema.general.get('schema')?.key.range;
    problems.push(problem('mandatory-field-missing', `The dataset has no ${name}, which it must have.`, place));
  }
  mergeSamples(fields, sampleIds);
  const defaulted = applyDefaults(fields, config);
  problems.push(...exampleDefaults(defaulted, fields, evaluation.schema));
  problems.push(...refusedDefaults(defaulted, fields, unknown, evaluation.schema));
  fields.set('isPublished', boolean(false));
  fields.set('scientificMetadata', object([...metadata]));
  const order = [...fieldOrder, ...[...fields.keys()].filter((name) => !fieldOrder.includes(name))];
  const present = order.flatMap((name): [string, Value][] => {
    const value = fields.get(name);
    return value && value.kind !== 'none' ? [[name, value]] : [];
  });
  return { fields: new Map(present), missing, problems, incomplete: missing.some((name) => unknown.has(name)) };
}

/** The value of a field that can be sent; otherwise says why not. */
function usableValue({ outcome, machineName, field, fieldType }: FieldOutcome, problems: Problem[]): Value | undefined {
  if (fieldType === undefined) {
    const written = field.fieldType ?? '';
    const range = field.keys.get('field_type')?.value?.range ?? field.entry.key.range;
    const message = `“${written}” is not a field type; use high_level or scientific_metadata. The field is left out.`;
    problems.push(problem('unknown-field-type', message, range));
    return undefined;
  }
  if (outcome.state === 'failed') {
    problems.push(problem('field-failed', `${machineName} is left out: ${outcome.message}`, outcome.range));
    return undefined;
  }
  if (outcome.state === 'unknown') return undefined;
  const reason = unjsonableReason(outcome.value);
  if (reason !== undefined) {
    const range = field.keys.get('value')?.value?.range ?? field.entry.key.range;
    problems.push(problem('field-not-json', `${machineName} is left out: ${reason}`, range));
    return undefined;
  }
  return outcome.value;
}

function isAssignable({ machineName, field }: FieldOutcome, problems: Problem[]): boolean {
  const range = field.keys.get('machine_name')?.value?.range ?? field.entry.key.range;
  const known = datasetFields.find(({ name }) => name === machineName);
  if (known?.setByIngestor) {
    problems.push(
      problem('reserved-field', `${machineName} is set by the ingestor; this assignment is ignored.`, range),
    );
    return false;
  }
  if (known?.assignable) return true;
  const near = suggestion(
    machineName,
    datasetFields.filter(({ assignable }) => assignable).map(({ name }) => name),
  );
  const message = known
    ? `${machineName} is a field of SciCat that ingestors do not fill; it is left out.`
    : `“${machineName}” is not a field of a SciCat dataset; it is left out.${near ? ` Did you mean ${near}${differenceUnseen(machineName, near)}?` : ''}`;
  problems.push(problem('unknown-field', message, range));
  return false;
}

/** Says what SciCat would refuse; the value is sent all the same, because SciCat has the last word. */
function reportRefusal({ machineName, field }: FieldOutcome, value: Value, problems: Problem[]): void {
  const refusal = checkDatasetField(machineName, value.kind === 'integer' ? Number(value.value) : plainJson(value));
  const range = field.keys.get('value')?.value?.range ?? field.entry.key.range;
  if (
    machineName === 'sourceFolder' &&
    value.kind === 'string' &&
    value.value !== '' &&
    !path.isAbsolute(value.value)
  ) {
    const message = `sourceFolder is “${value.value}”, which means nothing elsewhere. Give the data file with its whole path.`;
    problems.push(problem('relative-source-folder', message, range));
  }
  if (refusal !== undefined) problems.push(problem('scicat-refuses', refusalText(refusal), range));
}

/** An item of scientific metadata, with its keys in the order that catalogues show today. */
function metadataItem({ machineName, field, outcome }: FieldOutcome, value: Value): Value {
  const humanName = scalarText(field.keys.get('human_name')?.value);
  return object([
    ['value', value],
    ['type', string(field.type ?? '')],
    ['human_name', string(humanName === undefined || humanName === '' ? machineName : humanName)],
    ['unit', string(outcome.state === 'known' ? outcome.unit : '')],
  ]);
}

function applyPid(
  fields: Map<string, Value>,
  { dataset }: Pick<Config, 'dataset'>,
  newPid: () => string,
  problems: Problem[],
  unknown: ReadonlySet<string>,
): void {
  const given = fields.get('pid');
  if (given && !dataset.allow_dataset_pid) {
    fields.delete('pid');
    problems.push(
      problem(
        'pid-not-allowed',
        'dataset.allow_dataset_pid is off, so SciCat assigns the pid; that of the schema is not sent.',
      ),
    );
    return;
  }
  if (unknown.has('pid')) return;
  if ((given ?? none).kind !== 'none' && !dataset.generate_dataset_pid) return;
  fields.delete('pid');
  if (dataset.generate_dataset_pid) fields.set('pid', string(newPid()));
  else if (!dataset.allow_dataset_pid)
    problems.push(problem('pid-by-scicat', 'The dataset has no pid of its own; SciCat will assign one.'));
}

/** Samples found in SciCat come after those of the schema, each once. */
function mergeSamples(fields: Map<string, Value>, found: readonly Value[]): void {
  if (found.length === 0) return;
  const own = fields.get('sampleId');
  const items = own === undefined || own.kind === 'none' ? [] : own.kind === 'list' ? [...own.items] : [own];
  const seen = new Set<string>();
  const all = [...items, ...found].filter((item) => {
    const key = hashKey(item) ?? '';
    return seen.size !== seen.add(key).size;
  });
  fields.set('sampleId', list(all));
}

/** Fills what the schema does not give. @returns the names of the fields that have the value of an option now */
function applyDefaults(fields: Map<string, Value>, { dataset }: Pick<Config, 'dataset'>): string[] {
  const isOpen = (name: string): boolean => (fields.get(name) ?? none).kind === 'none';
  const valueOf = (given: string | readonly string[]): Value =>
    typeof given === 'string' ? string(given) : list(given.map(string));
  const filled: string[] = [];
  for (const { name, unassigned, default: option } of datasetFields) {
    if (unassigned !== undefined && !fields.has(name)) fields.set(name, valueOf(unassigned));
    const given = option === undefined ? null : dataset[option];
    if (given === null || !isOpen(name)) continue;
    fields.set(name, valueOf(given));
    filled.push(name);
  }
  return filled;
}

/** What SciCat will refuse of what the configuration gives, or does not give where it must. */
function refusedDefaults(
  defaulted: readonly string[],
  fields: ReadonlyMap<string, Value>,
  unknown: ReadonlySet<string>,
  schema: Schema,
): Problem[] {
  const range = schema.general.get('schema')?.key.range;
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
function exampleDefaults(defaulted: readonly string[], fields: ReadonlyMap<string, Value>, schema: Schema): Problem[] {
  const examples = defaulted.flatMap((name) => {
    const value = fields.get(name);
    const found = value === undefined ? [] : textsIn(value).flatMap(placeholdersIn);
    return found.length === 0 ? [] : [{ name, found }];
  });
  if (examples.length === 0) return [];
  const said = examples.map(({ name, found }) => `${name} becomes ${inQuotes(found)}`).join(', ');
  const options = examples.map(({ name }) => `dataset.${datasetField(name)?.default ?? ''}`).join(', ');
  const message = `Neither the schema nor the configuration gives a value, only an example of one: ${said}. Give the fields in the schema, or set ${options} in the configuration; null leaves a field out.`;
  return [problem('config-default-used', message, schema.general.get('schema')?.key.range)];
}

function textsIn(value: Value): string[] {
  if (value.kind === 'list') return value.items.flatMap(textsIn);
  return value.kind === 'string' ? [value.value] : [];
}

function object(fields: readonly (readonly [string, Value])[]): Value {
  return dict(fields.map(([key, value]) => [string(key), value]));
}

/** The dataset with the totals of its files, as one value. */
export function datasetValue(dataset: Dataset, size: number, numberOfFiles: number): Value {
  const [pid, ...rest] = [...dataset.fields].sort(([a], [b]) => Number(b === 'pid') - Number(a === 'pid'));
  const totals: [string, Value][] = [
    ['size', integer(size)],
    ['numberOfFiles', integer(numberOfFiles)],
  ];
  const fields = pid?.[0] === 'pid' ? [pid, ...totals, ...rest] : [...totals, ...(pid ? [pid] : []), ...rest];
  return object(fields);
}
