import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import type { NexusItem } from '../../scripts/writeNexus.mjs';
import { loadConfig } from '../../core/config/config.ts';
import { splitConfigArguments } from '../../core/config/configArguments.ts';
import { connect } from '../../core/ingest/sources/connect.ts';
import { Journal } from '../../core/jobs/store/journal.ts';
import type { DataFileEntry } from '../../core/files/describeFiles.ts';
import type { OrigDatablock } from '../../core/ingest/plan/plan.ts';
import type { IngestionReport } from '../../core/jobs/report/report.ts';
import { dryRun } from '../../core/jobs/dryRun.ts';
import { ingest } from '../../core/jobs/runJob.ts';
import type { Value } from '../../core/imsc/values/values.ts';
import type { CannedAnswer, StubScicat } from './stubScicat.ts';

const here = path.join(import.meta.dirname, '../conformance');

/** What an ingestion is given, in the notation of the recorded cases; see README.md. */
export interface IngestionInputs {
  readonly schema_text?: string;
  readonly schemas?: readonly { readonly name: string; readonly text: string }[];
  readonly config?: Record<string, unknown>;
  readonly config_remove?: readonly string[];
  readonly extra_arguments?: readonly string[];
  readonly file_path?: string;
  readonly file_mode?: string;
  readonly mkdirs?: readonly string[];
  readonly nexus_file_argument?: string;
  readonly nexus_file_built?: string;
  /** Instead of a built file: what to write. */
  readonly nexus_items?: readonly NexusItem[];
  readonly raw_file?: string;
  readonly scicat?: Readonly<Record<string, CannedAnswer>>;
}

/**
 * Ingests, or dry-runs, what is described, in a folder of its own.
 * The process changes into `root`, as the recording did; whoever calls changes back.
 */
export async function runVector(vector: IngestionInputs, root: string, stub: StubScicat): Promise<IngestionReport> {
  const fill = (text: string): string => text.replaceAll('{{ROOT}}', root).replaceAll('{{HOST}}', stub.origin);
  const fileName = vector.file_path ?? 'ess/data/coda/2025/123321/raw/123321_00031010.hdf';
  const file = path.join(root, fileName);
  mkdirSync(path.join(root, 'schemas'), { recursive: true });
  mkdirSync(path.dirname(file), { recursive: true });
  for (const name of vector.mkdirs ?? ['ess/data/coda/2025/123321/ingestor'])
    mkdirSync(path.join(root, name), { recursive: true });
  const schemas = vector.schemas ?? [{ name: 'vector.imsc.json', text: vector.schema_text ?? '' }];
  for (const { name, text } of schemas) writeFileSync(path.join(root, 'schemas', name), fill(text));
  if (vector.nexus_file_built !== undefined) cpSync(path.join(here, 'nexus', vector.nexus_file_built), file);
  else if (vector.nexus_items !== undefined) await writeNexus(file, vector.nexus_items);
  else if (vector.raw_file !== undefined) writeFileSync(file, Buffer.from(vector.raw_file, 'hex'));
  if (vector.nexus_file_built !== undefined || vector.raw_file !== undefined)
    chmodSync(file, Number.parseInt(vector.file_mode ?? '644', 8));

  const base = JSON.parse(readFileSync(path.join(here, 'base-config.json'), 'utf8')) as Record<string, unknown>;
  const merged = merge(base, vector.config ?? {});
  for (const key of vector.config_remove ?? []) Reflect.deleteProperty(merged, key);
  const configFile = path.join(root, 'config.json');
  writeFileSync(configFile, fill(JSON.stringify(merged)));
  const argument = fill(vector.nexus_file_argument ?? '{{ROOT}}/' + fileName);
  const { overrides } = splitConfigArguments(['--nexus-file', argument, ...(vector.extra_arguments ?? []).map(fill)]);
  process.chdir(root);
  const { config: loaded, problems } = loadConfig({ file: configFile, overrides });
  // The waits between attempts are told by the configuration and tested elsewhere; here they would only take time.
  const config = {
    ...loaded,
    ingestion: {
      ...loaded.ingestion,
      file_handling: { ...loaded.ingestion.file_handling, data_file_open_max_tries: 0, data_file_open_retry_delay: [] },
    },
    scicat: { ...loaded.scicat, max_tries: 1 },
  };
  stub.answer(
    Object.fromEntries(
      Object.entries(vector.scicat ?? {}).map(([key, value]) => [fill(key), { ...value, body: fill(value.body) }]),
    ),
  );
  const client = connect(config.scicat);
  const message = config.done_writing_message_file;
  const named = { dataFile: config.nexus_file, messageFile: message === '' ? undefined : message };
  const report = config.ingestion.dry_run
    ? await dryRun({ ...named, config, client, keepLists: true })
    : await ingest({ ...named, config, client, keepLists: true }, new Journal({ folder: path.join(root, 'journal') }), {
        attempts: 1,
      });
  return { ...report, problems: [...problems, ...report.problems] };
}

/** The origDatablocks of a report. */
export async function blocksOf({ origDatablocks }: Pick<IngestionReport, 'origDatablocks'>): Promise<OrigDatablock[]> {
  const blocks: OrigDatablock[] = [];
  for (const { head, files } of origDatablocks.kept) {
    const dataFileList: DataFileEntry[] = [];
    for await (const texts of files()) dataFileList.push(...texts.map((text) => JSON.parse(text) as DataFileEntry));
    blocks.push({ ...head, dataFileList });
  }
  return blocks;
}

function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) && key !== 'additional_headers' ? merge(before, value) : value;
  }
  return merged;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in the notation of the recordings. */
export function tagged(value: Value): unknown {
  switch (value.kind) {
    case 'none':
      return null;
    case 'boolean':
    case 'string':
      return value.value;
    case 'integer':
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : { $int: String(value.value) };
    case 'float':
      return Number.isFinite(value.value)
        ? value.value
        : { $float: Number.isNaN(value.value) ? 'nan' : value.value > 0 ? 'inf' : '-inf' };
    case 'list': {
      const items = value.items.map(tagged);
      return value.flavour === undefined ? items : { [`$${value.flavour}`]: items };
    }
    case 'dict':
      return value.entries.every(([key]) => key.kind === 'string')
        ? Object.fromEntries(value.entries.map(([key, item]) => [key.kind === 'string' ? key.value : '', tagged(item)]))
        : { $dict: value.entries.map(([key, item]) => [tagged(key), tagged(item)]) };
    case 'bytes':
      return { $bytes: Buffer.from(value.value).toString('hex') };
  }
}
