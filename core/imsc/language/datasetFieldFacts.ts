import { dialects } from './dialects.ts';
import type { KnownTo } from './dialects.ts';

/**
 * What the checks need to know of a field of a SciCat dataset. The registry of fields belongs to the catalogue, of
 * which the schema language knows nothing: whoever calls the checks hands it in, as it is.
 */
export interface DatasetFieldFacts {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Every schema must give it. */
  readonly mandatory: boolean;
  /** A schema may give it. */
  readonly assignable: boolean;
  /** The ingestor fills it and ignores what a schema says. */
  readonly setByIngestor: boolean;
  readonly type: DatasetFieldType;
  /** Set where several values may be given too. */
  readonly plural?: string;
  /** The ingestors that send it, where not all do. */
  readonly sentBy?: FieldSenders;
  /** The format of a text; one that ends in `date-time` is a date. */
  readonly format?: string;
  /** What fills it in most schemas: the first of these texts whose variables all exist. */
  readonly usual?: readonly string[];
}

/** Who sends a field: ingestors that speak v3 of SciCat's API, those that speak v4, or only this program. */
export type FieldSenders = 'v3' | 'v4' | 'imsc';

/** Who understands a field of the dataset. */
export function fieldKnownTo({ sentBy }: Pick<DatasetFieldFacts, 'sentBy'>): KnownTo {
  if (sentBy === undefined) return {};
  return { knownTo: dialects.filter(({ apiVersion }) => apiVersion === sentBy).map(({ name }) => name) };
}

/** `strings` is a list of texts, or a lone text; `techniques` and `relationships` are lists of objects. */
export type DatasetFieldType =
  'string' | 'strings' | 'integer' | 'number' | 'boolean' | 'object' | 'techniques' | 'relationships';

/**
 * Why the catalogue would refuse a value in a field, as a sentence for a person; undefined if it takes it.
 * @param value plain JSON
 */
export type RefusalOf = (field: string, value: unknown) => string | undefined;

/** What is said of a value that the catalogue refuses, in every place in the same words. */
export function refusalText(reason: string): string {
  return `SciCat will refuse this: ${reason}`;
}

/** The value type that gives what a field needs. */
export function valueTypeFor({ type, format }: Pick<DatasetFieldFacts, 'type' | 'format'>): string {
  if (format?.endsWith('date-time') === true) return 'date';
  return format === 'email' ? 'email' : valueTypesFor[type];
}

/** The keys of a field that fills one of the dataset. */
export function fieldTexts(
  field: Pick<DatasetFieldFacts, 'name' | 'type' | 'format'>,
  value: string,
): readonly (readonly [key: string, text: string])[] {
  return [
    ['field_type', 'high_level'],
    ['machine_name', field.name],
    ['value', value],
    ['type', valueTypeFor(field)],
  ];
}

/** The first of the usual texts whose variables all exist; the empty text where there is none. */
export function usualText(usual: readonly string[] | undefined, isDefined: (variable: string) => boolean): string {
  const variablesIn = (text: string): string[] => [...text.matchAll(/<([^<>]+)>/g)].flatMap(([, name]) => name ?? []);
  return usual?.find((text) => variablesIn(text).every(isDefined)) ?? '';
}

const valueTypesFor: Readonly<Record<DatasetFieldType, string>> = {
  string: 'string',
  strings: 'string[]',
  integer: 'integer',
  number: 'float',
  object: 'dict',
  techniques: 'list',
  relationships: 'list',
  boolean: 'string',
};
