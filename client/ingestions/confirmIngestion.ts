import { basename } from 'node:path';
import { l10n } from 'vscode';
import { showMessage } from '../dialogs.ts';
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
  const ingest = l10n.t('Ingest');
  const details = l10n.t('Show Dry Run');
  const answer = await showMessage(
    'information',
    reports.length === 1
      ? l10n.t('Ingest this file to SciCat?')
      : l10n.t('Ingest {0} files to SciCat?', reports.length),
    [ingest, details],
    {
      modal: true,
      detail: [
        l10n.t('Into {0}', hostOf(first.report) ?? ''),
        ...lines,
        ...(left > 0 ? [l10n.t('… and {0} more', left)] : []),
      ].join('\n\n'),
    },
  );
  if (answer === details) for (const { dryRun } of reports) await services.results.show(dryRun.uri);
  return answer === ingest;
}

function describe({ request }: DryRun, report: ReturnType<typeof readReport>): string {
  const warnings = report.problems.filter(({ severity }) => severity !== 'information' && severity !== 'hint').length;
  const count = report.files.length;
  return [
    `${basename(request.file)} → ${textAt(report.dataset, 'datasetName') ?? l10n.t('dataset without a name')}`,
    l10n.t('Owner group: {0}', textAt(report.dataset, 'ownerGroup') ?? '–'),
    ...(report.pid === undefined ? [] : [`PID: ${report.pid}`]),
    l10n.t('Files: {0}, {1}', count, bytesText(totalSize(report))),
    l10n.t('Schema: {0}', report.schema?.name ?? ''),
    ...(warnings > 0 ? [l10n.t('Problems: {0}, see the dry run', warnings)] : []),
  ].join('\n');
}

/** Says why a file cannot be ingested, and what can be done. */
async function sayWhyNot(services: Services, { document, request, uri }: DryRun): Promise<void> {
  const report = readReport(document);
  const name = basename(request.file);
  const details = l10n.t('Show Dry Run');
  if (report.outcome === 'already-present') {
    const open = l10n.t('Open Dataset');
    const message =
      report.pid === undefined
        ? l10n.t('{0} is in SciCat already. Nothing was sent.', name)
        : l10n.t('{0} is in SciCat already as {1}. Nothing was sent.', name, report.pid);
    const answer = await showMessage('information', message, [...(report.pid === undefined ? [] : [open]), details]);
    if (answer === open && report.pid !== undefined) await pidLink(services, report.pid, request.context);
    if (answer === details) await services.results.show(uri);
    return;
  }
  const why =
    report.problems.findLast(({ severity }) => severity === 'error')?.message ?? l10n.t('The dry run failed.');
  const answer = await showMessage('error', l10n.t('{0} cannot be ingested: {1} Nothing was sent.', name, why), [
    details,
  ]);
  if (answer === details) await services.results.show(uri);
}
