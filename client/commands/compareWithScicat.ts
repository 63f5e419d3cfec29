import { basename } from 'node:path';
import { commands, l10n, Uri } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { runContext } from '../ingestions/runContext.ts';
import { lastWords } from '../imscProgram.ts';
import { isRecord, printJson, textAt } from '../json.ts';
import type { JsonRecord } from '../json.ts';
import { readReport } from '../results/report.ts';
import type { Services } from '../services.ts';
import { whileAskingScicat } from '../whileAskingScicat.ts';
import { pickDryRun } from './compareDryRuns.ts';
import { run as signIn } from './signIn.ts';

/** What SciCat writes into each dataset by itself; it is never in a dry run. */
const ownFields = new Set([
  '_id',
  'id',
  '__v',
  'createdAt',
  'createdBy',
  'updatedAt',
  'updatedBy',
  'version',
  'history',
  'datasetlifecycle',
  'isPublished',
  'classification',
  'attachments',
  'origdatablocks',
  'datablocks',
  'numberOfFilesArchived',
  'packedSize',
  'scientificMetadataSchema',
]);

/** Shows the dataset of a dry run beside what stands in SciCat under its pid. */
export async function run(services: Services, from?: unknown): Promise<void> {
  const { dryRuns, program, results, connections } = services;
  const dryRun =
    dryRuns.all.find((each) => each === from) ?? (await pickDryRun(dryRuns.all, l10n.t('Compare with SciCat')));
  if (dryRun === undefined) return;
  const { dataset, pid } = readReport(dryRun.document);
  if (dataset === undefined || pid === undefined) {
    void showMessage(
      'information',
      l10n.t('This dry run has no pid, so there is nothing in SciCat to compare it with.'),
    );
    return;
  }
  // With the connection and the token of now, which may be newer.
  const context = await runContext(services.connections, Uri.file(dryRun.request.file), { needsConfig: false });
  if (context === undefined) return;
  const { args, secrets, workingDirectory, connection } = context;
  if (connection && secrets['SCICAT_TOKEN'] === undefined && (await signIn(services, connection)) === undefined) return;
  const answer = await whileAskingScicat(async (cancellation) =>
    program.run({
      args: ['dataset', ...args, '--pid', pid],
      secrets: connection ? await connections.secretsFor(connection.address) : secrets,
      workingDirectory,
      cancellation,
    }),
  );
  if (answer === undefined) return;
  const found = answer.document?.['dataset'];
  if (!isRecord(found)) {
    const why = textAt(answer.document?.['error'], 'message') ?? lastWords(answer);
    void showMessage('warning', l10n.t('{0} could not be read from SciCat. {1}', pid, why));
    return;
  }
  const name = basename(dryRun.request.file);
  const there = results.add(`${l10n.t('{0} in SciCat', name)}.json`, { text: sorted(found), links: [] });
  const here = results.add(`${l10n.t('{0} dry run', name)}.json`, { text: sorted(dataset), links: [] });
  await commands.executeCommand('vscode.diff', there, here, l10n.t('{0}: in SciCat ↔ dry run', pid), {
    preview: false,
  });
}

/** The dataset with its fields in order, so that only real differences show. */
function sorted(dataset: JsonRecord): string {
  return `${JSON.stringify(inOrder(JSON.parse(printJson(withoutOwn(dataset)))), null, 2)}\n`;
}

function withoutOwn(dataset: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(dataset).filter(([name]) => !ownFields.has(name)));
}

function inOrder(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, inOrder(item)]));
}
