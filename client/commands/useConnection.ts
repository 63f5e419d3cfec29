import { commands, l10n } from 'vscode';
import { chosenConnection } from '../connections/chosenConnection.ts';
import type { Services } from '../services.ts';

/** Makes a connection the one that dry runs and ingestions use. */
export async function run(services: Services, from: unknown): Promise<void> {
  const connection = await chosenConnection(services, l10n.t('Use connection'), from);
  // One that is added is used.
  if (connection === 'none') await commands.executeCommand('imsc.addConnection');
  else if (connection) await services.connections.use(connection);
}
