import equal from 'fast-deep-equal';
import type { Config } from '../../config/configOptions.ts';
import type { Dataset } from '../../ingest/dataset/dataset.ts';
import { forCatalogue } from '../../ingest/dataset/forCatalogue.ts';
import { jsonText } from '../../imsc/values/jsonText.ts';
import { dict, string } from '../../imsc/values/values.ts';
import type { DictEntry } from '../../imsc/values/values.ts';
import type { ScicatClient } from '../../scicat/client.ts';
import { datasetField } from '../../scicat/datasetFields.ts';
import { ScicatError } from '../../scicat/errors.ts';
import { isJsonObject, jsonIn } from '../../scicat/json.ts';
import type { JsonObject } from '../../scicat/json.ts';
import { isSameDataset } from '../../scicat/sameDataset.ts';
import { isJsonValue } from '../../text/jsonValue.ts';
import type { JsonValue } from '../../text/jsonValue.ts';

export const metadata = 'scientificMetadata';
/** What is decided when a dataset is made. */
const fixed = new Set(['pid', 'type', 'size', 'numberOfFiles', 'ownerGroup']);
/** What SciCat or the list of files makes of itself. */
const counted = new Set(['pid', 'size', 'numberOfFiles']);

/** A field, or an item of the metadata, that SciCat holds otherwise than it should; null where there is none. */
export interface FieldUpdate {
  /** `datasetName`, `scientificMetadata.temperature` */
  readonly field: string;
  readonly stored: JsonValue;
  readonly wanted: JsonValue;
}

/** The fields of a dataset as they would be sent. */
export async function wantedDataset(
  dataset: Dataset,
  client: ScicatClient,
  { scicat }: Pick<Config, 'scicat'>,
): Promise<JsonObject | undefined> {
  const { fields } = await forCatalogue(dataset, client, scicat.apiVersion);
  const wanted = jsonIn(jsonText(dict([...fields].map(([name, value]): DictEntry => [string(name), value]))));
  return isJsonObject(wanted) ? wanted : undefined;
}

/** All that would come out otherwise than it stands in SciCat; what SciCat alone knows of is passed over. */
export function differencesOf(wanted: JsonObject, stored: JsonObject): readonly FieldUpdate[] {
  const there = flatOf(stored);
  return changesOf(flatOf(wanted), there, { passedOver: counted, base: undefined, given: there });
}

/** A dataset as SciCat shows it; undefined where there is none. @throws ScicatError */
export async function storedDataset(client: ScicatClient, pid: string): Promise<JsonObject | undefined> {
  try {
    const stored = jsonIn((await client.datasetText(pid)).dataset);
    return isJsonObject(stored) ? stored : undefined;
  } catch (error) {
    if (error instanceof ScicatError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** A field by its name; the metadata as each of its items. */
export function flat(name: string, value: unknown): readonly (readonly [string, JsonValue])[] {
  if (name !== metadata) return isJsonValue(value) ? [[name, value]] : [];
  const items = isJsonObject(value) ? Object.entries(value) : [];
  return items.flatMap(([item, each]) => (isJsonValue(each) ? [[`${metadata}.${item}`, each] as const] : []));
}

/** The fields of a dataset, each item of the metadata for itself. */
export function flatOf(dataset: JsonObject): ReadonlyMap<string, JsonValue> {
  return new Map(Object.entries(dataset).flatMap(([name, value]) => flat(name, value)));
}

/** Whether SciCat holds what is wanted of a field, as it writes it. */
export function isSame(field: string, wanted: JsonValue, stored: JsonValue): boolean {
  const name = field.startsWith(`${metadata}.`) ? metadata : field;
  if (name !== metadata) return isSameDataset({ [name]: wanted }, { [name]: stored });
  return isSameDataset({ [name]: { item: wanted } }, { [name]: { item: stored } });
}

/** Whether two values that we have sent, or would, say something else. */
export function isOther(field: string, one: JsonValue, other: JsonValue): boolean {
  return !equal(one, other) && !(isSame(field, one, other) && isSame(field, other, one));
}

/** Whether a field must be changed: SciCat lacks something of what is wanted, or still holds what we had sent instead. */
export function isToChange(
  { field, stored, wanted }: FieldUpdate,
  base: ReadonlyMap<string, JsonValue> | undefined,
): boolean {
  if (!isSame(field, wanted, stored)) return true;
  const sent = base?.get(field);
  return sent !== undefined && isOther(field, sent, wanted) && isSame(field, sent, stored);
}

/**
 * What an update would change: what SciCat holds otherwise than it is wanted, and items that were sent before and are not
 * wanted any more.
 */
export function updatesOf(
  wanted: JsonObject,
  stored: JsonObject,
  base: ReadonlyMap<string, JsonValue> | undefined,
): readonly FieldUpdate[] {
  return changesOf(flatOf(wanted), flatOf(stored), { passedOver: fixed, base, given: base ?? new Map() });
}

interface Compared {
  /** Fields that are not compared. */
  readonly passedOver: ReadonlySet<string>;
  /** What was sent before; see `isToChange`. */
  readonly base: ReadonlyMap<string, JsonValue> | undefined;
  /** Its items of the metadata are to go where they are not wanted. */
  readonly given: ReadonlyMap<string, JsonValue>;
}

function changesOf(
  now: ReadonlyMap<string, JsonValue>,
  there: ReadonlyMap<string, JsonValue>,
  { passedOver, base, given }: Compared,
): readonly FieldUpdate[] {
  const update = (field: string): FieldUpdate => ({
    field,
    stored: there.get(field) ?? null,
    wanted: now.get(field) ?? null,
  });
  const changed = [...now.keys()]
    .filter((field) => !passedOver.has(field) && datasetField(field)?.madeByScicat !== true)
    .map(update)
    .filter((each) => isToChange(each, base));
  const gone = [...given.keys()].filter(
    (field) => field.startsWith(`${metadata}.`) && !now.has(field) && there.has(field),
  );
  return [...changed, ...gone.map(update)];
}
