import { l10n } from 'vscode';
import type { JsonRecord } from '../json.ts';
import { originsOf } from './origins.ts';
import type { ShownOrigin } from './origins.ts';
import { readReport } from './report.ts';
import { outcomes, Page, writeProblems } from './resultText.ts';
import type { ResultText } from './resultText.ts';

/** Who says what a field is, as a person sees it; what stands first is looked at first. */
const groups: readonly { readonly title: string; readonly layers: readonly string[] }[] = [
  { title: l10n.t('From you'), layers: ['user'] },
  { title: l10n.t('With the data'), layers: ['deposited', 'preset'] },
  { title: l10n.t('By the schema'), layers: ['schema'] },
  { title: l10n.t('By the configuration and the ingestor'), layers: ['configuration', 'ingestor'] },
];

/** What would become of a file with metadata, fit to stand beside it: where each value comes from, and who disagrees. */
export function previewText(title: string, document: JsonRecord, shortPath: (file: string) => string): ResultText {
  const page = new Page();
  const report = readReport(document);
  const origins = originsOf(report);
  page.line(`# ${title}`);
  page.line();
  page.line(`${report.outcome}: ${outcomes[report.outcome] ?? ''}`);
  const differing = origins.filter(({ overruled }) => overruled.length > 0);
  if (differing.length > 0) {
    page.heading(l10n.t('Not what others say ({0})', differing.length));
    for (const each of differing) {
      page.line(`- ${each.field}`);
      const sides = [each, ...each.overruled];
      const width = Math.max(...sides.map(({ from }) => from.length));
      for (const { from, value } of sides) page.line(`    ${from.padEnd(width)}  ${value}`);
    }
  }
  writeProblems(page, report.problems, shortPath);
  for (const { title: heading, layers } of groups) {
    const own = origins.filter(({ layer }) => layers.includes(layer));
    if (own.length === 0) continue;
    page.heading(`${heading} (${own.length})`);
    for (const each of own) page.line(lineOf(each));
  }
  return page.finish();
}

function lineOf({ field, value, from, layer, line }: ShownOrigin): string {
  const where = layer === 'user' ? (line === undefined ? '' : l10n.t('line {0}', line)) : from;
  return `- ${field}: ${value}${where === '' ? '' : `\n    ${where}`}`;
}
