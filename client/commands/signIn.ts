import { commands, l10n, ProgressLocation } from 'vscode';
import { askText, pickOne, showInStatusBar, showMessage, withProgress } from '../dialogs.ts';
import type { Account } from '../connections/accounts.ts';
import { chosenConnection } from '../connections/chosenConnection.ts';
import type { Connection } from '../connections/connections.ts';
import type { Services } from '../services.ts';

const methods = [
  { label: l10n.t('User name and password'), description: l10n.t('an account of SciCat'), method: 'password' as const },
  { label: 'LDAP', description: l10n.t('an account of the facility'), method: 'ldap' as const },
  { label: l10n.t('Token'), description: l10n.t('copied from the user page of SciCat'), method: 'token' as const },
];

/** Signs in to a connection; the token goes into the secret storage. Gives the account, or undefined. */
export async function run(services: Services, from?: unknown): Promise<Account | undefined> {
  const connection = await chosenConnection(services, l10n.t('Sign in to'), from);
  if (connection === undefined) return undefined;
  if (connection === 'none') return signedInToNew(services);
  const title = l10n.t('Sign in to {0}', connection.name);
  if (connection.kind === 'service') return signInToService(services, connection, title);
  const picked = await pickOne(methods, { title, placeHolder: connection.address, ignoreFocusOut: true });
  if (picked === undefined) return undefined;
  return attempted(services, connection, title, () => ask(services, connection, title, picked.method));
}

/** Adding a connection asks for the sign-in by itself. */
async function signedInToNew({ connections }: Services): Promise<Account | undefined> {
  const added = await commands.executeCommand<Connection | undefined>('imsc.addConnection');
  return added && connections.accountAt(added.address);
}

/** With the token of an account, which whoever runs the service has made. */
function signInToService(services: Services, connection: Connection, title: string): Promise<Account | undefined> {
  return attempted(services, connection, title, async () => {
    const prompt = l10n.t('Token of your account there, as in NAME.SECRET');
    const token = (await askText({ title, prompt, password: true, ignoreFocusOut: true }))?.trim();
    return token === undefined || token === ''
      ? undefined
      : () => services.connections.signInToService(connection.address, token);
  });
}

/** Asks and tries until it works or the person gives up. */
async function attempted(
  services: Services,
  connection: Connection,
  title: string,
  asked: () => Promise<(() => Promise<Account>) | undefined>,
): Promise<Account | undefined> {
  for (;;) {
    const attempt = await asked();
    if (attempt === undefined) return undefined;
    try {
      const account = await withProgress({ location: ProgressLocation.Notification, title }, attempt);
      showInStatusBar(l10n.t('Signed in to {0} as {1}', connection.name, account.username), 5000);
      return account;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const retry = l10n.t('Try Again');
      const log = l10n.t('Show Log');
      const answer = await showMessage('error', l10n.t('Not signed in to {0}. {1}', connection.name, why), [
        retry,
        log,
      ]);
      if (answer === log) services.log.show();
      if (answer !== retry) return undefined;
    }
  }
}

/** Asks for what the method needs; undefined if the person gives up. */
async function ask(
  { connections }: Services,
  { address, user: known = '' }: Connection,
  title: string,
  method: (typeof methods)[number]['method'],
): Promise<(() => Promise<Account>) | undefined> {
  const secret = (prompt: string): Thenable<string | undefined> =>
    askText({ title, prompt, password: true, ignoreFocusOut: true });
  if (method === 'token') {
    const token = (await secret(l10n.t('Token')))?.trim().replace(/^Bearer /i, '');
    return token === undefined || token === '' ? undefined : () => connections.signInWithToken(address, token);
  }
  const user = await askText({ title, prompt: l10n.t('User name'), value: known, ignoreFocusOut: true });
  if (user === undefined || user === '') return undefined;
  const password = await secret(l10n.t('Password of {0}', user));
  return password === undefined ? undefined : () => connections.signIn(address, user, password, method);
}
