import { l10n, ProgressLocation } from 'vscode';
import type { CancellationToken } from 'vscode';
import { withProgress } from '../dialogs.ts';
import { BatchProgress } from './batchProgress.ts';
import type { IngestionFollower } from './ingestions.ts';

/** Shows one ingestion while it runs, with a button that stops it between two steps. */
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

/**
 * Does something with several files, one after the other, and shows how far they are, how fast it goes and how long the
 * rest takes. Called off, it ends with the file at hand.
 * @param each is given the file by its place in the list; what it gives back stops the rest where it is undefined
 */
export async function showBatch<Result>(
  title: string,
  files: readonly string[],
  each: (index: number, follower: IngestionFollower) => Promise<Result | undefined>,
): Promise<{ readonly results: readonly Result[]; readonly isWhole: boolean }> {
  return withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, cancellation: CancellationToken) => {
      const batch = await BatchProgress.of(files, progress);
      const results: Result[] = [];
      for (const index of files.keys()) {
        if (cancellation.isCancellationRequested) break;
        batch.tell(index);
        const result = await each(index, {
          cancellation,
          onProgress: (news) => {
            batch.tell(index, news);
          },
        });
        if (result === undefined) break;
        results.push(result);
      }
      return { results, isWhole: results.length === files.length };
    },
  );
}
