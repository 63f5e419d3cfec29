import { apiAddresses } from './apiAddresses.ts';
import type { ApiAddresses, EndpointName } from './apiAddresses.ts';
import type { ApiVersion } from './datasetForVersion.ts';
import { ScicatError } from './errors.ts';
import { isList, jsonIn } from './json.ts';
import { redact } from './redact.ts';
import { isExpired, tokenExpiry } from './token.ts';
import { createTransport } from './transport.ts';
import type { Answer, Transport, TransportOptions } from './transport.ts';

export interface ConnectionOptions extends TransportOptions {
  /** `auto` uses v4 where a dataset needs it and the server has it. Default v3, which every SciCat has. */
  readonly apiVersion?: ApiVersion | 'auto' | undefined;
  /** Paths of the API, where they are not the usual ones. */
  readonly endpoints?: Readonly<Partial<Record<EndpointName, string>>> | undefined;
}

/** What the calls of a client are made of. Everything throws `ScicatError`. */
export interface Connection {
  readonly apiVersion: ApiVersion | 'auto';
  /** The version in which datasets are read. */
  readonly readVersion: ApiVersion;
  readonly addresses: ApiAddresses;
  readonly transport: Transport;
  /** The error for an answer, knowing more about the token than SciCat says. */
  readonly failure: (answer: Answer) => ScicatError;
  /** Reads; any answer but a success is an error. */
  readonly read: (url: string) => Promise<Answer>;
  /** Reads a list; an empty answer is an empty one. */
  readonly readList: (url: string) => Promise<{ readonly items: readonly unknown[]; readonly answer: Answer }>;
  /** Sends once; any answer but a success is an error. */
  readonly post: (url: string, bodyText: string, isEcho?: boolean) => Promise<Answer>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const apiVersion = options.apiVersion ?? 'v3';
  const transport = createTransport(options);
  const hasOwnHeader = Object.keys(options.headers ?? {}).some((name) => name.toLowerCase() === 'authorization');
  const failure = (answer: Answer): ScicatError => {
    const error = transport.errorOf(answer);
    if (error.kind !== 'forbidden' && error.kind !== 'unauthorized') return error;
    if (isExpired(answer.token)) return sessionExpired(answer.token, error.status);
    if (answer.token !== undefined || hasOwnHeader) return error;
    const text = `${error.message} No token was sent: sign in first.`;
    return new ScicatError('unauthorized', text, { status: error.status });
  };
  const succeeded = (answer: Answer): Answer => {
    if (!isSuccess(answer)) throw failure(answer);
    return answer;
  };
  const read = async (url: string): Promise<Answer> => succeeded(await transport.read(url));
  return {
    apiVersion,
    readVersion: apiVersion === 'v4' ? 'v4' : 'v3',
    addresses: apiAddresses(options.baseUrl, options.endpoints),
    transport,
    failure,
    read,
    async readList(url) {
      const answer = await read(url);
      const body = answer.bodyText.trim() === '' ? null : jsonIn(answer.bodyText);
      if (body === null) return { items: [], answer };
      if (!isList(body)) throw notScicat(answer, 'a list');
      return { items: body, answer };
    },
    post: async (url, bodyText, isEcho = false) => succeeded(await transport.send('POST', url, bodyText, { isEcho })),
  };
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** The error for an answer that is not what SciCat gives there. */
export function notScicat({ method, status, location }: Answer, expected: string): ScicatError {
  const moved = location === null ? '' : ` It has moved to ${redact(location.replace(/[?#].*$/s, '')).slice(0, 200)}.`;
  const message = `SciCat's answer to a ${method} is not ${expected} as it should be; check scicat.host.${moved}`;
  return new ScicatError('bad-answer', message, { status });
}

export function sessionExpired(token: string | undefined, status: number | undefined): ScicatError {
  const expiry = token === undefined ? undefined : tokenExpiry(token);
  const when = expiry === undefined ? '' : ` at ${expiry.toISOString()}`;
  return new ScicatError('session-expired', `The token for SciCat has expired${when}: sign in again.`, { status });
}

/** Whether SciCat made something after a time of our clock. @param made when, by its own */
export function isMadeSince(made: string | undefined, since: string, { clockSkewMs }: Answer): boolean {
  // One second, because the server states its time in whole seconds.
  return Date.parse(made ?? '') >= Date.parse(since) + clockSkewMs - 1000;
}
