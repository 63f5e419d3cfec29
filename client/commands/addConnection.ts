import { l10n } from 'vscode';
import { askText } from '../dialogs.ts';
import type { Connection } from '../connections/connections.ts';
import type { Services } from '../services.ts';
import { run as signIn } from './signIn.ts';

/** Asks for a SciCat's address and name, keeps them in the settings, and offers to sign in. */
export async function run(services: Services): Promise<Connection | undefined> {
  const title = l10n.t('Add connection');
  const address = await askText({
    title,
    prompt: l10n.t('Address of the SciCat API'),
    placeHolder: 'https://scicat.example.org/api/v3',
    ignoreFocusOut: true,
    validateInput: (text) =>
      isAddress(text) ? undefined : l10n.t('An address as in {0}', 'https://scicat.example.org/api/v3'),
  });
  if (address === undefined) return undefined;
  const name = await askText({
    title,
    prompt: l10n.t('Name to show'),
    value: new URL(address).hostname,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? l10n.t('A name is needed') : undefined),
  });
  if (name === undefined) return undefined;
  const group = await askText({
    title,
    prompt: l10n.t('Owner group of datasets for which the schema names none (may be left empty)'),
    ignoreFocusOut: true,
  });
  if (group === undefined) return undefined;
  const connection = {
    name: name.trim(),
    address: address.trim(),
    ...(group.trim() !== '' && { group: group.trim() }),
  };
  await services.connections.add(connection);
  await services.connections.use(connection);
  await signIn(services, connection);
  return connection;
}

function isAddress(text: string): boolean {
  return URL.canParse(text.trim()) && /^https?:$/.test(new URL(text.trim()).protocol);
}
