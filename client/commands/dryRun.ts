import { l10n } from 'vscode';
import { archivePlaces } from '../ingestions/archivePlaces.ts';
import { chosenFiles } from '../ingestions/chosenFiles.ts';
import { runContext } from '../ingestions/runContext.ts';
import { scicatState } from '../ingestions/scicatState.ts';
import { showBatch } from '../ingestions/showProgress.ts';
import type { DryRun } from '../results/dryRuns.ts';
import type { Services } from '../services.ts';
import { whileAskingScicat } from '../whileAskingScicat.ts';

/** Dry-runs one or many files and shows what came out, of many in one table; gives the results back to whoever called. */
export async function run(services: Services, ...from: readonly unknown[]): Promise<readonly DryRun[]> {
  const chosen = await chosenFiles(services, l10n.t('Dry-run ingestion'), from);
  const [first] = chosen?.files ?? [];
  if (chosen === undefined || first === undefined) return [];
  const places = await archivePlaces(services, chosen.files);
  if (places === undefined) return [];
  const context = await runContext(services.connections, first, { needsConfig: chosen.schema === undefined });
  if (context === undefined) return [];
  const scicat = await whileAskingScicat((cancellation) => scicatState(services, context, cancellation));
  if (scicat === undefined) return [];
  const offline = scicat.state === 'known' ? undefined : scicat.message;
  const files = chosen.files.map(({ fsPath }) => fsPath);
  const schema = chosen.schema?.fsPath;
  const { results } = await showBatch(l10n.t('Dry run'), files, (index, follower) => {
    const file = files[index] ?? '';
    return services.dryRuns.run({ file, schema, copyTo: places.get(file), context, offline }, follower);
  });
  services.resultPages.show(results);
  return results;
}
