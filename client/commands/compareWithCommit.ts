import { commands, l10n, ProgressLocation } from 'vscode';
import { showMessage, withProgress } from '../dialogs.ts';
import type { Comparison, Counterpart } from '../results/comparison.ts';
import { sinceLastCommit } from '../results/lastCommit.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/**
 * Shows what the open schema makes of all NeXus files of its folder, beside what it made in the last commit; from then
 * on also while somebody types.
 */
export async function run({ comparison, program }: Services): Promise<void> {
  const document = schemaEditor()?.document;
  if (document?.uri.scheme !== 'file') {
    void showMessage('information', l10n.t('Open a schema that lies in a folder.'));
    return;
  }
  const counterpart = sinceLastCommit(program, document.uri);
  await showComparison(comparison, counterpart, l10n.t('Comparing with the last commit'));
}

/** Compares, and shows what comes of it. @param title what is said meanwhile */
export async function showComparison(comparison: Comparison, counterpart: Counterpart, title: string): Promise<void> {
  const ended = await withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (progress, cancellation) =>
      comparison.compare(counterpart, cancellation, ({ text }) => {
        progress.report({ message: text });
      }),
  );
  if (typeof ended === 'string') void showMessage('warning', ended);
  if (ended !== true) return;
  await commands.executeCommand('setContext', 'imsc.hasDifferences', true);
  await commands.executeCommand('imsc.differences.focus');
}
