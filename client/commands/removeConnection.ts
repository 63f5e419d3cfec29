import { l10n } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { chosenConnection } from '../connections/chosenConnection.ts';
import type { Services } from '../services.ts';

/** Takes a connection out of the settings and forgets who was signed in there. */
export async function run(services: Services, from: unknown): Promise<void> {
  const connection = await chosenConnection(services, l10n.t('Remove connection'), from);
  if (connection === 'none') await showMessage('information', l10n.t('There is no connection to a SciCat.'));
  else if (connection?.isSandbox) services.sandbox.stop();
  else if (connection) await services.connections.remove(connection);
}
