import { createHash, randomBytes } from 'node:crypto';
import type { Account } from './accounts.ts';

/** Seconds for which a token is good. */
export const tokenSeconds = 3600;

/** Clients that ask for one before each request leave many behind. */
const mostTokens = 10_000;

/** Tokens that were given out, by their digests; in memory, so that they are gone at a restart and clients ask anew. */
export class Tokens {
  readonly #given = new Map<string, { readonly account: Account; readonly until: number }>();
  readonly #now: () => number;
  readonly #seconds: number;

  /** @param seconds for which each is good */
  constructor(now: () => number = Date.now, seconds = tokenSeconds) {
    this.#now = now;
    this.#seconds = seconds;
  }

  /** A new one. */
  give(account: Account): string {
    for (const [digest, { until }] of this.#given) {
      if (until > this.#now() && this.#given.size < mostTokens) break;
      this.#given.delete(digest);
    }
    const token = randomBytes(32).toString('base64url');
    this.#given.set(digestOf(token), { account, until: this.#now() + this.#seconds * 1000 });
    return token;
  }

  /** Whose it is, while it is good. */
  find(token: string): Account | undefined {
    const found = this.#given.get(digestOf(token));
    return found && found.until > this.#now() ? found.account : undefined;
  }

  /** It is good no more. */
  end(token: string): void {
    this.#given.delete(digestOf(token));
  }
}

/** What is looked up is a digest, so that how long that takes tells nothing of a token. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
