import { jsonText, toJsonable, valueFromJsonText, valueFromPlain } from '../imsc/jsonText.ts';
import type { Problem } from '../imsc/problems.ts';
import { dict, list, none, string } from '../imsc/values.ts';
import type { Value } from '../imsc/values.ts';
import type { Provenance } from '../imsc/sources.ts';
import type { Outcome } from './evaluation.ts';
import type { ExecutionResult } from './execute.ts';
import type { PreparedIngestion } from './ingestion.ts';
import { datasetWithTotals } from './plan.ts';
import type { Plan } from './plan.ts';
import type { ReportedBlocks } from './reportedBlocks.ts';

export type IngestionOutcome = 'planned' | 'ingested' | 'already-present' | 'failed';

/** Everything that a person or a program may want to know of one ingestion or dry run. */
export interface IngestionReport {
  readonly outcome: IngestionOutcome;
  readonly prepared: PreparedIngestion;
  readonly execution: ExecutionResult | undefined;
  /** Those that are or would be sent. */
  readonly origDatablocks: ReportedBlocks;
  readonly problems: readonly Problem[];
}

/** A problem as the command line's JSON has it: with the file, and lines and columns counted from 1. */
export interface ReportedPlace {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** Where the requests of a plan go. */
export function requestUrls({ host }: Pick<Plan, 'host'>): {
  readonly dataset: string;
  readonly origDatablock: string;
} {
  const base = host.replace(/\/+$/, '');
  return { dataset: `${base}/datasets`, origDatablock: `${base}/origdatablocks` };
}

/**
 * The one JSON document that `imsc ingest --json` and `imsc dry-run --json` print, piece by piece: its lists of files
 * may be too long to be held. Numbers keep their kind: `300.0` stays `300.0`.
 * @param place turns a problem's range into lines and columns, if its text is at hand
 */
export async function* reportJson(
  report: IngestionReport,
  place: (problem: Problem) => ReportedPlace | undefined,
): AsyncGenerator<string, void> {
  const { prepared, execution, origDatablocks } = report;
  const { schema, evaluation, dataset } = prepared;
  const id = schema && {
    id: schema.schema.id ?? '',
    name: schema.schema.name ?? '',
    file: schema.file,
  };
  const variables = [...(evaluation?.variables ?? [])].map(
    ([name, { outcome, valueType }]) => [name, outcomeJson(outcome, valueType)] as const,
  );
  const fields = (evaluation?.fields ?? []).map(
    ({ machineName, outcome, field }) => [machineName, outcomeJson(outcome, field.type ?? '')] as const,
  );
  const start = object([
    ['outcome', string(report.outcome)],
    ['schema', valueFromPlain(id)],
    ['selection', valueFromPlain(selectionRecord(prepared))],
    ['variables', object(variables)],
    ['fields', object(fields)],
    ['dataset', dataset ? datasetWithTotals(dataset, origDatablocks) : none],
  ]);
  const end = object([
    ['pid', valueFromPlain(execution?.pid ?? prepared.existing?.pid)],
    ['problems', valueFromPlain(report.problems.map((found) => problemRecord(found, place(found))))],
  ]);
  yield text(start).slice(0, -'\n}'.length);
  yield ',\n  "origDatablocks": ';
  yield* listOf(blockTexts(origDatablocks));
  yield ',\n  "requests": ';
  yield* listOf(requestTexts(report));
  yield ',\n  "files": ';
  yield* listOf(fileTexts(report));
  yield `,${text(end).slice('{'.length)}`;
}

function text(value: Value): string {
  return jsonText(toJsonable(value), 2);
}

/** A list that is a field of the document. Its items come as JSON texts, one or several with commas between them. */
async function* listOf(items: AsyncIterable<string>): AsyncGenerator<string, void> {
  let isEmpty = true;
  for await (const item of items) {
    yield `${isEmpty ? '[' : ','}\n    ${item.replaceAll('\n', '\n    ')}`;
    isEmpty = false;
  }
  yield isEmpty ? '[]' : '\n  ]';
}

async function* blockTexts(blocks: ReportedBlocks): AsyncGenerator<string, void> {
  for await (const block of blocks.texts()) yield indented(block);
}

async function* requestTexts({ prepared: { plan }, origDatablocks }: IngestionReport): AsyncGenerator<string, void> {
  if (!plan) return;
  const urls = requestUrls(plan);
  const post = (url: string, body: string): string =>
    `{\n  "method": "POST",\n  "url": ${JSON.stringify(url)},\n  "body": ${body.replaceAll('\n', '\n  ')}\n}`;
  yield post(urls.dataset, text(valueFromJsonText(plan.datasetJson)));
  for await (const block of origDatablocks.texts()) yield post(urls.origDatablock, indented(block));
}

/** Those of a block together. */
async function* fileTexts({ origDatablocks, prepared }: IngestionReport): AsyncGenerator<string, void> {
  const textsOf = (files: readonly unknown[]): string => files.map((file) => JSON.stringify(file, null, 2)).join(',\n');
  if (origDatablocks.count === 0 && prepared.entries.length > 0) yield textsOf(prepared.entries);
  for await (const block of origDatablocks.texts()) {
    const parsed: unknown = JSON.parse(block);
    const isBlock = typeof parsed === 'object' && parsed !== null && 'dataFileList' in parsed;
    if (isBlock && Array.isArray(parsed.dataFileList)) yield textsOf(parsed.dataFileList);
  }
}

function indented(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
/** Which schemas were asked, in order, with their answers; null where one was named. */
function selectionRecord({ selection }: PreparedIngestion): object | null {
  if (!selection) return null;
  const asked = selection.asked.map(({ schema: { file, schema }, verdict: { matches, reason } }) => ({
    id: schema.id ?? '',
    name: schema.name ?? '',
    file,
    matches,
    reason,
  }));
  return { usedFallback: selection.usedFallback, asked };
}

/** A problem as plain data for JSON. */
export function problemRecord({ code, severity, message, file }: Problem, range: ReportedPlace | undefined): object {
  return { code, severity, message, file: file ?? null, range: range ?? null };
}

function outcomeJson(outcome: Outcome, type: string): Value {
  switch (outcome.state) {
    case 'known':
      return object([
        ['value', outcome.value],
        ['unit', string(outcome.unit)],
        ['type', string(type)],
        ['from', provenanceJson(outcome.provenance)],
      ]);
    case 'failed':
      return valueFromPlain({ error: { code: outcome.code, message: outcome.message } });
    case 'unknown':
      // Not an error, but a reader of the document looks for the reason in one place.
      return valueFromPlain({ error: { code: 'unknown', message: outcome.reason } });
  }
}

function provenanceJson(provenance: Provenance): Value {
  const source = ['source', string(provenance.source)] as const;
  switch (provenance.source) {
    case 'NXS':
      return object([source, ['path', string(provenance.path)], ['paths', texts(provenance.paths)]]);
    case 'SC':
      return object([
        source,
        ['url', string(provenance.url)],
        ['field', provenance.field ?? none],
        ['variables', texts(provenance.variables)],
      ]);
    case 'VALUE':
      return object([
        source,
        ['operator', valueFromPlain(provenance.operator)],
        ['variables', texts(provenance.variables)],
      ]);
    case 'built-in':
      return object([source]);
  }
}

function texts(values: readonly string[]): Value {
  return list(values.map(string));
}

/** An object with its keys in the order given; unlike a JavaScript object it may have any keys. */
function object(fields: readonly (readonly [string, Value])[]): Value {
  return dict(fields.map(([key, value]) => [string(key), value]));
}
