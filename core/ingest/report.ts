import { jsonText, toJsonable, valueFromPlain } from '../imsc/jsonText.ts';
import type { Problem } from '../imsc/problems.ts';
import { dict, list, none, string } from '../imsc/values.ts';
import type { Value } from '../imsc/values.ts';
import type { Provenance } from '../imsc/sources.ts';
import type { Outcome } from './evaluation.ts';
import type { ExecutionResult } from './execute.ts';
import type { DataFileEntry } from './files.ts';
import type { PreparedIngestion } from './ingestion.ts';
import { datasetWithTotals } from './plan.ts';
import type { OrigDatablock } from './plan.ts';

export type IngestionOutcome = 'planned' | 'ingested' | 'already-present' | 'failed';

/** One request that is or would be sent; `body` is the value that is sent as JSON. */
export interface ReportedRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly body: Value;
}

/** Everything that a person or a program may want to know of one ingestion or dry run. */
export interface IngestionReport {
  readonly outcome: IngestionOutcome;
  readonly prepared: PreparedIngestion;
  readonly execution: ExecutionResult | undefined;
  readonly origDatablocks: readonly OrigDatablock[];
  readonly requests: readonly ReportedRequest[];
  readonly problems: readonly Problem[];
}

/** A problem as the command line's JSON has it: with the file, and lines and columns counted from 1. */
export interface ReportedPlace {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/**
 * The one JSON document that `imsc ingest --json` and `imsc dry-run --json` print. Numbers keep their kind: `300.0`
 * stays `300.0`.
 * @param place turns a problem's range into lines and columns, if its text is at hand
 */
export function reportJson(report: IngestionReport, place: (problem: Problem) => ReportedPlace | undefined): string {
  const { prepared, execution } = report;
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
  const document = object([
    ['outcome', string(report.outcome)],
    ['schema', valueFromPlain(id)],
    ['selection', valueFromPlain(selectionRecord(prepared))],
    ['variables', object(variables)],
    ['fields', object(fields)],
    ['dataset', dataset ? datasetWithTotals(dataset, report.origDatablocks) : none],
    ['origDatablocks', valueFromPlain(report.origDatablocks)],
    ['requests', list(report.requests.map(requestJson))],
    ['files', valueFromPlain(filesOf(report))],
    ['pid', valueFromPlain(execution?.pid ?? prepared.existing?.pid)],
    ['problems', valueFromPlain(report.problems.map((found) => problemRecord(found, place(found))))],
  ]);
  return jsonText(toJsonable(document), 2);
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

function requestJson({ method, url, body }: ReportedRequest): Value {
  return object([
    ['method', string(method)],
    ['url', string(url)],
    ['body', body],
  ]);
}

function filesOf({ origDatablocks, prepared }: IngestionReport): readonly DataFileEntry[] {
  return origDatablocks.length > 0 ? origDatablocks.flatMap(({ dataFileList }) => dataFileList) : prepared.entries;
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
