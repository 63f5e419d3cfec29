import { basename } from 'node:path';
import { l10n } from 'vscode';
import type { Uri } from 'vscode';
import type { JsonRecord } from '../json.ts';
import { isRecord, printJson, textAt } from '../json.ts';
import { bytesText, entriesOf, hostOf, readReport, reasonOf, sourceText, totalSize, valueText } from './report.ts';
import { originsOf } from './origins.ts';
import type { Report, ReportedProblem } from './report.ts';

/** A part of a text that leads to a place in a file; lines and columns are counted from 1, those of `at` from 0. */
export interface ResultLink {
  readonly at: { readonly line: number; readonly start: number; readonly end: number };
  /** Absolute path of a file, or the address of another result. */
  readonly to: string | Uri;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface ResultText {
  readonly text: string;
  readonly links: readonly ResultLink[];
}

export interface ResultHead {
  readonly title: string;
  /** The data file. */
  readonly file: string;
  /** Where SciCat is, or why it was not asked. */
  readonly scicat?: string | undefined;
  readonly notes?: readonly string[];
  readonly log?: readonly string[];
  /** How the path of a file is shown; as it is by default. */
  readonly shortPath?: (file: string) => string;
}

/** Values are cut here, so that a table fits beside the side bar; the whole ones are in the JSON further down. */
const valueWidth = 40;
/** Wider cells stick out of their column. */
const widest = 60;
const longestReason = 300;

export const outcomes: Readonly<Record<string, string>> = {
  planned: l10n.t('Can be ingested; nothing was sent and no file was made'),
  ingested: l10n.t('Ingested'),
  'already-present': l10n.t('Is in SciCat already; nothing was sent'),
  refused: l10n.t('Would be refused by SciCat; nothing was sent'),
  unknown: l10n.t('Cannot be told: SciCat was not asked or does not answer; nothing was sent'),
  failed: l10n.t('Failed'),
};

/** The document of a dry run or an ingestion as readable Markdown, with its links to schemas. */
export function resultText(head: ResultHead, document: JsonRecord): ResultText {
  const page = new Page();
  const report = readReport(document);
  const { shortPath = (file: string) => file } = head;
  page.line(`# ${head.title}`);
  page.line();
  page.table([
    // The word is that of the command line and its JSON.
    [l10n.t('Outcome'), [report.outcome, outcomes[report.outcome]].filter((part) => part !== undefined).join(': ')],
    [l10n.t('File'), shortPath(head.file)],
    ...(report.schema ? [[l10n.t('Schema'), `${report.schema.name} (${shortPath(report.schema.file)})`]] : []),
    ['SciCat', head.scicat ?? hostOf(report) ?? ''],
    ...(report.pid === undefined ? [] : [[l10n.t('Dataset'), report.pid]]),
    ...(report.files.length === 0
      ? []
      : [[l10n.t('Files'), `${report.files.length}, ${bytesText(totalSize(report))}`]]),
  ]);
  if (report.schema) page.link(shortPath(report.schema.file), report.schema.file);
  for (const note of head.notes ?? []) page.line(`\n${note}`);
  writeProblems(page, report.problems, shortPath);
  writeGiven(page, report);
  writeSelection(page, report);
  writeFields(page, report);
  writeVariables(page, report);
  writeJson(page, l10n.t('Dataset'), report.dataset);
  for (const { method, url, body } of report.requests.map(requestOf)) writeJson(page, `${method} ${url}`, body);
  if (head.log && head.log.length > 0) {
    page.heading(l10n.t('Log'));
    page.fenced('log', head.log.join('\n'));
  }
  return page.finish();
}

/** Several dry runs, a line for each; the whole result of one is behind its name. */
export function summaryText(
  title: string,
  dryRuns: readonly { readonly file: string; readonly document: JsonRecord; readonly result: Uri }[],
): ResultText {
  const page = new Page();
  const rows = dryRuns.map(({ file, document, result }) => ({ file, result, report: readReport(document) }));
  page.line(`# ${title}\n`);
  const kinds = [...new Set(rows.map(({ report }) => report.outcome))];
  page.table(
    kinds.map((kind) => {
      const count = rows.filter(({ report }) => report.outcome === kind).length;
      return [kind, [String(count), outcomes[kind]].filter((part) => part !== undefined).join(': ')];
    }),
  );
  page.line();
  for (const { file, result, report } of rows) {
    const name = textAt(report.dataset, 'datasetName');
    page.line(`- **${report.outcome}** ${file}${name === undefined ? '' : ` → ${name}`}`);
    page.link(file, result);
    const reason = reasonOf(report);
    if (report.outcome !== 'planned' && reason !== undefined) page.line(`  ${valueText(reason, longestReason)}`);
  }
  return page.finish();
}

export function writeProblems(
  page: Page,
  problems: readonly ReportedProblem[],
  shortPath: (file: string) => string,
): void {
  if (problems.length === 0) return;
  page.heading(l10n.t('Problems ({0})', problems.length));
  for (const { severity, message, code, file, line, column } of problems) {
    page.line(`- **${severity}** ${message} \`${code}\``);
    if (file === undefined) continue;
    const place = line === undefined ? shortPath(file) : `${shortPath(file)}:${line}:${column ?? 1}`;
    page.line(`  ${place}`);
    page.link(place, file, line, column);
  }
}

function writeSelection(page: Page, { asked, usedFallback, schema }: Report): void {
  if (asked.length === 0 && !usedFallback) return;
  page.heading(l10n.t('Which schema, and why'));
  for (const { name, file, matches, reason } of asked) {
    page.line(`- ${matches ? `**${l10n.t('yes')}**` : l10n.t('no')} ${name} (${basename(file)}): ${reason}`);
    page.link(basename(file), file);
  }
  if (usedFallback) page.line(`- ${l10n.t('No selector is true, so the fallback is used: {0}', schema?.name ?? '')}`);
}

/** What somebody has given beside the schema, and what it stands in place of. */
function writeGiven(page: Page, report: Report): void {
  const given = originsOf(report).filter(({ layer }) => layer === 'user' || layer === 'deposited');
  if (given.length === 0) return;
  page.heading(l10n.t('Given ({0})', given.length));
  page.columns(
    [l10n.t('Field'), l10n.t('Value'), l10n.t('From'), l10n.t('Instead of')],
    given.map(({ field, value, from, overruled }) => [
      field,
      value,
      from,
      overruled.map((other) => `${other.value} (${other.from})`).join(', '),
    ]),
  );
}

function writeFields(page: Page, { fields }: Report): void {
  const rows = entriesOf(fields);
  if (rows.length === 0) return;
  page.heading(l10n.t('Fields ({0})', rows.length));
  page.columns(
    [l10n.t('Field'), l10n.t('Value'), l10n.t('Unit'), l10n.t('Type')],
    rows.map(([name, outcome]) => row(name, outcome)),
  );
}

function writeVariables(page: Page, { variables }: Report): void {
  const rows = entriesOf(variables);
  if (rows.length === 0) return;
  page.heading(l10n.t('Variables ({0})', rows.length));
  page.columns(
    [l10n.t('Variable'), l10n.t('Value'), l10n.t('Unit'), l10n.t('Type'), l10n.t('From')],
    rows.map(([name, outcome]) => [...row(name, outcome), sourceText(outcome['from'])]),
  );
}

function row(name: string, outcome: JsonRecord): string[] {
  const { error } = outcome;
  if (isRecord(error)) return [name, `✗ ${textAt(error, 'message') ?? ''}`, '', ''];
  return [name, valueText(outcome['value'], valueWidth), unitText(outcome), textAt(outcome, 'type') ?? ''];
}

/** The unit, and what SciCat will keep besides. */
function unitText(outcome: JsonRecord): string {
  const unit = textAt(outcome, 'unit') ?? '';
  const { valueSI } = outcome;
  if (valueSI === undefined) return unit;
  return l10n.t('{0} ({1} in SciCat)', unit, `${JSON.stringify(valueSI)} ${textAt(outcome, 'unitSI') ?? ''}`);
}

function writeJson(page: Page, title: string, value: unknown): void {
  if (value === undefined || value === null) return;
  page.heading(title);
  page.fenced('json', printJson(value, 2));
}

function requestOf(request: JsonRecord): { method: string; url: string; body: unknown } {
  return { method: textAt(request, 'method') ?? '', url: textAt(request, 'url') ?? '', body: request['body'] };
}

/** Lines of text that know which of their parts lead somewhere. */
export class Page {
  readonly #lines: string[] = [];
  readonly #links: ResultLink[] = [];

  line(text = ''): void {
    this.#lines.push(...text.split('\n'));
  }

  heading(text: string): void {
    this.line(`\n## ${text}\n`);
  }

  fenced(language: string, text: string): void {
    this.line(`\`\`\`${language}\n${text}\n\`\`\``);
  }

  /** Names and what they say, below each other. */
  table(rows: readonly (readonly string[])[]): void {
    const width = Math.max(...rows.map(([name = '']) => name.length));
    for (const [name = '', text = ''] of rows) this.line(`- ${`${name}:`.padEnd(width + 1)} ${text}`);
  }

  /** A Markdown table whose columns also stand below each other as text. */
  columns(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const cells = [head, ...rows].map((cellsOfRow) =>
      head.map((_, column) => (cellsOfRow[column] ?? '').replaceAll('|', '\\|')),
    );
    const widths = head.map((_, column) =>
      Math.min(widest, Math.max(...cells.map((each) => each[column]?.length ?? 0))),
    );
    const written = cells.map(
      (each) => `| ${each.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
    );
    const rule = `| ${widths.map((width) => '-'.repeat(Math.max(3, width))).join(' | ')} |`;
    this.line([written[0] ?? '', rule, ...written.slice(1)].join('\n'));
  }

  /** Makes the last occurrence of a text in the last lines lead somewhere. */
  link(text: string, to: string | Uri, line?: number, column?: number): void {
    for (let index = this.#lines.length - 1; index >= 0; index--) {
      const start = this.#lines[index]?.lastIndexOf(text) ?? -1;
      if (start < 0) continue;
      this.#links.push({ at: { line: index, start, end: start + text.length }, to, line, column });
      return;
    }
  }

  finish(): ResultText {
    return { text: `${this.#lines.join('\n')}\n`, links: this.#links };
  }
}
