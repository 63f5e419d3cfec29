import { l10n, ProgressLocation } from 'vscode';
import { showMessage, withProgress } from '../dialogs.ts';
import type { RunningSandbox } from '../connections/sandbox.ts';
import type { Services } from '../services.ts';

/** Starts the local sandbox and makes it the connection in use; it ends with the window. */
export async function run({ sandbox, log }: Services): Promise<RunningSandbox | undefined> {
  try {
    return await withProgress({ location: ProgressLocation.Window, title: l10n.t('Starting the sandbox') }, () =>
      sandbox.start(),
    );
  } catch (error) {
    const show = l10n.t('Show Log');
    const why = error instanceof Error ? error.message : String(error);
    const answer = await showMessage('error', l10n.t('The sandbox did not start. {0}', why), [show]);
    if (answer === show) log.show();
    return undefined;
  }
}
