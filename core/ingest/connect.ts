import { createScicatClient } from '../scicat/client.ts';
import type { ScicatClient } from '../scicat/client.ts';
import type { Config } from './configOptions.ts';

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
    signal,
    onRequest: ({ method, url, status, milliseconds }) => {
      onRequest?.(`${method} ${url} → ${status ?? 'no answer'} (${Math.round(milliseconds)} ms)`);
    },
  });
}

function apiVersionOf(written: string): 'v3' | 'v4' | 'auto' {
  return written === 'v4' || written === 'auto' ? written : 'v3';
}
