import { basename } from 'node:path';
import { l10n, ProgressLocation } from 'vscode';
import { withProgress } from '../dialogs.ts';
import { archivePlaces } from '../ingestions/archivePlaces.ts';
import { chosenFiles } from '../ingestions/chosenFiles.ts';
import { runContext } from '../ingestions/runContext.ts';
import { scicatState } from '../ingestions/scicatState.ts';
import type { DryRun } from '../results/dryRuns.ts';
import { showDryRuns } from '../results/dryRuns.ts';
import type { Services } from '../services.ts';

/** Dry-runs one or many files and shows what came out, of many in one document; gives the results back to whoever called. */
export async function run(services: Services, ...from: readonly unknown[]): Promise<readonly DryRun[]> {
  const chosen = await chosenFiles(services, l10n.t('Dry-run ingestion'), from);
  const [first] = chosen?.files ?? [];
  if (chosen === undefined || first === undefined) return [];
  const places = await archivePlaces(services, chosen.files);
  if (places === undefined) return [];
  const context = await runContext(services.connections, first, { needsConfig: chosen.schema === undefined });
  if (context === undefined) return [];
  const results: DryRun[] = [];
  await withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Dry run'), cancellable: true },
    async (progress, cancellation) => {
      progress.report({ message: l10n.t('asking SciCat who is signed in') });
      const scicat = await scicatState(services, context);
      const offline = scicat.state === 'known' ? undefined : scicat.message;
      for (const [index, { fsPath }] of chosen.files.entries()) {
        if (cancellation.isCancellationRequested) break;
        const count = chosen.files.length > 1 ? `${l10n.t('{0} of {1}', index + 1, chosen.files.length)}: ` : '';
        progress.report({ message: `${count}${basename(fsPath)}` });
        const schema = chosen.schema?.fsPath;
        const dryRun = await services.dryRuns.run(
          { file: fsPath, schema, copyTo: places.get(fsPath), context, offline },
          {
            cancellation,
            onProgress: ({ text }) => {
              progress.report({ message: `${count}${text}` });
            },
          },
        );
        if (dryRun === undefined) break;
        results.push(dryRun);
      }
    },
  );
  await showDryRuns(services.results, results);
  return results;
}
