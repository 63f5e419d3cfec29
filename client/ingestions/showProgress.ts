import { l10n, ProgressLocation } from 'vscode';
import { withProgress } from '../dialogs.ts';
import type { Ingestion } from './ingestion.ts';
import type { IngestionFollower } from './ingestions.ts';

/** Shows an ingestion while it runs, with a button that stops it between two steps. */
export async function showProgress(
  title: string,
  start: (follower: IngestionFollower) => Promise<Ingestion>,
): Promise<Ingestion> {
  return withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Ingesting {0}', title), cancellable: true },
    (progress, cancellation) =>
      start({
        cancellation,
        onProgress: ({ text }) => {
          progress.report({ message: text });
        },
      }),
  );
}
