import { basename } from 'node:path';
import { window } from 'vscode';
import { textAt } from '../json.ts';
import type { DryRun } from '../results/dryRuns.ts';
import { bytesText, hostOf, readReport, totalSize } from '../results/report.ts';
import type { Services } from '../services.ts';
import { pidLink } from './openDataset.ts';

const mostListed = 8;

/**
 * Shows what would be created and where, and asks. What cannot be ingested is said first, and nothing is done unless
 * every file can.
 */
export async function confirmIngestion(services: Services, planned: readonly DryRun[]): Promise<boolean> {
  const reports = planned.map((dryRun) => ({ dryRun, report: readReport(dryRun.document) }));
  const [bad] = reports.filter(({ report }) => report.outcome !== 'planned');
  if (bad !== undefined) {
    await sayWhyNot(services, bad.dryRun);
    return false;
  }
  const [first] = reports;
  if (first === undefined) return false;
  const lines = reports.slice(0, mostListed).map(({ dryRun, report }) => describe(dryRun, report));
  const left = reports.length - lines.length;
  const ingest = 'Ingest';
  const details = 'Show Dry Run';
  const answer = await window.showInformationMessage(
    reports.length === 1 ? 'Ingest this file to SciCat?' : `Ingest ${reports.length} files to SciCat?`,
    {
      modal: true,
      detail: [`Into ${hostOf(first.report) ?? ''}`, ...lines, ...(left > 0 ? [`… and ${left} more`] : [])].join(
        '\n\n',
      ),
    },
    ingest,
    details,
  );
  if (answer === details) for (const { dryRun } of reports) await services.results.show(dryRun.uri);
  return answer === ingest;
}

function describe({ request }: DryRun, report: ReturnType<typeof readReport>): string {
  const warnings = report.problems.filter(({ severity }) => severity !== 'information' && severity !== 'hint').length;
  const count = report.files.length;
  return [
    `${basename(request.file)} → ${textAt(report.dataset, 'datasetName') ?? 'dataset without a name'}`,
    `Owner group: ${textAt(report.dataset, 'ownerGroup') ?? '–'}`,
    ...(report.pid === undefined ? [] : [`PID: ${report.pid}`]),
    `Files: ${count}, ${bytesText(totalSize(report))}`,
    `Schema: ${report.schema?.name ?? ''}`,
    ...(warnings > 0 ? [`Problems: ${warnings}, see the dry run`] : []),
  ].join('\n');
}

/** Says why a file cannot be ingested, and what can be done. */
async function sayWhyNot(services: Services, { document, request, uri }: DryRun): Promise<void> {
  const report = readReport(document);
  const name = basename(request.file);
  const details = 'Show Dry Run';
  if (report.outcome === 'already-present') {
    const open = 'Open Dataset';
    const message = `${name} is in SciCat already${report.pid === undefined ? '' : ` as ${report.pid}`}. Nothing was sent.`;
    const answer = await window.showInformationMessage(message, ...(report.pid === undefined ? [] : [open]), details);
    if (answer === open && report.pid !== undefined) await pidLink(services, report.pid, request.context);
    if (answer === details) await services.results.show(uri);
    return;
  }
  const why = report.problems.findLast(({ severity }) => severity === 'error')?.message ?? 'The dry run failed.';
  const answer = await window.showErrorMessage(`${name} cannot be ingested: ${why} Nothing was sent.`, details);
  if (answer === details) await services.results.show(uri);
}
