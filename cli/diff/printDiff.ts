import path from 'node:path';
import { visibleText } from '../../core/text/hiddenCharacters.ts';
import { fieldName, isChanged, summaryOf } from '../../core/ingest/trial/diffRecord.ts';
import type { DiffSummary } from '../../core/ingest/trial/diffRecord.ts';
import type { SampleDiff } from '../../core/ingest/trial/schemaDiff.ts';
import { shortened } from '../../core/text/shortened.ts';
import type { Terminal } from '../terminal.ts';

/** Prints what differs of one file. */
export function printSample(terminal: Terminal, diff: SampleDiff): void {
  const { colors, places } = terminal;
  const { file, schemas, changes, problem } = diff;
  if (problem !== undefined) terminal.print(`${colors.red('✗')} ${places.shortName(file)}: ${problem}`);
  if (!isChanged(diff)) return;
  terminal.print(colors.bold(places.shortName(file)));
  const name = (schema: string | null): string => (schema === null ? 'none' : path.basename(schema));
  if (name(schemas.before) !== name(schemas.after))
    terminal.print(colors.dim(`  schema ${name(schemas.before)} → ${name(schemas.after)}`));
  for (const change of changes) {
    terminal.print(`  ${fieldName(change)}`);
    if (change.before !== null)
      for (const line of change.before.split('\n')) terminal.print(`    ${colors.red(`- ${line}`)}`);
    if (change.after !== null)
      for (const line of change.after.split('\n')) terminal.print(`    ${colors.green(`+ ${line}`)}`);
    else if (change.why !== undefined) terminal.print(`    ${colors.dim(change.why)}`);
  }
}

export function summaryText({ samples, changed, failed, untaken, fields }: DiffSummary): string {
  const files = samples === 1 ? '1 file' : `${samples} files`;
  const most = fields.map(([name, count]) => `${name} (${count})`).join(', ');
  const others = untaken === 0 ? '' : ` ${untaken} ${untaken === 1 ? 'is' : 'are'} taken by none of the schemas.`;
  const unread = `${others}${failed === 0 ? '' : ` ${failed} could not be compared.`}`;
  return changed === 0
    ? `${files}: none comes out differently.${unread}`
    : `${files}: ${changed} come${changed === 1 ? 's' : ''} out differently: ${most === '' ? 'another schema' : most}.${unread}`;
}

/** Files of which the changes are spelled out; of others only how many there are. */
const mostShown = 20;

/** For the description of a pull request. */
export function markdownOf(diffs: readonly SampleDiff[]): string {
  const summary = summaryOf(diffs);
  const lines = [`### What this changes in datasets`, '', escaped(summaryText(summary)), ''];
  if (summary.fields.length > 0) {
    lines.push('| field | files | before | after |', '| --- | ---: | --- | --- |');
    for (const [name, count] of summary.fields) {
      const example = diffs.flatMap(({ changes }) => changes).find((change) => fieldName(change) === name);
      lines.push(`| ${escaped(name)} | ${count} | ${cell(example?.before)} | ${cell(example?.after)} |`);
    }
    lines.push('');
  }
  const changed = diffs.filter(isChanged);
  if (changed.length > 0) lines.push('<details><summary>File by file</summary>', '');
  for (const { file, changes } of changed.slice(0, mostShown)) {
    lines.push(`- ${escaped(path.basename(file))}`);
    for (const change of changes)
      lines.push(`  - ${escaped(fieldName(change))}: ${cell(change.before)} → ${cell(change.after)}`);
  }
  if (changed.length > mostShown) lines.push(`- … and ${changed.length - mostShown} more`);
  if (changed.length > 0) lines.push('', '</details>', '');
  return lines.join('\n');
}

/** A value as code in a table, whatever it holds. */
function cell(value: string | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return `<code>${escaped(shortened(value.replaceAll(/\s*\n\s*/g, ' '), 120))}</code>`;
}

/** Text of others shows as it is, on one line, in a table too. */
function escaped(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[|\\`*_[\]#@~]/g, (char) => `&#${char.charCodeAt(0)};`);
}
