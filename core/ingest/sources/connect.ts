import { createScicatClient } from '../../scicat/client.ts';
import type { ScicatClient } from '../../scicat/client.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { isExpired, tokenExpiry } from '../../scicat/token.ts';
import type { Config } from '../../config/configOptions.ts';

export interface ConnectOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each request in one line, without its headers. */
  readonly onRequest?: ((line: string) => void) | undefined;
}

/** A connection to the SciCat of a configuration. The token leaves its wrapper here and nowhere else. */
export function connect(scicat: Config['scicat'], { signal, onRequest }: ConnectOptions = {}): ScicatClient {
  const token = scicat.token.reveal();
  return createScicatClient({
    baseUrl: scicat.host,
    apiVersion: apiVersionOf(scicat.apiVersion),
    headers: Object.fromEntries(
      Object.entries(scicat.additional_headers).map(([name, value]) => [name, value.reveal()]),
    ),
    timeoutSeconds: scicat.timeout,
    verify: scicat.verify,
    endpoints: scicat.api_endpoints,
    retry: { tries: scicat.max_tries, maxDelaySeconds: scicat.max_retry_delay },
    token: token === '' ? undefined : token,
    env: process.env,
    signal,
    onRequest: ({ method, url, status, milliseconds }) => {
      onRequest?.(`${method} ${url} → ${status ?? 'no answer'} (${Math.round(milliseconds)} ms)`);
    },
  });
}

/** Seconds that a token should still last when an ingestion begins. */
const tokenReserve = 300;

/**
 * What is to be known about the token before anything is begun: that it has expired (an error), or soon will (a
 * warning). By the clock of this computer; whether SciCat accepts the token only SciCat knows.
 */
export function tokenProblems({ token }: Pick<Config['scicat'], 'token'>): readonly Problem[] {
  const expiry = tokenExpiry(token.reveal());
  if (!expiry) return [];
  const when = expiry.toISOString();
  if (isExpired(token.reveal())) {
    return [problem('token-expired', `The token for SciCat has expired at ${when}; nothing was sent. Sign in again.`)];
  }
  const seconds = Math.round((expiry.getTime() - Date.now()) / 1000);
  if (seconds > tokenReserve) return [];
  const message = `The token for SciCat expires in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, at ${when}; a long ingestion may not finish.`;
  return [problem('token-expired', message, undefined, { severity: 'warning' })];
}

function apiVersionOf(written: string): 'v3' | 'v4' | 'auto' {
  return written === 'v4' || written === 'auto' ? written : 'v3';
}
