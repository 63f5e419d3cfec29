import { l10n } from 'vscode';
import { askText, pickOne } from '../dialogs.ts';
import type { Connection } from '../connections/connections.ts';
import type { Services } from '../services.ts';
import { NotSignedIn } from '../service/serviceClient.ts';
import { clientFor } from '../service/serviceIngestions.ts';
import { run as signIn } from './signIn.ts';

/** Asks for the address and name of a SciCat or an ingest service, keeps them in the settings, and offers to sign in. */
export async function run(services: Services): Promise<Connection | undefined> {
  const title = l10n.t('Add connection');
  const address = await askText({
    title,
    prompt: l10n.t('Address of the SciCat API, or of an ingest service'),
    placeHolder: 'https://scicat.example.org/api/v3',
    ignoreFocusOut: true,
    validateInput: (text) =>
      isAddress(text) ? undefined : l10n.t('An address as in {0}', 'https://scicat.example.org/api/v3'),
  });
  if (address === undefined) return undefined;
  const kind = await kindAt(address.trim(), title);
  if (kind === undefined) return undefined;
  const name = await askText({
    title,
    prompt: l10n.t('Name to show'),
    value: new URL(address).hostname,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? l10n.t('A name is needed') : undefined),
  });
  if (name === undefined) return undefined;
  if (kind === 'service') return addService(services, { name: name.trim(), kind, address: address.trim() });
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

const kinds = [
  { label: 'SciCat', description: l10n.t('ingestions of this computer write there'), what: 'scicat' as const },
  { label: l10n.t('Ingest service'), description: l10n.t('it ingests where the data are'), what: 'service' as const },
];

/** What is at an address: that of SciCat's API says so by itself. */
async function kindAt(address: string, title: string): Promise<'scicat' | 'service' | undefined> {
  if (/\/api\/v\d+\/?$/.test(new URL(address).pathname)) return 'scicat';
  const placeHolder = l10n.t('What is at {0}?', address);
  return (await pickOne(kinds, { title, placeHolder, ignoreFocusOut: true }))?.what;
}

/** A service that lets everybody in asks for no sign-in. */
async function addService(services: Services, service: Connection): Promise<Connection> {
  await services.connections.add(service);
  try {
    await (await clientFor(services.connections, service.address)).locations();
  } catch (error) {
    if (!(error instanceof NotSignedIn)) throw error;
    await signIn(services, service);
  }
  return service;
}

function isAddress(text: string): boolean {
  return URL.canParse(text.trim()) && /^https?:$/.test(new URL(text.trim()).protocol);
}
