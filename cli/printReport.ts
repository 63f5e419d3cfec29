import { shownValue } from '../core/imsc/values/showValue.ts';
import { quantityText, storedUnits } from '../core/ingest/dataset/storedUnits.ts';
import { originBrief } from '../core/imsc/language/sources.ts';
import type { Provenance } from '../core/imsc/language/sources.ts';
import { valueFromPlain } from '../core/imsc/values/jsonText.ts';
import { none, string, valueAt } from '../core/imsc/values/values.ts';
import type { Value } from '../core/imsc/values/values.ts';
import type { Dataset } from '../core/ingest/dataset/dataset.ts';
import { isGiven, metadataPrefix } from '../core/ingest/dataset/given.ts';
import type { Outcome } from '../core/imsc/evaluation/evaluation.ts';
import { archiveJobsOf, requestUrls } from '../core/jobs/report/report.ts';
import type { FieldUpdate, IngestionReport } from '../core/jobs/report/report.ts';
import { shortened } from '../core/text/shortened.ts';
import { sizeText } from './sizeText.ts';
import type { Terminal } from './terminal.ts';

/** Prints a report for a person: the dataset field by field with where each value came from, then what was done. */
export function printReport(terminal: Terminal, report: IngestionReport): void {
  const { colors } = terminal;
  const { schema, evaluation, dataset, plan } = report.prepared;
  if (schema) {
    const why = report.prepared.selection?.usedFallback ? ' (the fallback: no selector matched)' : '';
    terminal.print(
      `${colors.bold('Schema')}    ${schema.schema.name ?? ''}  ${colors.dim(terminal.places.shortName(schema.file))}${why}`,
    );
  }
  const { differences } = report;
  const isDone = report.outcome === 'ingested' || (report.outcome === 'already-present' && !differences);
  if (dataset && (terminal.isVerbose || !isDone)) {
    for (const kind of ['high_level', 'scientific_metadata'] as const) {
      const rows = (evaluation?.fields ?? []).filter(
        ({ fieldType, machineName }) => fieldType === kind && !isGivenIn(dataset, kind, machineName),
      );
      if (!evaluation || rows.length === 0) continue;
      terminal.print(colors.bold(kind === 'high_level' ? 'Dataset' : 'Scientific metadata'));
      printRows(
        terminal,
        rows.map((row) => ({
          name: row.machineName,
          outcome: row.outcome,
          stored: isDone ? undefined : storedUnits(row),
        })),
        evaluation.variables,
      );
    }
    printGiven(terminal, dataset);
    const defaults = [...dataset.fields].filter(
      ([name]) =>
        !isGivenIn(dataset, 'high_level', name) &&
        !evaluation?.fields.some(({ machineName }) => machineName === name) &&
        name !== 'scientificMetadata',
    );
    if (defaults.length > 0) terminal.print(colors.bold('Set by the ingestor'));
    for (const [name, value] of defaults) terminal.print(`  ${name.padEnd(24)} ${valueText(value)}`);
  }
  if (differences) printDifferences(terminal, differences);
  const { count, files, size, firstPaths } = report.origDatablocks;
  if (files > 0) {
    terminal.print(colors.bold(`Files (${files}, ${sizeText(size)})`));
    for (const file of firstPaths) terminal.print(`  ${file}`);
    if (files > firstPaths.length) terminal.print(colors.dim(`  … and ${files - firstPaths.length} more`));
  }
  if (!isDone && report.execution === undefined && plan) {
    const urls = requestUrls(plan);
    terminal.print(colors.bold('Would send'));
    terminal.print(`  POST ${urls.dataset}`);
    for (let block = 0; block < count; block += 1) terminal.print(`  POST ${urls.origDatablock}`);
    for (const { name, type } of archiveJobsOf(plan))
      terminal.print(`  POST ${urls.archiveJob}  ${colors.dim(`job “${name}” of type ${type}`)}`);
    for (const { path } of plan.filesToWrite) terminal.print(`  write ${path}`);
  }
  terminal.problems(report.problems);
  terminal.print(summary(terminal, report));
}

/** How the dataset in SciCat differs from what would be made now. */
function printDifferences(terminal: Terminal, differences: readonly FieldUpdate[]): void {
  const { colors } = terminal;
  if (differences.length === 0) {
    terminal.print(`${colors.bold('In SciCat')} all of that stands as it is.`);
    return;
  }
  terminal.print(colors.bold('Otherwise in SciCat'));
  for (const { field, stored, wanted } of differences) {
    terminal.print(`  ${field}`);
    terminal.print(`    ${colors.red(`- ${jsonValueText(stored)}`)}`);
    terminal.print(`    ${colors.green(`+ ${jsonValueText(wanted)}`)}`);
  }
  terminal.print(colors.dim('  imsc update changes it; in the sandbox, imsc ingest --replace makes it anew.'));
}

/** A value of SciCat in a row of a report. */
export function jsonValueText(value: FieldUpdate['stored']): string {
  return shortened(value === null ? 'nothing' : JSON.stringify(value), 160);
}

function summary(terminal: Terminal, { outcome, execution, origDatablocks, prepared }: IngestionReport): string {
  const { colors } = terminal;
  switch (outcome) {
    case 'planned':
      return colors.green('Dry run: planned. It can be ingested; nothing was sent.');
    case 'refused':
      return colors.red('Dry run: refused. SciCat would not take the dataset; nothing was sent.');
    case 'unknown':
      return colors.yellow(
        `Dry run: unknown. It cannot be told: ${prepared.verdict === 'unanswered' ? 'SciCat does not answer' : 'SciCat was not asked for all values'}; nothing was sent.`,
      );
    case 'ingested': {
      const files = `${execution?.filesSent ?? 0} ${execution?.filesSent === 1 ? 'file' : 'files'}, ${sizeText(origDatablocks.size)}`;
      return colors.green(`Ingested as ${execution?.pid ?? ''} (${files}).`);
    }
    case 'already-present':
      return colors.yellow(
        `Already in SciCat${prepared.existing?.pid === undefined ? '' : ` as ${prepared.existing.pid}`}; nothing was sent.`,
      );
    case 'failed':
      return colors.red(
        execution?.pid === undefined
          ? 'Failed; nothing was sent.'
          : `Failed after the dataset ${execution.pid} was created.`,
      );
  }
}

function isGivenIn(dataset: Dataset, kind: 'high_level' | 'scientific_metadata', name: string): boolean {
  const origin = dataset.provenance[kind === 'high_level' ? name : metadataPrefix + name];
  return origin !== undefined && (isGiven(origin) || origin.layer === 'preset');
}

/** What somebody has given, who, and what it overrules. */
function printGiven(terminal: Terminal, { fields, provenance, conflicts }: Dataset): void {
  const given = Object.entries(provenance).filter(([, origin]) => isGiven(origin) || origin.layer === 'preset');
  if (given.length === 0) return;
  const { colors } = terminal;
  const items = fields.get('scientificMetadata');
  const valueOf = (name: string): Value | undefined => {
    if (!name.startsWith(metadataPrefix)) return fields.get(name);
    return items?.kind === 'dict' ? valueAt(items, string(name.slice(metadataPrefix.length))) : undefined;
  };
  terminal.print(colors.bold('Given'));
  const width = Math.min(36, Math.max(...given.map(([name]) => name.length)));
  for (const [name, { from }] of given) {
    terminal.print(`  ${name.padEnd(width)} ${givenText(valueOf(name) ?? none)}  ${colors.dim(`← ${from}`)}`);
    for (const { value, from: other } of conflicts.find(({ field }) => field === name)?.overruled ?? [])
      terminal.print(colors.dim(`  ${''.padEnd(width)} instead of ${givenText(valueFromPlain(value))} ← ${other}`));
  }
}

/** An item of the metadata as its value and unit. */
function givenText(value: Value): string {
  const parts = ['value', 'unit'].map((key) => (value.kind === 'dict' ? valueAt(value, string(key)) : undefined));
  const [inner, unit] = parts;
  if (!inner || unit?.kind !== 'string') return valueText(value);
  return `${valueText(inner)}${unit.value === '' ? '' : ` ${unit.value}`}`;
}

type Variables = ReadonlyMap<string, { readonly outcome: Outcome }>;

function printRows(
  terminal: Terminal,
  rows: readonly { name: string; outcome: Outcome; stored: ReturnType<typeof storedUnits> }[],
  variables: Variables,
): void {
  const { colors } = terminal;
  const width = Math.min(28, Math.max(...rows.map(({ name }) => name.length)));
  for (const { name, outcome, stored } of rows) {
    const label = `  ${name.padEnd(width)} `;
    if (outcome.state === 'known') {
      const unit = outcome.unit === '' ? '' : ` ${outcome.unit}`;
      const inSciCat = stored ? ` = ${quantityText(stored)} in SciCat` : '';
      terminal.print(
        `${label}${valueText(outcome.value)}${unit}${colors.dim(`${inSciCat}  ${originText(outcome.provenance, variables)}`)}`,
      );
    } else if (outcome.state === 'failed') {
      terminal.print(`${label}${colors.red('—')} ${outcome.message}`);
    } else {
      terminal.print(`${label}${colors.yellow('?')} ${outcome.reason}`);
    }
  }
}

/** Where a value came from in the end: the files' paths and requests behind the variables it is made of. */
function originText(provenance: Provenance, variables: Variables, depth = 0): string {
  const brief = originBrief(provenance);
  if (brief !== '') return `← ${brief}`;
  const parts = provenance.variables.map((name) => {
    const outcome = variables.get(name)?.outcome;
    const origin = outcome?.state === 'known' && depth < 3 ? originText(outcome.provenance, variables, depth + 1) : '';
    return `← <${name}>${origin === '' ? '' : ` ${origin}`}`;
  });
  return parts.join(', ');
}

/** A value in a row of a report. */
export function valueText(value: Value): string {
  return shortened(shownValue(value).replaceAll('\n', '⏎'), 70);
}
