import { l10n } from 'vscode';
import { signIn, whoseToken } from '../../server/protocol.ts';
import type * as node from './signingIn.ts';

export const signedIn: typeof node.signedIn = async ({ server }, address, user, password, method) => {
  const given = await server.request(signIn, { address, user, password, method });
  if (given === undefined) throw new Error(notRunning());
  return { username: user, token: given.token, expires: dateOf(given.expires) };
};

export const accountOfToken: typeof node.accountOfToken = async ({ server }, address, token) => {
  const found = await server.request(whoseToken, { address, token });
  if (found === undefined) throw new Error(notRunning());
  return { username: found.username, token, expires: dateOf(found.expires) };
};

function dateOf(text: string | null): Date | undefined {
  return text === null ? undefined : new Date(text);
}

function notRunning(): string {
  return l10n.t('The language server is not running.');
}
