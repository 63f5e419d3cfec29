import { HttpRefusal } from '../http/refusal.ts';
import type { AuthMode } from '../settings/serveOptions.ts';
import type { Account, Accounts } from './accounts.ts';
import { isIssued } from './issuer.ts';
import type { Issuer } from './issuer.ts';
import type { Tokens } from './tokens.ts';

const windowMs = 60_000;
/** Addresses that are counted at once. */
const mostAddresses = 10_000;

/** Name and secret as they were sent. */
interface Credentials {
  readonly name: string;
  readonly secret: string;
}

/** Who has accounts here; neither where everybody is let in. */
export interface AccountSources {
  readonly accounts?: Accounts | undefined;
  readonly issuer?: Issuer | undefined;
}

/** Who is let in, by what a request says of itself. */
export class Gatekeeper {
  readonly #accounts: Accounts | undefined;
  readonly #issuer: Issuer | undefined;
  readonly #tokens: Tokens;
  readonly #mostFailures: number;
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; until: number }>();

  /** @param mostFailures from one address in a minute */
  constructor(
    { accounts, issuer }: AccountSources,
    tokens: Tokens,
    mostFailures: number,
    now: () => number = Date.now,
  ) {
    this.#accounts = accounts;
    this.#issuer = issuer;
    this.#tokens = tokens;
    this.#mostFailures = mostFailures;
    this.#now = now;
  }

  /**
   * Who asks.
   * @param header Authorization of the request
   * @param address where it comes from
   * @param challenge what a 401 says of how to sign in
   * @param wantsName where nobody needs to sign in: whether they must say a name all the same
   * @throws HttpRefusal 401, 429; 503 while the issuer of a token cannot be asked
   */
  async admit(
    mode: AuthMode,
    header: string | undefined,
    address: string,
    challenge: string,
    wantsName = false,
  ): Promise<Account> {
    const refused = new HttpRefusal(401, 'Sign in with an account of this service.', {
      headers: { 'WWW-Authenticate': challenge },
    });
    const [, scheme = '', value = ''] = /^ *(\w+) +(\S+) *$/.exec(header ?? '') ?? [];
    const isBearer = scheme.toLowerCase() === 'bearer';
    const credentials = isBearer ? ofBearer(value) : scheme.toLowerCase() === 'basic' ? ofBasic(value) : undefined;
    if (mode === 'none') {
      // Whoever says who they are is called so; nobody needs to.
      if (!wantsName) return everybody;
      if (!credentials || credentials.name === '') throw refused;
      return { name: credentials.name, isAdmin: false };
    }
    const holder = isBearer ? this.#tokens.find(value) : undefined;
    if (holder) return holder;
    const issuer = isBearer && isIssued(value) ? this.#issuer : undefined;
    // Only what is wrong is counted: while the keys of the issuer are asked for, many good ones may wait.
    const issued = await issuer?.account(value);
    if (issued) return issued;
    if (issuer || !credentials) {
      // A token that is none is a failure too, but to ask without one is how clients find out.
      if (isBearer) await this.#counted(address, () => Promise.resolve(undefined));
      throw refused;
    }
    const account = await this.find(credentials.name, credentials.secret, address);
    if (!account) throw refused;
    return account;
  }

  /**
   * The account of that name if the secret is its own.
   * @throws HttpRefusal 429 after too many wrong ones
   */
  async find(name: string, secret: string, address: string): Promise<Account | undefined> {
    return this.#counted(address, async () => this.#accounts?.find(name, secret));
  }

  /** Each attempt counts as a failure until it is none, so that many at once do not get past. */
  async #counted(address: string, attempt: () => Promise<Account | undefined>): Promise<Account | undefined> {
    const now = this.#now();
    const before = this.#failures.get(address);
    const entry = before && before.until > now ? before : { count: 0, until: now + windowMs };
    if (entry.count >= this.#mostFailures) {
      const seconds = Math.ceil((entry.until - now) / 1000);
      throw new HttpRefusal(429, `Too many wrong passwords; try again in ${seconds} s.`, {
        headers: { 'Retry-After': String(seconds) },
      });
    }
    entry.count += 1;
    this.#failures.delete(address);
    this.#failures.set(address, entry);
    for (const [key, { until }] of this.#failures) {
      if (until > now && this.#failures.size <= mostAddresses) break;
      this.#failures.delete(key);
    }
    let isFailure = false;
    try {
      const account = await attempt();
      isFailure = account === undefined;
      return account;
    } finally {
      if (!isFailure) entry.count -= 1;
    }
  }
}

/** Who asks where nobody signs in. */
export const everybody: Account = { name: 'local', isAdmin: false };

/** What stands behind `Basic`. */
export function ofBasic(value: string): Credentials | undefined {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** `NAME.SECRET`, for scripts that send no more than a token. */
function ofBearer(value: string): Credentials | undefined {
  const dot = value.indexOf('.');
  return dot < 0 ? undefined : { name: value.slice(0, dot), secret: value.slice(dot + 1) };
}
