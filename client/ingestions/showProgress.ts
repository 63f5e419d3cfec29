import { l10n, ProgressLocation } from 'vscode';
import { withProgress } from '../dialogs.ts';
import type { IngestionFollower } from './ingestions.ts';

/** Shows one or several ingestions while they run, with a button that stops it between two steps. */
export async function showProgress<Result>(
  title: string,
  start: (follower: IngestionFollower) => Promise<Result>,
): Promise<Result> {
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
