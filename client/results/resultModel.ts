import { basename } from 'node:path';
import { l10n } from 'vscode';
import type {
  PreviewColumns,
  PreviewModel,
  PreviewOutcome,
  PreviewRow,
  PreviewTab,
  PreviewTable,
} from '../preview/messages.ts';
import { isRecord, numberAt, printJson, printJsonInLine, recordAt, recordsAt, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import type { DryRun } from './dryRuns.ts';
import { bytesText, entriesOf, readReport, reasonOf, sourceText } from './report.ts';
import type { Report } from './report.ts';
import { outcomes } from './resultText.ts';

/** A place that a row of a result leads to. */
export type ResultPlace =
  | { readonly kind: 'named'; readonly name: string; readonly isField: boolean }
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly line: number | undefined;
      readonly column: number | undefined;
    }
  | { readonly kind: 'run'; readonly index: number };

/** What a page shows, and where its rows lead, by what the page calls them. */
export interface ShownResult {
  readonly model: PreviewModel;
  readonly places: ReadonlyMap<string, ResultPlace>;
}

/** Collects rows with the places that they lead to. */
class Rows {
  readonly places = new Map<string, ResultPlace>();

  row(row: Partial<PreviewRow> & Pick<PreviewRow, 'name'>, place?: ResultPlace): PreviewRow {
    const opens = place && String(this.places.size);
    if (place && opens !== undefined) this.places.set(opens, place);
    return {
      state: 'known',
      text: '',
      unit: '',
      stored: '',
      type: '',
      notes: [],
      position: undefined,
      ...row,
      ...(opens !== undefined && { opens }),
    };
  }
}

/** A dry run as the preview shows a dataset, with its files, requests and problems. */
export function resultModel({ request, document }: DryRun): ShownResult {
  const report = readReport(document);
  const rows = new Rows();
  const valueRow = (name: string, outcome: JsonRecord, isField: boolean): PreviewRow => {
    const { error } = outcome;
    const known = { type: textAt(outcome, 'type') ?? '', unit: textAt(outcome, 'unit') ?? '' };
    const place = report.schema && { kind: 'named' as const, name, isField };
    if (isRecord(error)) {
      const state = textAt(error, 'code') === 'unknown' ? 'unknown' : 'failed';
      return rows.row({ name, state, text: textAt(error, 'message') ?? '', ...known }, place);
    }
    const from = sourceText(outcome['from']);
    const notes = isField || from === '' ? [] : [{ severity: 'information' as const, text: from }];
    return rows.row({ name, text: wholeText(outcome['value']), notes, ...known }, place);
  };
  const fields = entriesOf(report.fields);
  const { dataset = {} } = report;
  const metadata = recordAt(dataset, 'scientificMetadata');
  // What has no value stands nowhere in the dataset.
  const kindOf = ([name, { error }]: readonly [string, JsonRecord]): 'missing' | 'metadata' | 'fields' =>
    isRecord(error) ? 'missing' : name in metadata && !(name in dataset) ? 'metadata' : 'fields';
  const fieldTable = (id: ReturnType<typeof kindOf>, title: string): PreviewTable[] =>
    table(
      id,
      title,
      fields.filter((each) => kindOf(each) === id).map(([name, outcome]) => valueRow(name, outcome, true)),
    );
  const table = (
    id: PreviewTable['id'],
    title: string,
    made: readonly PreviewRow[],
    columns?: PreviewColumns,
  ): PreviewTable[] => (made.length === 0 ? [] : [{ id, title, rows: made, ...(columns && { columns }) }]);
  const tables = [
    ...table('problems', l10n.t('Problems'), problemRows(report, rows), {
      name: l10n.t('Code'),
      text: l10n.t('Message'),
      type: l10n.t('Severity'),
    }),
    ...table('differences', l10n.t('Otherwise in SciCat'), differenceRows(document, rows), {
      name: l10n.t('Field'),
      text: l10n.t('Value'),
    }),
    ...fieldTable('missing', l10n.t('Without a value')),
    ...fieldTable('fields', l10n.t('Dataset fields')),
    ...fieldTable('metadata', l10n.t('Scientific metadata')),
    ...table(
      'variables',
      l10n.t('Variables'),
      entriesOf(report.variables).map(([name, outcome]) => valueRow(name, outcome, false)),
    ),
  ];
  const schemas = table('schemas', l10n.t('Which schema, and why'), schemaRows(report, rows), {
    name: l10n.t('File'),
    text: l10n.t('Why'),
    unit: l10n.t('Schema'),
    type: l10n.t('Takes it'),
  });
  const files = table(
    'files',
    l10n.t('Files'),
    report.files.map((file) => fileRow(file, rows)),
    {
      name: l10n.t('File'),
      text: report.files.some((file) => textAt(file, 'chk') !== undefined)
        ? l10n.t('Checksum, and when it was changed')
        : l10n.t('When it was changed'),
      unit: l10n.t('Size'),
      type: l10n.t('Permissions'),
    },
  );
  const requests = table(
    'requests',
    l10n.t('Requests'),
    report.requests.map((each) => rows.row({ name: textAt(each, 'method') ?? '', text: textAt(each, 'url') ?? '' })),
    { name: l10n.t('Method'), text: l10n.t('Address') },
  );
  const tab = (id: PreviewTab['id'], title: string, shown: readonly PreviewTable[], json = ''): PreviewTab[] =>
    shown.length === 0 ? [] : [{ id, title, tables: shown, json }];
  const model: PreviewModel = {
    schema: report.schema?.name ?? '',
    sample: basename(request.file),
    sampleMessage: '',
    tables,
    notes: [],
    json: report.dataset ? printJson(report.dataset, 2) : '',
    canAskScicat: false,
    outcome: outcomeOf(report, request),
    more: [
      ...tab('schemas', l10n.t('Which Schema'), schemas),
      ...tab('files', l10n.t('Files'), files),
      ...tab(
        'requests',
        l10n.t('Requests'),
        requests,
        report.requests.map(({ body }) => printJson(body ?? null, 2)).join('\n\n'),
      ),
    ],
  };
  return { model, places: rows.places };
}

/** Several dry runs in a table whose rows open each. */
export function batchModel(dryRuns: readonly DryRun[], shortPath: (file: string) => string): ShownResult {
  const rows = new Rows();
  const made = dryRuns.map(({ request, document }, index) => {
    const report = readReport(document);
    const isReady = report.outcome === 'planned' || report.outcome === 'already-present';
    const name = textAt(report.dataset, 'datasetName') ?? '';
    return rows.row(
      {
        name: shortPath(request.file),
        state: isReady ? 'known' : report.outcome === 'unknown' ? 'unknown' : 'failed',
        text: isReady ? name : (reasonOf(report) ?? ''),
        unit: bytesText(report.files.reduce((sum, file) => sum + (numberAt(file, 'size') ?? 0), 0)),
        type: report.outcome,
      },
      { kind: 'run', index },
    );
  });
  const title = l10n.t('Files');
  const columns = {
    name: l10n.t('File'),
    text: l10n.t('Dataset'),
    unit: l10n.t('Size'),
    type: l10n.t('Outcome'),
  };
  const model: PreviewModel = {
    schema: '',
    sample: l10n.t('Dry run'),
    sampleMessage: '',
    tables: [{ id: 'runs', title, columns, rows: made }],
    notes: [],
    json: '',
    canAskScicat: false,
    outcome: batchOutcome(dryRuns),
  };
  return { model, places: rows.places };
}

function batchOutcome(dryRuns: readonly DryRun[]): PreviewOutcome {
  const kinds = dryRuns.map(({ document }) => readReport(document).outcome);
  const counts = [...new Set(kinds)].map((kind) => {
    const count = kinds.filter((each) => each === kind).length;
    return `${count}: ${outcomes[kind] ?? kind}`;
  });
  const fresh = kinds.includes('planned');
  const severity = kinds.some((kind) => kind === 'failed' || kind === 'refused')
    ? 'error'
    : kinds.includes('unknown')
      ? 'warning'
      : 'information';
  return { severity, text: counts.join('. '), actions: [...(fresh ? (['ingest'] as const) : []), 'again', 'asText'] };
}

/** In a line what came of it, which knows what it does not know, and what can be done next. */
function outcomeOf(report: Report, { offline }: DryRun['request']): PreviewOutcome {
  const { outcome } = report;
  const unknown = [...entriesOf(report.variables), ...entriesOf(report.fields)].find(
    ([, { error }]) => textAt(error, 'code') === 'unknown',
  );
  const reason =
    outcome === 'planned'
      ? undefined
      : outcome === 'unknown'
        ? (offline ?? textAt(unknown?.[1]['error'], 'message') ?? reasonOf(report))
        : reasonOf(report);
  const text = [outcomes[outcome] ?? outcome, ...(reason === undefined ? [] : [reason])].join('. ');
  switch (outcome) {
    case 'planned':
      return { severity: 'information', text, actions: ['ingest', 'again', 'asText'] };
    case 'unknown':
      return { severity: 'warning', text, actions: ['signIn', 'again', 'asText'] };
    case 'already-present':
      return { severity: 'information', text, actions: ['again', 'asText'] };
    default:
      return { severity: 'error', text, actions: ['again', 'asText'] };
  }
}

/** What SciCat holds otherwise than the file and the schema say now. */
function differenceRows(document: JsonRecord, rows: Rows): PreviewRow[] {
  return recordsAt(document, 'differences').map((each) =>
    rows.row({
      name: textAt(each, 'field') ?? '',
      text: wholeText(each['wanted']),
      notes: [{ severity: 'information', text: l10n.t('In SciCat: {0}', wholeText(each['stored'])) }],
    }),
  );
}

function problemRows({ problems }: Report, rows: Rows): PreviewRow[] {
  return problems.map(({ code, severity, message, file, line, column }) =>
    rows.row(
      { name: code, text: message, type: severity, state: severity === 'error' ? 'failed' : 'known' },
      file === undefined ? undefined : { kind: 'file', file, line, column },
    ),
  );
}

function fileRow(file: JsonRecord, rows: Rows): PreviewRow {
  const size = numberAt(file, 'size');
  const chk = textAt(file, 'chk');
  return rows.row({
    name: textAt(file, 'path') ?? '',
    text: [...(chk === undefined ? [] : [chk]), textAt(file, 'time') ?? ''].join('\n'),
    unit: size === undefined ? '' : bytesText(size),
    type: textAt(file, 'perm') ?? '',
  });
}

function schemaRows({ asked, usedFallback, schema }: Report, rows: Rows): PreviewRow[] {
  const place = (file: string): ResultPlace => ({ kind: 'file', file, line: undefined, column: undefined });
  const fallback = usedFallback && schema ? [schema] : [];
  return [
    ...asked.map(({ name, file, matches, reason }) =>
      rows.row(
        { name: basename(file), text: reason, type: matches ? l10n.t('yes') : l10n.t('no'), unit: name },
        place(file),
      ),
    ),
    ...fallback.map(({ name, file }) =>
      rows.row(
        { name: basename(file), text: l10n.t('No selector is true, so the fallback is used: {0}', name) },
        place(file),
      ),
    ),
  ];
}

/** A text as it is, everything else as JSON, as long as it is. */
function wholeText(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : printJsonInLine(value);
}
