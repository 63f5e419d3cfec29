import { l10n } from 'vscode';
import { shortened } from '../../core/text/shortened.ts';
import type { JsonRecord } from '../json.ts';
import { isList, isRecord, numberAt, printJsonInLine, recordAt, recordsAt, textAt } from '../json.ts';

/** A problem as the command line reports it; lines and columns are counted from 1. */
export interface ReportedProblem {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface AskedSchema {
  readonly name: string;
  readonly file: string;
  readonly matches: boolean;
  readonly reason: string;
}

/** What is looked at of the document of a dry run or an ingestion; all of it may be missing. */
export interface Report {
  readonly outcome: string;
  readonly schema: { readonly name: string; readonly file: string } | undefined;
  readonly asked: readonly AskedSchema[];
  readonly usedFallback: boolean;
  readonly variables: JsonRecord;
  readonly fields: JsonRecord;
  readonly dataset: JsonRecord | undefined;
  readonly files: readonly JsonRecord[];
  readonly requests: readonly JsonRecord[];
  readonly pid: string | undefined;
  readonly problems: readonly ReportedProblem[];
  /** Where each field comes from, and what was overruled; empty where nothing was given. */
  readonly origins: readonly ReportedOrigin[];
}

/** Where a field of the dataset comes from, as the command line tells it. */
export interface ReportedOrigin {
  readonly field: string;
  /** `user`, `deposited`, `schema`, `configuration`, … */
  readonly layer: string;
  readonly from: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** What others said of it. */
  readonly overruled: readonly { readonly value: unknown; readonly from: string }[];
}

/** Reads the document that `imsc dry-run --json` and `imsc ingest --json` print. */
export function readReport(document: JsonRecord): Report {
  const schema = recordAt(document, 'schema');
  const selection = recordAt(document, 'selection');
  const dataset = document['dataset'];
  return {
    outcome: textAt(document, 'outcome') ?? 'failed',
    schema: textAt(schema, 'file') === undefined ? undefined : named(schema),
    asked: recordsAt(selection, 'asked').map((item) => ({
      ...named(item),
      matches: item['matches'] === true,
      reason: textAt(item, 'reason') ?? '',
    })),
    usedFallback: selection['usedFallback'] === true,
    variables: recordAt(document, 'variables'),
    fields: recordAt(document, 'fields'),
    dataset: isRecord(dataset) ? dataset : undefined,
    files: recordsAt(document, 'files'),
    requests: recordsAt(document, 'requests'),
    pid: textAt(document, 'pid') ?? textAt(dataset, 'pid'),
    problems: readProblems(document),
    origins: readOrigins(document),
  };
}

function readOrigins(document: JsonRecord): readonly ReportedOrigin[] {
  const conflicts = recordsAt(document, 'conflicts');
  return entriesOf(recordAt(document, 'provenance')).map(([field, origin]) => {
    const conflict = conflicts.find((each) => textAt(each, 'field') === field);
    return {
      field,
      layer: textAt(origin, 'layer') ?? '',
      from: textAt(origin, 'from') ?? '',
      file: textAt(origin, 'file'),
      line: numberAt(origin, 'line'),
      overruled: recordsAt(conflict, 'overruled').map((each) => ({
        value: each['value'],
        from: textAt(each, 'from') ?? '',
      })),
    };
  });
}

/** The problems of any document of the command line. */
export function readProblems(document: JsonRecord | undefined): readonly ReportedProblem[] {
  return recordsAt(document, 'problems').map((found) => {
    const start = recordAt(recordAt(found, 'range'), 'start');
    return {
      code: textAt(found, 'code') ?? '',
      severity: textAt(found, 'severity') ?? 'error',
      message: textAt(found, 'message') ?? '',
      file: textAt(found, 'file'),
      line: numberAt(start, 'line'),
      column: numberAt(start, 'column'),
    };
  });
}

/** Why it cannot be ingested, or not be told whether: what was found last, the gravest first. */
export function reasonOf({ problems }: Pick<Report, 'problems'>): string | undefined {
  const ofSeverity = (severity: string): string | undefined =>
    problems.findLast((found) => found.severity === severity)?.message;
  return ofSeverity('error') ?? ofSeverity('warning') ?? problems.at(-1)?.message;
}

/** Bytes of all files together, as far as they are known. */
export function totalSize({ files }: Report): number {
  return files.reduce((sum, file) => sum + (numberAt(file, 'size') ?? 0), 0);
}

/** Where the requests go: the address of the API. */
export function hostOf({ requests }: Report): string | undefined {
  return textAt(requests[0], 'url')?.replace(/\/datasets$/, '');
}

/** A number of bytes for people. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`;
}

/** Lists of one key with the values of a JSON object, for tables. */
export function entriesOf(record: JsonRecord): readonly (readonly [string, JsonRecord])[] {
  return Object.entries(record).flatMap(([name, value]) => (isRecord(value) ? [[name, value] as const] : []));
}

/** How a value is shown in a line of a table: a text as it is, everything else as JSON. */
export function valueText(value: unknown, length = 80): string {
  const text = value === undefined ? '' : typeof value === 'string' && value !== '' ? value : printJsonInLine(value);
  return shortened(text.replace(/\s+/g, ' '), length);
}

/** Where a variable comes from, in a few words: what its source names first, or the variables that it is made of. */
export function sourceText(from: unknown): string {
  if (!isRecord(from)) return '';
  const { source, variables, operator, ...rest } = from;
  const names = (isList(variables) ? variables.filter((name) => typeof name === 'string') : [])
    .map((name) => `<${name}>`)
    .join(' ');
  if (operator !== undefined) {
    const how = typeof operator === 'string' ? operator : l10n.t('value');
    return names === '' ? how : l10n.t('{0} of {1}', how, names);
  }
  const subject = Object.values(rest).find((value) => typeof value === 'string');
  return subject ?? (typeof source === 'string' ? source : '');
}

function named(schema: JsonRecord): { readonly name: string; readonly file: string } {
  return { name: textAt(schema, 'name') ?? '', file: textAt(schema, 'file') ?? '' };
}
