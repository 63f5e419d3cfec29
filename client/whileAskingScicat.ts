import { CancellationTokenSource, l10n, ProgressLocation } from 'vscode';
import type { CancellationToken } from 'vscode';
import { withProgress } from './dialogs.ts';

/** How long a notification would only flicker. */
const moment = 1000;

/**
 * Waits for what is asked of SciCat. The status bar says so; what takes longer than a moment is a notification, too, with
 * a button that calls it off. Then nobody waits any longer, whether the task obeys its token or not.
 * @returns undefined if it was called off
 */
export async function whileAskingScicat<Result>(
  task: (cancellation: CancellationToken) => Promise<Result>,
): Promise<Result | undefined> {
  const title = l10n.t('Asking SciCat');
  const source = new CancellationTokenSource();
  const calledOff = new Promise<undefined>((resolve) => {
    source.token.onCancellationRequested(() => {
      resolve(undefined);
    });
  });
  const answer = Promise.race([task(source.token), calledOff]);
  const end = answer.then(
    () => undefined,
    () => undefined,
  );
  void withProgress({ location: ProgressLocation.Window, title }, () => end);
  const timer = setTimeout(() => {
    void withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, cancellation) => {
      cancellation.onCancellationRequested(() => {
        source.cancel();
      });
      return end;
    });
  }, moment);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
