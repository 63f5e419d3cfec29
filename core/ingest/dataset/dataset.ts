import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { refusalText } from '../../imsc/language/datasetFieldFacts.ts';
import { plainJson } from '../../imsc/values/jsonText.ts';
import type { Tree } from '../../imsc/tree/tree.ts';
import { lineNumbers } from '../../text/lines.ts';
import { boolean, dict, hashKey, integer, list, none, string } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import { checkDatasetField } from '../../scicat/checkDatasetField.ts';
import { datasetFields } from '../../scicat/datasetFields.ts';
import type { Config } from '../../config/configOptions.ts';
import type { Evaluation, FieldOutcome } from '../../imsc/evaluation/evaluation.ts';
import { isForWantOfFile } from '../sources/noDataFile.ts';
import { applyDefaults, exampleDefaults, refusedDefaults } from './datasetDefaults.ts';
import {
  givenCandidates,
  isGiven,
  mergeCandidates,
  nameInSchemas,
  metadataPrefix,
  overruledBy,
  problemAt,
  strongest,
} from './given.ts';
import type { Candidate, Candidates, FieldConflict, FieldOrigin, Given, GivenValue } from './given.ts';
import { givenItem, metadataItem } from './metadataItems.ts';
import { isAssignable, reportRefusal, usableValue } from './schemaFields.ts';

/** A dataset as it stands after evaluation, without the totals of its files. */
export interface Dataset {
  /** In the order in which SciCat's own pages show them. */
  readonly fields: ReadonlyMap<string, Value>;
  /** Mandatory fields without a value; nothing may be sent while there are any. */
  readonly missing: readonly string[];
  /** True where a mandatory field is missing only because something could not be asked (no file, no connection). */
  readonly incomplete: boolean;
  /** About the schema, and what has no place in a text. */
  readonly problems: readonly Problem[];
  /** Where each field comes from, and each item of the metadata, as `scientificMetadata.NAME`. */
  readonly provenance: Readonly<Record<string, FieldOrigin>>;
  /** What was overruled by what somebody gave. */
  readonly conflicts: readonly FieldConflict[];
  /** About what was given; nothing may be sent while there is an error among them. */
  readonly givenProblems: readonly Problem[];
}

/** What a dataset is made of besides the evaluation of its schema. */
export interface DatasetSources {
  readonly given?: Given | undefined;
  /** There is no data file: what the schema takes from it is missing, not only unknown. */
  readonly withoutFile?: boolean | undefined;
  /** The file of the schema, for places. */
  readonly schemaFile?: string | undefined;
}

/** The order of the fields in a dataset. */
const fieldOrder = [
  'pid', 'isPublished', 'datasetName', 'principalInvestigator', 'creationLocation', 'scientificMetadata', 'owner',
  'ownerEmail', 'sourceFolder', 'contactEmail', 'creationTime', 'type', 'sampleId', 'techniques', 'instrumentId',
  'proposalId', 'ownerGroup', 'accessGroups',
]; // prettier-ignore

/**
 * Puts the evaluated fields together to a dataset, with the defaults of the configuration, as the Python ingestor
 * does (fields that it does not know are left out; a later assignment of a field wins), and with what is given: lowest
 * first defaults, what yields, the schema, what was deposited, what a person typed.
 *
 * Differs from it where it crashes: values that JSON cannot hold and assignments of reserved fields are left out
 * with a warning, an empty mandatory field counts as missing, and where pids are not allowed SciCat assigns one.
 * @param evaluation of the schema; absent where none applies and the dataset is made of what is given
 * @param sampleIds samples found by `sample_attachment`; merged with `sampleId` of the schema
 * @param newPid makes the pid where the configuration asks to generate one
 */
export function buildDataset(
  evaluation: Evaluation | undefined,
  config: Pick<Config, 'dataset'>,
  sampleIds: readonly Value[],
  newPid: () => string,
  sources: DatasetSources = {},
): Dataset {
  const ofSchema = evaluation?.fields ?? [];
  const section = evaluation?.schema.general.get('schema')?.key.range;
  const given = givenCandidates(sources.given ?? {}, (name, value) => {
    return givenItem(
      name,
      value,
      ofSchema.findLast((item) => isItem(item) && item.machineName === name),
    );
  });
  const problems: Problem[] = [];
  const isOverruled = (item: FieldOutcome): boolean =>
    given.candidates.get(nameOf(item))?.some(({ origin }) => isGiven(origin)) ?? false;
  const candidates = mergeCandidates(schemaCandidates(evaluation, sources, isOverruled, problems), given.candidates);
  const fields = new Map<string, Value>();
  const metadata: [string, Value][] = [];
  const origins = new Map<string, FieldOrigin>();
  const conflicts: FieldConflict[] = [];
  for (const [name, each] of candidates) {
    const taken = strongest(each);
    if (!taken) continue;
    if (name.startsWith(metadataPrefix)) metadata.push([name.slice(metadataPrefix.length), taken.value]);
    else fields.set(name, taken.value);
    origins.set(name, taken.origin);
    const overruled = overruledBy(taken, each);
    if (overruled.length > 0) conflicts.push({ field: name, taken: shown(taken), overruled: overruled.map(shown) });
  }
  const unknown = unknownFields(ofSchema, given.candidates, sources);
  const givenProblems = [...given.problems, ...refusedOfGiven(fields, origins)];
  applyPid(fields, origins, { ...config, ...sources }, newPid, problems, givenProblems, unknown);
  const missing = missingFields(fields, config, sources);
  for (const name of missing) {
    if (unknown.has(name)) continue;
    const range = ofSchema.find(({ machineName }) => nameInSchemas(machineName) === name)?.field.entry.key.range;
    const way = sources.withoutFile === true ? ' There is no data file to take it from; give it beside the data.' : '';
    const message = `The dataset has no ${name}, which it must have.${way}`;
    problems.push(problem('mandatory-field-missing', message, range ?? section));
  }
  if (!isGivenIn(origins, 'sampleId')) mergeSamples(fields, origins, sampleIds);
  const defaulted = applyDefaults(fields, origins, config);
  problems.push(...exampleDefaults(defaulted, fields, section));
  problems.push(...refusedDefaults(defaulted, fields, unknown, section));
  fields.set('isPublished', boolean(false));
  origins.set('isPublished', ingestor);
  fields.set('scientificMetadata', object(metadata));
  const order = [...fieldOrder, ...[...fields.keys()].filter((name) => !fieldOrder.includes(name))];
  const present = order.flatMap((name): [string, Value][] => {
    const value = fields.get(name);
    return value && value.kind !== 'none' ? [[name, value]] : [];
  });
  return {
    fields: new Map(present),
    missing,
    problems,
    incomplete: missing.some((name) => unknown.has(name)),
    provenance: Object.fromEntries(
      [...origins].filter(([name]) => name.startsWith(metadataPrefix) || (fields.get(name) ?? none).kind !== 'none'),
    ),
    conflicts,
    givenProblems,
  };
}

const ingestor: FieldOrigin = { layer: 'ingestor', from: 'the ingestor' };

function isItem({ fieldType }: FieldOutcome): boolean {
  return fieldType === 'scientific_metadata';
}

/** The name of a field as candidates have it. */
function nameOf(item: FieldOutcome): string {
  return isItem(item) ? metadataPrefix + item.machineName : nameInSchemas(item.machineName);
}

function isGivenIn(origins: ReadonlyMap<string, FieldOrigin>, name: string): boolean {
  const origin = origins.get(name);
  return origin !== undefined && isGiven(origin);
}

function shown({ value, origin }: Candidate): GivenValue {
  return { ...origin, value: plainJson(value) };
}

/** What the schema makes of the fields, assignment by assignment. */
/** A schema is evaluated on many files. */
const lines = new WeakMap<Tree, ReturnType<typeof lineNumbers>>();

function linesOf(tree: Tree): ReturnType<typeof lineNumbers> {
  const known = lines.get(tree) ?? lineNumbers(tree.text);
  lines.set(tree, known);
  return known;
}

function schemaCandidates(
  evaluation: Evaluation | undefined,
  { schemaFile }: DatasetSources,
  isOverruled: (item: FieldOutcome) => boolean,
  problems: Problem[],
): Candidates {
  const candidates = new Map<string, Candidate[]>();
  if (!evaluation) return candidates;
  const lineOf = linesOf(evaluation.schema.tree);
  const originOf = ({ field }: FieldOutcome): FieldOrigin => {
    const range: TextRange = field.keys.get('value')?.value?.range ?? field.entry.key.range;
    const line = lineOf(range.start);
    return { layer: 'schema', from: `schema line ${line}`, place: { file: schemaFile, range, line } };
  };
  for (const item of evaluation.fields) {
    // Nothing is said of a value that is not used.
    const unsaid: Problem[] = [];
    const told = isOverruled(item) ? unsaid : problems;
    const value = usableValue(item, told);
    if (value === undefined || (!isItem(item) && !isAssignable(item, problems))) continue;
    if (!isItem(item)) reportRefusal(item, value, told);
    const name = nameOf(item);
    const candidate = { value: isItem(item) ? metadataItem(item, value) : value, origin: originOf(item) };
    candidates.set(name, [...(candidates.get(name) ?? []), candidate]);
  }
  return candidates;
}

/** Fields that the schema makes of what could not be asked; what there is no file for is not among them. */
function unknownFields(
  ofSchema: readonly FieldOutcome[],
  given: Candidates,
  { withoutFile }: DatasetSources,
): ReadonlySet<string> {
  const unknown = ofSchema.filter(
    ({ outcome, fieldType }) =>
      fieldType === 'high_level' &&
      outcome.state === 'unknown' &&
      !(withoutFile === true && isForWantOfFile(outcome.reason)),
  );
  return new Set(unknown.map(({ machineName }) => nameInSchemas(machineName)).filter((name) => !given.has(name)));
}

/** What SciCat would refuse of what was given; it is sent all the same, because SciCat has the last word. */
export function refusedOfGiven(
  fields: ReadonlyMap<string, Value>,
  origins: ReadonlyMap<string, FieldOrigin>,
): Problem[] {
  return [...fields].flatMap(([name, value]) => {
    const origin = origins.get(name);
    if (!origin || (!isGiven(origin) && origin.layer !== 'preset')) return [];
    const refusal = checkDatasetField(name, value.kind === 'integer' ? Number(value.value) : plainJson(value));
    return refusal === undefined ? [] : [problemAt(origin, 'scicat-refuses', refusalText(refusal))];
  });
}

/** The mandatory fields without a value. */
function missingFields(
  fields: ReadonlyMap<string, Value>,
  { dataset }: Pick<Config, 'dataset'>,
  { withoutFile }: DatasetSources,
): readonly string[] {
  const isEmpty = (name: string): boolean => (fields.get(name) ?? none).kind === 'none';
  return datasetFields
    .filter(({ name, mandatory }) => mandatory && isEmpty(name))
    .filter(({ name }) => name !== 'principalInvestigator' || isEmpty('investigator'))
    .filter(({ name }) => name !== 'pid' || (dataset.allow_dataset_pid && withoutFile !== true))
    .map(({ name }) => name);
}

function applyPid(
  fields: Map<string, Value>,
  origins: Map<string, FieldOrigin>,
  { dataset, withoutFile }: Pick<Config, 'dataset'> & DatasetSources,
  newPid: () => string,
  problems: Problem[],
  givenProblems: Problem[],
  unknown: ReadonlySet<string>,
): void {
  const pid = fields.get('pid');
  const origin = origins.get('pid');
  if (pid && !dataset.allow_dataset_pid) {
    fields.delete('pid');
    origins.delete('pid');
    const why = 'dataset.allow_dataset_pid is off, so SciCat assigns the pid;';
    if (origin && origin.layer !== 'schema')
      givenProblems.push(problemAt(origin, 'pid-not-allowed', `${why} the one that was given is not sent.`));
    else problems.push(problem('pid-not-allowed', `${why} that of the schema is not sent.`));
    return;
  }
  if (unknown.has('pid')) return;
  if ((pid ?? none).kind !== 'none' && (!dataset.generate_dataset_pid || isGivenIn(origins, 'pid'))) return;
  fields.delete('pid');
  if (dataset.generate_dataset_pid) {
    fields.set('pid', string(newPid()));
    origins.set('pid', ingestor);
  } else if (!dataset.allow_dataset_pid || withoutFile === true)
    problems.push(problem('pid-by-scicat', 'The dataset has no pid of its own; SciCat will assign one.'));
}

/** Samples found in SciCat come after those of the schema, each once. */
function mergeSamples(fields: Map<string, Value>, origins: Map<string, FieldOrigin>, found: readonly Value[]): void {
  if (found.length === 0) return;
  const own = fields.get('sampleId');
  const items = own === undefined || own.kind === 'none' ? [] : own.kind === 'list' ? [...own.items] : [own];
  const seen = new Set<string>();
  const all = [...items, ...found].filter((item) => {
    const key = hashKey(item) ?? '';
    return seen.size !== seen.add(key).size;
  });
  fields.set('sampleId', list(all));
  const before = items.length > 0 ? origins.get('sampleId') : undefined;
  origins.set('sampleId', {
    ...(before ?? { layer: 'schema' }),
    from: before ? `${before.from} and samples in SciCat` : 'samples in SciCat',
  });
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
