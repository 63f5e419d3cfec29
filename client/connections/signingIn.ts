import type { ImscProgram } from '../imscProgram.ts';
import { textAt } from '../json.ts';
import type { LanguageServer } from '../languageServer.ts';
import type { Account } from './accounts.ts';
import { dateAt, refusal } from './scicatSaid.ts';

/** Who asks SciCat: the command line; in a browser, which has none, the language server (the file beside this one). */
export interface Askers {
  readonly program: ImscProgram;
  readonly server: LanguageServer;
}

/** Signs in to a SciCat with a password, which goes there and nowhere else; rejects with what SciCat said. */
export async function signedIn(
  { program }: Askers,
  address: string,
  user: string,
  password: string,
  method: 'password' | 'ldap',
): Promise<Account> {
  const { document, lastLines } = await program.run({
    args: ['login', '--scicat.host', address, '--user', user, ...(method === 'ldap' ? ['--ldap'] : [])],
    secrets: { SCICAT_PASSWORD: password },
  });
  const token = textAt(document, 'token');
  if (token === undefined) throw new Error(refusal({ document, lastLines }));
  return { username: user, token, expires: dateAt(document, 'expires') };
}

/** Whose token it is; rejects with what SciCat said. */
export async function accountOfToken({ program }: Askers, address: string, token: string): Promise<Account> {
  const answer = await program.run({ args: ['whoami', '--scicat.host', address], secrets: { SCICAT_TOKEN: token } });
  const username = textAt(answer.document, 'username');
  if (username === undefined) throw new Error(refusal(answer));
  return { username, token, expires: dateAt(answer.document, 'expires') };
}
