import { l10n } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { chosenConnection } from '../connections/chosenConnection.ts';
import type { Services } from '../services.ts';

/** Forgets who is signed in to a connection: the one named, or the one in use. */
export async function run(services: Services, from: unknown): Promise<void> {
  const { connections } = services;
  const connection = await chosenConnection(services, l10n.t('Sign out of'), from ?? connections.current);
  if (connection === 'none') await showMessage('information', l10n.t('There is no connection to a SciCat.'));
  else if (connection) await connections.signOut(connection.address);
}
