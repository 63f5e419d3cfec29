import { budget } from '../../limits/budget.ts';
import { differenceUnseen } from '../../text/alike.ts';
import { unstorableKey } from '../../text/storableKeys.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import type { ProblemCode } from '../../problems/problemCodes.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { valueFromPlain } from '../../imsc/values/jsonText.ts';
import { valuesEqual } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import { datasetField, datasetFields } from '../../scicat/datasetFields.ts';
import { isJsonObject } from '../../scicat/json.ts';
import type { JsonValue } from '../../scicat/json.ts';

/** Where a value was written, as far as that is known. */
export interface GivenPlace {
  /** Absolute path. */
  readonly file?: string | undefined;
  /** In the text of `file`. */
  readonly range?: TextRange | undefined;
  /** From 1. */
  readonly line?: number | undefined;
}

/** A field of the dataset that is not made by the schema: somebody says what it is. */
export interface GivenField {
  /** A field of SciCat's, or an item of the metadata: `datasetName`, `scientificMetadata.temperature`. */
  readonly field: string;
  /**
   * null gives nothing. An item of the metadata may be an object of `value` and `unit`; `scientificMetadata` alone is
   * an object of items.
   */
  readonly value: JsonValue;
  /** Shown to people: `atom:title`, `ark-file-meta.csv line 3`, `user`. */
  readonly from: string;
  readonly place?: GivenPlace | undefined;
  /** In a change of a dataset: with null, takes the item of the metadata away, or empties the field. */
  readonly removes?: boolean | undefined;
  /** Used only where neither the schema nor anything else that is given fills the field. */
  readonly yields?: boolean | undefined;
}

/** What is known of a dataset besides what its schema makes of its data file; of equal names the last one counts. */
export interface Given {
  /** What came with the data: an Atom entry, a table. */
  readonly deposited?: readonly GivenField[] | undefined;
  /** What the person who asks for the ingestion has typed; it stands above all else. */
  readonly user?: readonly GivenField[] | undefined;
}

/** Who says what a field is, the weakest first: of several values that of the strongest is taken. */
export const layers = ['configuration', 'preset', 'schema', 'deposited', 'user', 'ingestor'] as const;
export type Layer = (typeof layers)[number];

/** Where a field of a dataset comes from. */
export interface FieldOrigin {
  readonly layer: Layer;
  /** Shown to people: `schema line 12`, `atom:title`, `dataset.default_owner_group`, `user`. */
  readonly from: string;
  readonly place?: GivenPlace | undefined;
}

/** A value that a field could have. */
export interface Candidate {
  readonly value: Value;
  readonly origin: FieldOrigin;
}

/** The values that each field could have, by its name, the weakest first. */
export type Candidates = ReadonlyMap<string, readonly Candidate[]>;

/** A value with where it comes from, as plain data. */
export type GivenValue = FieldOrigin & { readonly value: unknown };

/** A field for which a value is taken although others said something else. */
export interface FieldConflict {
  readonly field: string;
  readonly taken: GivenValue;
  /** The weakest first. */
  readonly overruled: readonly GivenValue[];
}

/** Puts candidates together; associative, and nothing without any. Of one layer the later ones are stronger. */
export function mergeCandidates(...sets: readonly Candidates[]): Candidates {
  const merged = new Map<string, readonly Candidate[]>();
  for (const [field, candidates] of sets.flatMap((set) => [...set])) {
    const all = [...(merged.get(field) ?? []), ...candidates];
    merged.set(
      field,
      // Sorting keeps the order of what is equal.
      all.sort((a, b) => layers.indexOf(a.origin.layer) - layers.indexOf(b.origin.layer)),
    );
  }
  return merged;
}

/** The candidate whose value is taken. A schema that makes null of a field leaves it to those that yield. */
export function strongest(candidates: readonly Candidate[]): Candidate | undefined {
  const last = candidates.at(-1);
  if (last?.value.kind !== 'none') return last;
  return candidates.findLast(({ origin: { layer } }) => layer === 'preset') ?? last;
}

/**
 * What a candidate that is taken overrules: what others gave and is something else. Defaults and what yields were meant
 * to give way, and of a schema only its last assignment counts.
 */
export function overruledBy(taken: Candidate, candidates: readonly Candidate[]): readonly Candidate[] {
  if (!isGiven(taken.origin)) return [];
  const ofSchema = candidates.findLast(({ origin }) => origin.layer === 'schema');
  return candidates.filter(
    (other) =>
      other !== taken &&
      (other === ofSchema || isGiven(other.origin)) &&
      other.value.kind !== 'none' &&
      !valuesEqual(other.value, taken.value),
  );
}

/** Whether somebody gives a value, with the right to overrule the schema. */
export function isGiven({ layer }: FieldOrigin): boolean {
  return layer === 'deposited' || layer === 'user';
}

/** What the name of an item of the metadata begins with, as the name of a field. */
export const metadataPrefix = 'scientificMetadata.';

export interface GivenCandidates {
  readonly candidates: Candidates;
  /** What is wrong with what was given; nothing may be sent while there is any of it. */
  readonly problems: readonly Problem[];
}

/**
 * Looks through what is given: whether there are such fields, and whether their keys can be stored.
 * @param metadataItem makes the item of the scientific metadata out of what is given for it
 */
export function givenCandidates({ deposited = [], user = [] }: Given, metadataItem: MetadataItem): GivenCandidates {
  const candidates = new Map<string, Candidate[]>();
  const problems: Problem[] = [];
  const take = (layer: 'deposited' | 'user', given: GivenField): void => {
    const { field, value, from, place, yields } = given;
    const origin: FieldOrigin = { layer: yields === true ? 'preset' : layer, from, ...(place && { place }) };
    if (field === 'scientificMetadata' && isJsonObject(value)) {
      for (const [name, item] of Object.entries(value))
        take(layer, { ...given, field: metadataPrefix + name, value: item });
      return;
    }
    // Every dataset is made so.
    if (value === null || (field === 'isPublished' && value === false)) return;
    const read = readField(field, value, metadataItem);
    if ('code' in read) problems.push(problemAt(origin, read.code, read.message));
    else candidates.set(read.name, [...(candidates.get(read.name) ?? []), { value: read.value, origin }]);
  };
  for (const each of deposited) take('deposited', each);
  for (const each of user) take('user', each);
  return { candidates: mergeCandidates(candidates), problems };
}

type MetadataItem = (name: string, value: JsonValue) => Value | { readonly fault: string };

/** The name that a field has in schemas, and its value; otherwise what is wrong with it. */
function readField(
  field: string,
  value: JsonValue,
  metadataItem: MetadataItem,
): { readonly name: string; readonly value: Value } | { readonly code: ProblemCode; readonly message: string } {
  const unfit = (message: string): { readonly code: ProblemCode; readonly message: string } => {
    return { code: 'given-field', message };
  };
  if (field === 'scientificMetadata') return unfit('scientificMetadata must be an object of its items.');
  const isItem = field.startsWith(metadataPrefix);
  const name = isItem ? field.slice(metadataPrefix.length) : nameInSchemas(field);
  const key = unstorableKey(isItem ? `scientificMetadata/${name}` : name, name, value, budget.givenDepth);
  if (key !== undefined) return { code: 'given-key', message: key };
  if (!isItem) {
    const fault = fieldFault(name);
    return fault === undefined ? { name, value: valueFromPlain(value) } : unfit(fault);
  }
  if (name === '') return unfit('An item of scientificMetadata needs a name.');
  const item = metadataItem(name, value);
  return 'fault' in item ? unfit(item.fault) : { name: metadataPrefix + name, value: item };
}

/** A problem at the place where something was given; where that has no range, the message says who gave it. */
export function problemAt({ from, place }: FieldOrigin, code: ProblemCode, message: string): Problem {
  const { file, range } = place ?? {};
  if (range !== undefined) return problem(code, message, range, file === undefined ? {} : { file });
  return problem(code, `${message} (Given by ${from}.)`, undefined, file === undefined ? {} : { file });
}

const singularOf = new Map(datasetFields.flatMap(({ name, plural }) => (plural === undefined ? [] : [[plural, name]])));

/** The name by which schemas give what v4 of the API has under another one. */
export function nameInSchemas(field: string): string {
  return singularOf.get(field) ?? field;
}

/** Why a field of the dataset cannot be given, as a sentence; undefined if it can. */
function fieldFault(name: string): string | undefined {
  const field = datasetField(name);
  if (!field) {
    const near = suggestion(
      name,
      datasetFields.filter(isGivable).map((each) => each.name),
    );
    const hint = near === undefined ? '' : ` Did you mean ${near}${differenceUnseen(name, near)}?`;
    return `“${name}” is not a field of a SciCat dataset.${hint} What is not one goes below scientificMetadata.`;
  }
  if (isGivable(field)) return undefined;
  const who = field.setByIngestor ? 'the ingestor' : 'SciCat';
  return `${name} is filled by ${who} and cannot be given.`;
}

/** Whether a person may give a field. */
export function isGivable({
  setByIngestor,
  madeByScicat,
}: {
  readonly setByIngestor: boolean;
  readonly madeByScicat?: true;
}): boolean {
  return !setByIngestor && madeByScicat !== true;
}
