import { isSuccess, notScicat, sessionExpired } from './connection.ts';
import type { Connection } from './connection.ts';
import { ScicatError } from './errors.ts';
import type { ScicatErrorKind } from './errors.ts';
import { isJsonObject, isList, jsonIn, textAt } from './json.ts';
import { isExpired, tokenExpiry } from './token.ts';

export interface Account {
  readonly username: string;
  readonly email: string | undefined;
  readonly groups: readonly string[];
}

export interface SignedIn {
  readonly token: string;
  readonly expires: Date | undefined;
  readonly username: string | undefined;
}

/** Signing in, and who one is. */
export interface AccountCalls {
  login(username: string, password: string): Promise<SignedIn>;
  ldapLogin(username: string, password: string): Promise<SignedIn>;
  /** Who the token belongs to. SciCat answers an invalid token as if nobody had asked; that is `unauthorized` here. */
  whoami(): Promise<Account>;
}

export function accountCalls(connection: Connection): AccountCalls {
  return {
    login: (username, password) => signIn(connection, 'auth/login', username, password),
    ldapLogin: (username, password) => signIn(connection, 'auth/ldap', username, password),
    whoami: () => whoami(connection),
  };
}

async function signIn(
  { addresses, transport }: Connection,
  path: string,
  username: string,
  password: string,
): Promise<SignedIn> {
  const body = JSON.stringify({ username, password });
  const answer = await transport.send('POST', addresses.ofAccounts(path), body, { isSignIn: true });
  if (answer.status === 401 && transport.errorOf(answer).kind !== 'session-expired') {
    throw new ScicatError('unauthorized', 'SciCat does not know this user name with this password.', { status: 401 });
  }
  if (answer.status === 500 && path.includes('ldap')) {
    const message =
      'SciCat failed to sign in by LDAP; probably it is not set up there. Try with user name and password.';
    throw new ScicatError('server', message, { status: 500 });
  }
  if (!isSuccess(answer)) throw transport.errorOf(answer);
  const said = jsonIn(answer.bodyText);
  const token = textAt(said, 'access_token') ?? textAt(said, 'id');
  if (token === undefined) throw notScicat(answer, 'a token');
  const user = isJsonObject(said) ? said['user'] : undefined;
  return { token, expires: tokenExpiry(token), username: textAt(user, 'username') };
}

/** @throws ScicatError `unauthorized` where SciCat takes the token for nobody's */
export async function whoami({ addresses, read }: Connection): Promise<Account> {
  const answer = await read(addresses.ofAccounts('auth/whoami'));
  const body = jsonIn(answer.bodyText);
  const username = textAt(body, 'username');
  if (username === undefined || !isJsonObject(body)) {
    if (answer.bodyText.trim() !== '' && body !== null) throw notScicat(answer, 'an account');
    if (isExpired(answer.token)) throw sessionExpired(answer.token, answer.status);
    const message =
      answer.token === undefined
        ? 'Nobody is signed in to SciCat: no token was sent.'
        : 'SciCat does not accept the token: it is damaged, has expired, or belongs to another SciCat. Sign in again.';
    throw new ScicatError('unauthorized', message, { status: answer.status });
  }
  const groups = body['currentGroups'];
  const names = isList(groups) ? groups.filter((group) => typeof group === 'string') : [];
  return { username, email: textAt(body, 'email'), groups: names };
}

const isOfToken: ReadonlySet<ScicatErrorKind> = new Set(['unauthorized', 'session-expired', 'cancelled']);

/**
 * SciCat tells somebody with an invalid token the same as somebody of other groups.
 * @throws ScicatError if it is the token
 */
export async function refuseNobody(connection: Connection): Promise<void> {
  await whoami(connection).catch((error: unknown) => {
    if (!(error instanceof ScicatError) || isOfToken.has(error.kind)) throw error;
  });
}
