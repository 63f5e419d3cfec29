import { basename } from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { archivePlaces } from '../ingestions/archivePlaces.ts';
import { chosenFiles } from '../ingestions/chosenFiles.ts';
import { confirmIngestion } from '../ingestions/confirmIngestion.ts';
import type { Ingestion } from '../ingestions/ingestion.ts';
import { runContext } from '../ingestions/runContext.ts';
import type { RunContext } from '../ingestions/runContext.ts';
import { scicatState } from '../ingestions/scicatState.ts';
import { showBatchEnd, showEnd } from '../ingestions/showEnd.ts';
import { showBatch } from '../ingestions/showProgress.ts';
import type { DryRun } from '../results/dryRuns.ts';
import type { Services } from '../services.ts';
import { whileAskingScicat } from '../whileAskingScicat.ts';
import { run as signIn } from './signIn.ts';

/**
 * Ingests one or many files: looks whether SciCat is there, shows what would be created, asks, and carries out what can
 * be. What happened and what can be done next is said once, at the end.
 */
export async function run(services: Services, ...from: readonly unknown[]): Promise<readonly Ingestion[]> {
  const chosen = await chosenFiles(services, l10n.t('Ingest to SciCat'), from);
  const [first] = chosen?.files ?? [];
  if (chosen === undefined || first === undefined) return [];
  // With metadata the person has been asked before.
  const places = await archivePlaces(services, chosen.files, { isSaid: chosen.metadata !== undefined });
  if (places === undefined) return [];
  const schema = chosen.schema?.fsPath;
  const context = await readyContext(services, () =>
    runContext(services.connections, first, { needsConfig: chosen.schema === undefined }),
  );
  if (context === undefined) return [];
  // What a dry run has hashed is not hashed again, however long the dialog stands between.
  const { globalStorageUri } = services.context;
  await workspace.fs.createDirectory(globalStorageUri);
  const checksums = Uri.joinPath(globalStorageUri, `checksums-${crypto.randomUUID()}`);
  try {
    const asked = { schema, metadata: chosen.metadata?.fsPath, context, checksums: checksums.fsPath };
    const planned = await planAll(
      services,
      chosen.files.map(({ fsPath }) => ({ file: fsPath, copyTo: places.get(fsPath), ...asked })),
    );
    if (planned === undefined) return [];
    const agreed = await confirmIngestion(services, planned);
    if (agreed.length === 0) return [];
    const ended = await ingestAll(services, agreed);
    const [only, ...others] = ended;
    if (agreed.length === 1 && only !== undefined && others.length === 0) void showEnd(services, only);
    else void showBatchEnd(services, ended, agreed.length);
    return ended;
  } finally {
    // It is only there where something was hashed.
    await Promise.resolve(workspace.fs.delete(checksums)).catch(() => undefined);
  }
}

/** One after the other, until one is called off. */
async function ingestAll(services: Services, agreed: readonly DryRun[]): Promise<readonly Ingestion[]> {
  const files = agreed.map(({ request }) => request.file);
  const [first = ''] = files;
  const title = l10n.t('Ingesting {0}', files.length === 1 ? basename(first) : l10n.t('{0} files', files.length));
  const ended: Ingestion[] = [];
  await showBatch(title, files, async (index, follower) => {
    const request = agreed[index]?.request;
    if (!request) return undefined;
    const ingestion = await services.ingestions.run(request, follower);
    ended.push(ingestion);
    return ingestion.state === 'cancelled' ? undefined : ingestion;
  });
  return ended;
}

/** The context once SciCat is there and knows who asks; undefined if the person gives up. Nothing is sent meanwhile. */
async function readyContext(
  services: Services,
  read: () => Promise<RunContext | undefined>,
): Promise<RunContext | undefined> {
  for (;;) {
    const context = await read();
    if (context === undefined) return undefined;
    const who = await whileAskingScicat((cancellation) => scicatState(services, context, cancellation));
    if (who === undefined) return undefined;
    if (who.state === 'known') return context;
    const [next, log] = [who.state === 'unknown' ? l10n.t('Sign In') : l10n.t('Retry'), l10n.t('Show Log')];
    const answer = await showMessage('error', l10n.t('{0} Nothing was sent.', who.message), [next, log]);
    if (answer === log) services.log.show();
    if (answer !== next) return undefined;
    if (who.state === 'unknown') await signIn(services, context.connection ?? { address: who.host });
  }
}

/** A dry run of each file, so that the person sees what would be created; undefined if it was cancelled. */
async function planAll(
  { dryRuns }: Services,
  requests: readonly DryRun['request'][],
): Promise<readonly DryRun[] | undefined> {
  const files = requests.map(({ file }) => file);
  const { results, isWhole } = await showBatch(l10n.t('Preparing'), files, (index, follower) => {
    const request = requests[index];
    return request ? dryRuns.run(request, follower) : Promise.resolve(undefined);
  });
  return isWhole ? results : undefined;
}
