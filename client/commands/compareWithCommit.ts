import { commands, l10n, ProgressLocation } from 'vscode';
import { showMessage, withProgress } from '../dialogs.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/**
 * Shows what the open schema makes of all NeXus files of its folder, beside what it made in the last commit; from then
 * on also while somebody types.
 */
export async function run({ comparison }: Services): Promise<void> {
  const document = schemaEditor()?.document;
  if (document?.uri.scheme !== 'file') {
    void showMessage('information', l10n.t('Open a schema that lies in a folder.'));
    return;
  }
  const { uri } = document;
  const ended = await withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Comparing with the last commit'), cancellable: true },
    (progress, cancellation) =>
      comparison.compare(uri, cancellation, ({ text }) => {
        progress.report({ message: text });
      }),
  );
  if (typeof ended === 'string') void showMessage('warning', ended);
  if (ended !== true) return;
  await commands.executeCommand('setContext', 'imsc.hasDifferences', true);
  await commands.executeCommand('imsc.differences.focus');
}
