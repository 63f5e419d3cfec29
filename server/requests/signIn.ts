import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { isInTheClear } from '../../core/config/config.ts';
import { CatalogueAddress } from '../../core/scicat/catalogueAddress.ts';
import type { ScicatClient } from '../../core/scicat/client.ts';
import { ScicatError } from '../../core/scicat/errors.ts';
import { tokenExpiry } from '../../core/scicat/token.ts';
import { cancelled, refused, signalOf } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { SignedIn, SignInParameters, WhoseTokenParameters } from '../protocol.ts';
import { scicatAt } from './scicatAt.ts';

/** Signs in to a SciCat. */
export function signedIn(server: ServerContext) {
  return (
    { address, user, password, method }: SignInParameters,
    token: CancellationToken,
  ): Promise<SignedIn | ResponseError> => {
    const parsed = CatalogueAddress.parse(address);
    if (parsed instanceof CatalogueAddress && isInTheClear(parsed))
      server.connection.console.warn(
        `The password goes to ${address} in the clear, so that others can read it on the way; use https://.`,
      );
    return asking(server, address, undefined, token, async (client) => {
      const given = await (method === 'ldap' ? client.ldapLogin(user, password) : client.login(user, password));
      return { token: given.token, expires: given.expires?.toISOString() ?? null };
    });
  };
}

/** Whose token it is, and until when it is good. */
export function whoseToken(server: ServerContext) {
  return (
    { address, token: secret }: WhoseTokenParameters,
    token: CancellationToken,
  ): Promise<{ readonly username: string; readonly expires: string | null } | ResponseError> =>
    asking(server, address, secret, token, async (client) => {
      const { username } = await client.whoami();
      return { username, expires: tokenExpiry(secret)?.toISOString() ?? null };
    });
}

/** Asks a SciCat something once; its refusal or absence is a message for a person. */
async function asking<T>(
  server: ServerContext,
  address: string,
  secret: string | undefined,
  token: CancellationToken,
  ask: (client: ScicatClient) => Promise<T>,
): Promise<T | ResponseError> {
  const signal = signalOf(token);
  const scicat = scicatAt(server, address, secret, signal);
  if ('refusal' in scicat) return scicat.refusal;
  try {
    return await ask(scicat.client);
  } catch (error) {
    if (signal.aborted) return cancelled();
    if (error instanceof ScicatError) return refused(error.message);
    throw error;
  }
}
