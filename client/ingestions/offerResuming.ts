import { basename } from 'node:path';
import { commands, l10n, workspace } from 'vscode';
import { showMessage } from '../dialogs.ts';
import type { Services } from '../services.ts';

/** Offers to finish what was interrupted, whoever started it. */
export async function offerResuming({ ingestions, log }: Services): Promise<void> {
  if (!workspace.isTrusted) return;
  try {
    await ingestions.refresh();
  } catch (error) {
    log.error(`The record of ingestions could not be read: ${String(error)}`);
    return;
  }
  const { interrupted } = ingestions;
  const [first] = interrupted;
  if (first === undefined) return;
  const text =
    interrupted.length === 1
      ? l10n.t('The ingestion of {0} was interrupted.', basename(first.file))
      : l10n.t('{0} ingestions were interrupted.', interrupted.length);
  const [resume, show] = [l10n.t('Resume'), l10n.t('Show Ingestions')];
  const answer = await showMessage('warning', text, [resume, show]);
  if (answer === resume) await commands.executeCommand('imsc.resume', interrupted.length === 1 ? first : undefined);
  if (answer === show) await commands.executeCommand('imsc.ingestions.focus');
}
