import { basename } from 'node:path';
import { l10n } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { textAt } from '../json.ts';
import type { DryRun } from '../results/dryRuns.ts';
import { bytesText, hostOf, readReport, reasonOf, totalSize } from '../results/report.ts';
import type { Report } from '../results/report.ts';
import type { Services } from '../services.ts';
import { pidLink } from './openDataset.ts';

const mostListed = 8;
/** Of more files than this each has one line, so that the dialog fits on the screen. */
const mostInFull = 2;

interface Planned {
  readonly dryRun: DryRun;
  readonly report: Report;
}

/**
 * Shows what would be created and where, and what cannot be or is there already, and asks.
 * @returns what is to be ingested: what can be, if the person wants it
 */
export async function confirmIngestion(services: Services, dryRuns: readonly DryRun[]): Promise<readonly DryRun[]> {
  const planned = dryRuns.map((dryRun): Planned => ({ dryRun, report: readReport(dryRun.document) }));
  const isNew = ({ report }: Planned): boolean => report.outcome === 'planned';
  const isThere = ({ report }: Planned): boolean => report.outcome === 'already-present';
  const fresh = planned.filter(isNew);
  const there = planned.filter(isThere);
  const untold = planned.filter(({ report }) => report.outcome === 'unknown');
  const cannot = planned.filter((each) => !isNew(each) && !isThere(each) && !untold.includes(each));
  const [only, ...others] = planned;
  const [first] = fresh;
  if (only !== undefined && others.length === 0 && first === undefined) {
    await sayWhyNot(services, only.dryRun);
    return [];
  }
  const left = [
    ...listed(there, ({ dryRun }) => l10n.t('Already there: {0}', basename(dryRun.request.file))),
    ...listed(cannot, ({ dryRun, report }) =>
      l10n.t('Cannot be ingested: {0}: {1}', basename(dryRun.request.file), whyNot(report)),
    ),
    ...listed(untold, ({ dryRun, report }) =>
      l10n.t('Cannot be told: {0}: {1}', basename(dryRun.request.file), whyNot(report)),
    ),
  ];
  const details = l10n.t('Show Dry Run');
  const showAll = (): void => {
    services.resultPages.show(dryRuns);
  };
  const counts = countsText({
    fresh: fresh.length,
    there: there.length,
    cannot: cannot.length,
    untold: untold.length,
  });
  if (first === undefined) {
    const answer = await showMessage(
      cannot.length > 0 ? 'error' : untold.length > 0 ? 'warning' : 'information',
      l10n.t('Nothing was sent: {0}.', counts),
      [details],
      { modal: true, detail: left.join('\n') },
    );
    if (answer === details) showAll();
    return [];
  }
  const ingest = others.length === 0 ? l10n.t('Ingest') : l10n.t('Ingest {0}', fresh.length);
  const describeOne = fresh.length > mostInFull ? describeShortly : describe;
  const answer = await showMessage(
    'information',
    others.length === 0
      ? l10n.t('Ingest this file to SciCat?')
      : left.length === 0
        ? l10n.t('Ingest {0} files to SciCat?', fresh.length)
        : l10n.t('{0}. Ingest what is new?', counts),
    [ingest, details],
    {
      modal: true,
      detail: [
        l10n.t('Into {0}', hostOf(first.report) ?? ''),
        listed(fresh, describeOne).join(fresh.length > mostInFull ? '\n' : '\n\n'),
        ...(left.length > 0 ? [left.join('\n')] : []),
      ].join('\n\n'),
    },
  );
  if (answer === details) showAll();
  return answer === ingest ? fresh.map(({ dryRun }) => dryRun) : [];
}

/** How many there are of each sort, without those that there are none of. */
function countsText(of: Readonly<Record<'fresh' | 'there' | 'cannot' | 'untold', number>>): string {
  const { fresh, there, cannot, untold } = of;
  const counts = [
    ...(fresh > 0 ? [l10n.t('{0} new', fresh)] : []),
    ...(there > 0 ? [l10n.t('{0} already there', there)] : []),
    ...(cannot > 0 ? [l10n.t('{0} cannot be ingested', cannot)] : []),
    ...(untold > 0 ? [l10n.t('{0} cannot be told', untold)] : []),
  ];
  return counts.join(', ');
}

/** A line for each, and one for those that would be too many. */
function listed(planned: readonly Planned[], describeOne: (each: Planned) => string): readonly string[] {
  const lines = planned.slice(0, mostListed).map(describeOne);
  const more = planned.length - lines.length;
  return more > 0 ? [...lines, l10n.t('… and {0} more', more)] : lines;
}

function describeShortly({ dryRun, report }: Planned): string {
  const { request } = dryRun;
  const name = textAt(report.dataset, 'datasetName') ?? l10n.t('dataset without a name');
  return [`${basename(request.file)} → ${name}`, ...(report.pid === undefined ? [] : [report.pid])].join(', ');
}

function describe({ dryRun: { request }, report }: Planned): string {
  const warnings = report.problems.filter(({ severity }) => severity !== 'information' && severity !== 'hint').length;
  return [
    `${basename(request.file)} → ${textAt(report.dataset, 'datasetName') ?? l10n.t('dataset without a name')}`,
    l10n.t('Owner group: {0}', textAt(report.dataset, 'ownerGroup') ?? '–'),
    ...(report.pid === undefined ? [] : [`PID: ${report.pid}`]),
    filesText(report),
    l10n.t('Schema: {0}', report.schema?.name ?? ''),
    ...(request.copyTo === undefined ? [] : [l10n.t('Unpacked in {0}', request.copyTo)]),
    ...(warnings > 0 ? [l10n.t('Problems: {0}, see the dry run', warnings)] : []),
  ].join('\n');
}

/** Few files by their paths, so that one which is made of checksums beside the data surprises nobody. */
function filesText(report: Report): string {
  const { files } = report;
  const size = bytesText(totalSize(report));
  if (files.length > 2) return l10n.t('Files: {0}, {1}', files.length, size);
  const paths = files.map((file) => textAt(file, 'path') ?? '').join(', ');
  return l10n.t('Files: {0}, {1} ({2})', files.length, size, paths);
}

/** Says why a file cannot be ingested, and what can be done. */
async function sayWhyNot(services: Services, dryRun: DryRun): Promise<void> {
  const { document, request } = dryRun;
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
    if (answer === details) services.resultPages.show([dryRun]);
    return;
  }
  const answer = await showMessage(
    report.outcome === 'unknown' ? 'warning' : 'error',
    report.outcome === 'unknown'
      ? l10n.t('Whether {0} can be ingested cannot be told: {1} Nothing was sent.', name, whyNot(report))
      : l10n.t('{0} cannot be ingested: {1} Nothing was sent.', name, whyNot(report)),
    [details],
  );
  if (answer === details) services.resultPages.show([dryRun]);
}

function whyNot(report: Report): string {
  // What the program says of that is said once, at the end.
  const reason = reasonOf(report)?.replace(/ Nothing was sent\.$/, '');
  if (reason !== undefined) return reason;
  return report.outcome === 'unknown' ? l10n.t('SciCat does not answer.') : l10n.t('The dry run failed.');
}
