import { jsonText, toJsonable, valueFromJsonText, valueFromPlain } from '../../imsc/values/jsonText.ts';
import type { Problem } from '../../problems/problem.ts';
import { dict, none, string } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import { originDocument } from '../../imsc/language/sources.ts';
import type { Outcome } from '../../imsc/evaluation/evaluation.ts';
import { archiveJobBody } from '../../scicat/archiveJob.ts';
import { apiAddresses } from '../../scicat/apiAddresses.ts';
import { archiveJobsFor } from '../../ingest/plan/archiveJobs.ts';
import type { FieldUpdate } from './datasetDifferences.ts';
import type { JobOutcome, JobStatus } from '../lifecycle.ts';
import type { ExecutionResult } from '../steps/load.ts';
import type { Dataset } from '../../ingest/dataset/dataset.ts';
import type { FieldOrigin } from '../../ingest/dataset/given.ts';
import type { PreparedIngestion } from '../../ingest/prepare.ts';
import { storedUnits } from '../../ingest/dataset/storedUnits.ts';
import { datasetWithTotals } from '../../ingest/plan/plan.ts';
import type { Plan } from '../../ingest/plan/plan.ts';
import type { KeptBlock, ReportedBlocks } from './reportedBlocks.ts';

export type { FieldUpdate };

/**
 * What came of a run, in one word: the lifecycle's, and three of a dry run, which comes to no job. `refused`: SciCat
 * would not take the dataset; `unknown`: values that only SciCat has were not to be had, so that it cannot be told.
 */
export type IngestionOutcome =
  | Extract<JobOutcome, 'ingested' | 'already-present'>
  | Extract<JobStatus, 'failed'>
  | 'planned'
  | 'refused'
  | 'unknown';

/** Everything that a person or a program may want to know of one ingestion or dry run. */
export interface IngestionReport {
  readonly outcome: IngestionOutcome;
  readonly prepared: PreparedIngestion;
  readonly execution: ExecutionResult | undefined;
  /** Those that are or would be sent. */
  readonly origDatablocks: ReportedBlocks;
  /** What would come out otherwise than it stands in SciCat, where a dry run has found the dataset there. */
  readonly differences?: readonly FieldUpdate[] | undefined;
  readonly problems: readonly Problem[];
}

/** A problem as the command line's JSON has it: with the file, and lines and columns counted from 1. */
export interface ReportedPlace {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** Where the requests of a plan go. */
export function requestUrls({ host, apiVersion }: Pick<Plan, 'host' | 'apiVersion'>): {
  readonly dataset: string;
  readonly origDatablock: string;
  readonly archiveJob: string;
} {
  const base = host.replace(/\/+$/, '');
  const addresses = apiAddresses(base);
  const [dataset = '', jobs = ''] = ['datasets', 'jobs'].map((name) => addresses.inVersion(apiVersion ?? 'v3', name));
  return { dataset, origDatablock: `${base}/origdatablocks`, archiveJob: jobs };
}

/** The jobs that a plan asks SciCat for, with what is sent; a pid that SciCat has not assigned yet stands as `<pid>`. */
export function archiveJobsOf(
  plan: Plan,
  pid = plan.pid ?? '<pid>',
): readonly { readonly name: string; readonly type: string; readonly body: object }[] {
  const jobs = plan.archiveJobs ? archiveJobsFor(plan.archiveJobs, pid) : [];
  return jobs.map((job) => ({
    name: job.name,
    type: job.type,
    body: archiveJobBody(job, plan.apiVersion ?? 'v3', pid),
  }));
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
    (field) =>
      [
        field.machineName,
        outcomeJson(field.outcome, field.field.type ?? '', execution ? undefined : storedUnits(field)),
      ] as const,
  );
  const start = object([
    ['outcome', string(report.outcome)],
    ['schema', valueFromPlain(id)],
    ['selection', valueFromPlain(selectionRecord(prepared))],
    ['variables', object(variables)],
    ['fields', object(fields)],
    ['dataset', dataset ? datasetWithTotals(dataset, origDatablocks) : none],
    ...provenanceOf(dataset),
    ...(report.differences ? [['differences', valueFromPlain(report.differences)] as const] : []),
  ]);
  const end = object([
    ['pid', valueFromPlain(execution?.pid ?? prepared.existing?.pid)],
    ['problems', valueFromPlain(report.problems.map((found) => problemRecord(found, place(found))))],
  ]);
  yield text(start).slice(0, -'\n}'.length);
  yield ',\n  "origDatablocks": ';
  yield* listOf(origDatablocks.kept.map(blockText), '\n  ');
  yield ',\n  "requests": ';
  yield* listOf(requestTexts(report), '\n  ');
  yield ',\n  "files": ';
  yield* fileList(filesOf(report), '\n  ');
  yield `,${text(end).slice('{'.length)}`;
}

/** Where each field comes from, and what was overruled, where somebody has given something. */
function provenanceOf(dataset: Dataset | undefined): readonly (readonly [string, Value])[] {
  const origins = Object.entries(dataset?.provenance ?? {});
  if (!origins.some(([, { layer }]) => layer === 'user' || layer === 'deposited' || layer === 'preset')) return [];
  const record = ({ layer, from, place }: FieldOrigin): object => ({
    layer,
    from,
    ...(place?.file !== undefined && { file: place.file }),
    ...(place?.line !== undefined && { line: place.line }),
  });
  const conflicts = (dataset?.conflicts ?? []).map(({ field, taken, overruled }) => ({
    field,
    taken: { value: taken.value, ...record(taken) },
    overruled: overruled.map((each) => ({ value: each.value, ...record(each) })),
  }));
  return [
    ['provenance', object(origins.map(([name, origin]) => [name, valueFromPlain(record(origin))]))],
    ['conflicts', valueFromPlain(conflicts)],
  ];
}

function text(value: Value): string {
  return jsonText(toJsonable(value), 2);
}

/**
 * Writes a JSON text piece by piece.
 * @param newline a line break with the blanks that each of its lines begins with; the first one stands behind something
 */
type Text = (newline: string) => Iterable<string> | AsyncIterable<string>;

async function* listOf(items: readonly Text[], newline: string): AsyncGenerator<string, void> {
  for (const [index, item] of items.entries()) {
    yield `${index === 0 ? '[' : ','}${newline}  `;
    yield* item(`${newline}  `);
  }
  yield items.length === 0 ? '[]' : `${newline}]`;
}

/** Files as a list; they come as JSON texts, some at a time. */
async function* fileList(files: AsyncIterable<readonly string[]>, newline: string): AsyncGenerator<string, void> {
  let isEmpty = true;
  for await (const some of files) {
    if (some.length === 0) continue;
    const list = JSON.stringify(JSON.parse(`[${some.join(',')}]`), null, 2);
    yield `${isEmpty ? '[' : ','}${list.slice('['.length, -'\n]'.length).replaceAll('\n', newline)}`;
    isEmpty = false;
  }
  yield isEmpty ? '[]' : `${newline}]`;
}

function blockText({ head, files }: KeptBlock): Text {
  return async function* (newline) {
    const fields = JSON.stringify(head, null, 2).slice(0, -'\n}'.length);
    yield `${fields.replaceAll('\n', newline)},${newline}  "dataFileList": `;
    yield* fileList(files(), `${newline}  `);
    yield `${newline}}`;
  };
}

function requestTexts({ prepared: { plan, incomplete }, execution, origDatablocks }: IngestionReport): Text[] {
  if (!plan) return [];
  const urls = requestUrls(plan);
  const dataset = text(valueFromJsonText(plan.datasetJson));
  const post = (url: string, body: Text): Text =>
    async function* (newline) {
      yield `{${newline}  "method": "POST",${newline}  "url": ${JSON.stringify(url)},${newline}  "body": `;
      yield* body(`${newline}  `);
      yield `${newline}}`;
    };
  const whole =
    (json: string): Text =>
    (newline) => [json.replaceAll('\n', newline)];
  return [
    ...(incomplete ? [] : [post(urls.dataset, whole(dataset))]),
    ...origDatablocks.kept.map((block) => post(urls.origDatablock, blockText(block))),
    ...archiveJobsOf(plan, execution?.pid).map(({ body }) =>
      post(urls.archiveJob, whole(JSON.stringify(body, null, 2))),
    ),
  ];
}

/** The files of all blocks; where there are none, those that were described. */
async function* filesOf({ origDatablocks, prepared }: IngestionReport): AsyncGenerator<readonly string[], void> {
  if (origDatablocks.count === 0) yield prepared.entries.map((entry) => JSON.stringify(entry));
  for (const block of origDatablocks.kept) yield* block.files();
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
function problemRecord({ code, severity, message, file }: Problem, range: ReportedPlace | undefined): object {
  return { code, severity, message, file: file ?? null, range: range ?? null };
}

/** @param stored what SciCat will keep beside it */
function outcomeJson(outcome: Outcome, type: string, stored?: ReturnType<typeof storedUnits>): Value {
  switch (outcome.state) {
    case 'known':
      return object([
        ['value', outcome.value],
        ['unit', string(outcome.unit)],
        ['type', string(type)],
        ...(stored ? Object.entries(stored).map(([key, value]) => [key, valueFromPlain(value)] as const) : []),
        ['from', object(originDocument(outcome.provenance))],
      ]);
    case 'failed':
      return valueFromPlain({ error: { code: outcome.code, message: outcome.message } });
    case 'unknown':
      // Not an error, but a reader of the document looks for the reason in one place.
      return valueFromPlain({ error: { code: 'unknown', message: outcome.reason } });
  }
}

/** An object with its keys in the order given; unlike a JavaScript object it may have any keys. */
function object(fields: readonly (readonly [string, Value])[]): Value {
  return dict(fields.map(([key, value]) => [string(key), value]));
}
