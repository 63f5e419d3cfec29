import { basename } from 'node:path';
import { l10n, ProgressLocation } from 'vscode';
import { showMessage, withProgress } from '../dialogs.ts';
import { chosenFiles } from '../ingestions/chosenFiles.ts';
import { confirmIngestion } from '../ingestions/confirmIngestion.ts';
import type { Ingestion } from '../ingestions/ingestion.ts';
import { runContext } from '../ingestions/runContext.ts';
import type { RunContext } from '../ingestions/runContext.ts';
import { scicatState } from '../ingestions/scicatState.ts';
import { showEnd } from '../ingestions/showEnd.ts';
import { showProgress } from '../ingestions/showProgress.ts';
import type { DryRun } from '../results/dryRuns.ts';
import type { Services } from '../services.ts';
import { run as signIn } from './signIn.ts';

/**
 * Ingests one or many files: looks whether SciCat is there, shows what would be created, asks, and carries it out.
 * What happened and what can be done next is said at the end of each.
 */
export async function run(services: Services, ...from: readonly unknown[]): Promise<readonly Ingestion[]> {
  const chosen = await chosenFiles(services, l10n.t('Ingest to SciCat'), from);
  const [first] = chosen?.files ?? [];
  if (chosen === undefined || first === undefined) return [];
  const schema = chosen.schema?.fsPath;
  const context = await readyContext(services, () =>
    runContext(services, first, { needsConfig: chosen.schema === undefined }),
  );
  if (context === undefined) return [];
  const planned = await planAll(
    services,
    chosen.files.map(({ fsPath }) => ({ file: fsPath, schema, context })),
  );
  if (planned === undefined || !(await confirmIngestion(services, planned))) return [];
  const ended: Ingestion[] = [];
  for (const { request } of planned) {
    const ingestion = await showProgress(basename(request.file), (follower) =>
      services.ingestions.run(request, follower),
    );
    ended.push(ingestion);
    void showEnd(services, ingestion);
    if (ingestion.state === 'cancelled') break;
  }
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
    const who = await withProgress({ location: ProgressLocation.Window, title: l10n.t('Asking SciCat') }, () =>
      scicatState(services, context),
    );
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
  return withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Preparing'), cancellable: true },
    async (progress, cancellation) => {
      const planned: DryRun[] = [];
      for (const request of requests) {
        progress.report({ message: basename(request.file) });
        const dryRun = await dryRuns.run(request, {
          cancellation,
          onProgress: ({ text }) => {
            progress.report({ message: text });
          },
        });
        if (dryRun === undefined) return undefined;
        planned.push(dryRun);
      }
      return planned;
    },
  );
}
