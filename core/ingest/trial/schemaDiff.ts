import path from 'node:path';
import { loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/configOptions.ts';
import { builtInValues } from '../../imsc/language/builtIns.ts';
import { evaluate } from '../../imsc/evaluation/evaluate.ts';
import { dialectNamed } from '../../imsc/language/dialects.ts';
import type { DialectName } from '../../imsc/language/dialects.ts';
import type { Evaluation, FieldOutcome } from '../../imsc/evaluation/evaluation.ts';
import type { DataReader, Reading } from '../../imsc/evaluation/readers.ts';
import { withImports } from '../../imsc/schema/imports.ts';
import { explainSelector } from '../../imsc/schema/selector.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { Schema, SchemaFile } from '../../imsc/schema/schema.ts';
import { NexusError } from '../../nexus/model.ts';
import { openNexusInTime } from '../../nexus/worker/openInTime.ts';
import { list, valuesEqual } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import { jsonKeyText } from '../../imsc/values/jsonText.ts';
import { datasetField } from '../../scicat/datasetFields.ts';
import { buildDataset } from '../dataset/dataset.ts';
import { nameInSchemas } from '../dataset/given.ts';
import { findAmong } from '../schemas/findSchema.ts';
import { mayBeModule } from '../schemas/importFolders.ts';
import { arrangeSchemas, readSchema, selectSchema } from '../schemas/select.ts';
import type { SchemaSet } from '../schemas/select.ts';
import { factsOfTest } from '../sources/builtIns.ts';
import { nexusReader } from '../sources/nexusReader.ts';
import { comparableText } from './compareWithTest.ts';
import { differingParts } from './differingParts.ts';

/** Schemas as they are on one side of a comparison. Plain data, so that it can be handed to another thread. */
export interface SchemaSide {
  /** The one that is compared, on the files that its selector takes; undefined where each file gets the schema that its selector chooses. */
  readonly chosen?: string | undefined;
  /** Absolute paths and texts: those of a folder, and what they may import. */
  readonly texts: readonly (readonly [string, string])[];
}

/** What a comparison is made with. */
export interface DiffSides {
  readonly before: SchemaSide;
  readonly after: SchemaSide;
  readonly configFile?: string | undefined;
}

/** A field that comes out differently; null where there is none. */
export interface FieldChange {
  readonly part: 'dataset' | 'scientific_metadata';
  readonly name: string;
  /** With its unit, as JSON. */
  readonly before: string | null;
  readonly after: string | null;
  /** Why there is none after the change. */
  readonly why?: string | undefined;
}

/** What a change of schemas does to one file. */
export interface SampleDiff {
  /** Absolute path. */
  readonly file: string;
  /** The files of the schemas that it gets; null for none. */
  readonly schemas: { readonly before: string | null; readonly after: string | null };
  readonly changes: readonly FieldChange[];
  /** Why it could not be compared. */
  readonly problem?: string | undefined;
}

/** Evaluates what differs between the schemas of both sides on files, each of which is read once. */
export class SchemaComparison {
  readonly #before: Side;
  readonly #after: Side;
  readonly #config: Config;
  readonly #dialect: DialectName | undefined;
  /** By the schemas of both sides. */
  readonly #differing = new WeakMap<SchemaFile, WeakMap<SchemaFile, readonly [Schema, Schema]>>();

  private constructor(before: Side, after: Side, config: Config) {
    this.#before = before;
    this.#after = after;
    this.#config = config;
    this.#dialect = dialectNamed(config.ingestion.schemas_dialect);
  }

  static of({ before, after, configFile }: DiffSides): SchemaComparison {
    const { config } = loadConfig({ withToken: false, ...(configFile !== undefined && { file: configFile }) });
    return SchemaComparison.under({ before, after }, config);
  }

  /** The same with a configuration that was read already. */
  static under({ before, after }: Pick<DiffSides, 'before' | 'after'>, config: Config): SchemaComparison {
    return new SchemaComparison(new Side(before), new Side(after), config);
  }

  /** Schemas that cannot be used, with the reason. */
  async refused(): Promise<readonly string[]> {
    return [...(await this.#before.refused('before the change')), ...(await this.#after.refused('after it'))];
  }

  /** What the change does to a file. Never throws for what the file holds. @param sample absolute path */
  async compare(sample: string): Promise<SampleDiff> {
    const [before, after] = await Promise.all([this.#before.schemaFor(sample), this.#after.schemaFor(sample)]);
    const schemas = { before: before?.file ?? null, after: after?.file ?? null };
    if (!before && !after) return { file: sample, schemas, changes: [] };
    try {
      const file = await openNexusInTime(sample);
      try {
        const data = readOnce(nexusReader(file));
        const [partBefore, partAfter] = this.#partsOf(before, after);
        const old = partBefore && (await this.#evaluated(partBefore, sample, data));
        const now = partAfter && (await this.#evaluated(partAfter, sample, data));
        return { file: sample, schemas, changes: this.#changes(old, now) };
      } finally {
        await file.close();
      }
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
      return { file: sample, schemas, changes: [], problem: error.message };
    }
  }

  #partsOf(
    before: SchemaFile | undefined,
    after: SchemaFile | undefined,
  ): readonly [Schema | undefined, Schema | undefined] {
    if (!before || !after) return [before?.schema, after?.schema];
    const known = this.#differing.get(before) ?? new WeakMap<SchemaFile, readonly [Schema, Schema]>();
    const parts = known.get(after) ?? differingParts(before.schema, after.schema, this.#dialect);
    this.#differing.set(before, known.set(after, parts));
    return parts;
  }

  #changes(old: Evaluation | undefined, now: Evaluation | undefined): FieldChange[] {
    const alike = old && now ? itemsAlike(old, now) : nothing;
    const made = (evaluation: Evaluation): Made => {
      const fields = evaluation.fields.filter(({ machineName }) => !alike.has(machineName));
      return { evaluation, fields: fieldsOf({ ...evaluation, fields }, this.#config) };
    };
    return changesBetween(old && made(old), now && made(now));
  }

  #evaluated(schema: Schema, sample: string, data: DataReader): Promise<Evaluation> {
    const catalogue = { unavailable: 'SciCat is not asked.' };
    const builtIns = builtInValues(factsOfTest(sample, this.#config, { schema }));
    return evaluate(schema, { data, catalogue, builtIns, dialect: this.#dialect });
  }
}

/** Both evaluations ask for the same: each place is read once. */
function readOnce(source: DataReader): DataReader {
  const readings = new Map<string, Promise<Reading>>();
  return {
    read(place, valueType) {
      const key = `${valueType}\n${place}`;
      const known = readings.get(key) ?? Promise.resolve(source.read(place, valueType));
      // A failure is told to each who asks.
      known.catch(() => undefined);
      readings.set(key, known);
      return known;
    },
  };
}

class Side {
  readonly #schemas: Promise<{ readonly set: SchemaSet; readonly chosen: SchemaFile | undefined }>;

  constructor({ texts, chosen }: SchemaSide) {
    const find = findAmong(new Map(texts));
    const own = texts.filter(([file]) => (chosen === undefined ? !mayBeModule(file) : file === chosen));
    this.#schemas = Promise.all(own.map(([file, text]) => withImports(readSchema(file, text), find))).then((read) => ({
      set: arrangeSchemas(read),
      chosen: chosen === undefined ? undefined : read[0],
    }));
  }

  async schemaFor(sample: string): Promise<SchemaFile | undefined> {
    const { set, chosen } = await this.#schemas;
    if (chosen) {
      const { selector, refused } = chosen.schema;
      return refused || (selector && !explainSelector(selector, sample).matches) ? undefined : chosen;
    }
    return selectSchema(set, sample).selected;
  }

  async refused(when: string): Promise<string[]> {
    const { set } = await this.#schemas;
    return set.refused.map(({ file, schema }) => {
      const fault = schema.problems.find(({ severity }) => severity === 'error');
      return `${path.basename(file)} cannot be used ${when}: ${fault?.message ?? 'it has errors.'}`;
    });
  }
}

interface Made {
  readonly evaluation: Evaluation;
  readonly fields: ReadonlyMap<string, Value>;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Names of items of the metadata that both sides make alike, which are most: a dataset need not be put together with
 * them to see what has changed, because each item stands for itself.
 */
function itemsAlike(old: Evaluation, now: Evaluation): ReadonlySet<string> {
  const before = fieldsByName(old);
  const after = fieldsByName(now);
  const names = [...before].filter(([name, all]) => isAlike(all, after.get(name) ?? []));
  return new Set(names.map(([name]) => name));
}

function fieldsByName({ fields }: Evaluation): Map<string, FieldOutcome[]> {
  const found = new Map<string, FieldOutcome[]>();
  for (const field of fields) {
    const same = found.get(field.machineName);
    if (same) same.push(field);
    else found.set(field.machineName, [field]);
  }
  return found;
}

/** Whether one and the same item comes of both; a name that is given several times is left to the dataset. */
function isAlike([old, ...further]: readonly FieldOutcome[], [now, ...others]: readonly FieldOutcome[]): boolean {
  if (!old || !now || further.length + others.length > 0) return false;
  if (old.fieldType !== 'scientific_metadata' || now.fieldType !== old.fieldType) return false;
  const label = ({ field }: FieldOutcome): string | undefined => scalarText(field.keys.get('human_name')?.value);
  if (old.field.type !== now.field.type || label(old) !== label(now)) return false;
  const [one, other] = [old.outcome, now.outcome];
  if (one.state !== 'known' || other.state !== 'known') return one.state !== 'known' && other.state !== 'known';
  return one.unit === other.unit && valuesEqual(one.value, other.value);
}

const separator = '\u0000';
/** The pid of a comparison, where the configuration has it made anew each time. */
const anyPid = '0'.repeat(32);

/** All that a dataset says, each item of the metadata for itself. */
function fieldsOf(evaluation: Evaluation, config: Config): ReadonlyMap<string, Value> {
  const { fields } = buildDataset(evaluation, config, [], () => anyPid);
  return new Map(
    [...fields].flatMap(([name, value]): (readonly [string, Value])[] =>
      name === 'scientificMetadata' && value.kind === 'dict'
        ? value.entries.map(([key, item]) => [`scientific_metadata${separator}${jsonKeyText(key)}`, item])
        : [[`dataset${separator}${name}`, value]],
    ),
  );
}

function changesBetween(before: Made | undefined, after: Made | undefined): FieldChange[] {
  const names = new Set([...(before?.fields.keys() ?? []), ...(after?.fields.keys() ?? [])]);
  return [...names].flatMap((key): FieldChange[] => {
    const [old, now] = [before?.fields.get(key), after?.fields.get(key)];
    const [part = '', name = ''] = key.split(separator);
    if (old && now && isSame(part, name, old, now)) return [];
    const own = part === 'dataset' ? part : 'scientific_metadata';
    const outcome = after?.evaluation.fields.findLast(
      ({ machineName }) => nameInSchemas(machineName) === name,
    )?.outcome;
    // What only SciCat knows is not known to differ.
    if (!now && outcome?.state === 'unknown') return [];
    const text = (value: Value | undefined): string | null => (value ? comparableText(value, undefined) : null);
    const why = now || outcome?.state !== 'failed' ? undefined : rootOf(outcome.message, after?.evaluation);
    return [{ part: own, name, before: text(old), after: text(now), ...(why !== undefined && { why }) }];
  });
}

/** What v4 of the API has a list of may be given alone, and is the same then. */
function isSame(part: string, name: string, old: Value, now: Value): boolean {
  if (part !== 'dataset' || datasetField(name)?.plural === undefined || old.kind === now.kind)
    return valuesEqual(old, now);
  return valuesEqual(listOf(old), listOf(now));
}

function listOf(value: Value): Value {
  return value.kind === 'list' ? value : list([value]);
}

/** Why a field has no value: what failed first, where it only refers to something that did. */
function rootOf(message: string, evaluation: Evaluation | undefined): string {
  let reason = message;
  for (let depth = 0; depth < 10; depth++) {
    const name = /<([^<>]+)>/.exec(reason)?.[1];
    const outcome = evaluation?.variables.get(name ?? '')?.outcome;
    if (outcome?.state !== 'failed' || outcome.message === reason) break;
    reason = `<${name ?? ''}>: ${outcome.message}`;
    if (outcome.code !== 'depends-on-failed') break;
  }
  return reason;
}
