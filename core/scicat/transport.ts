import pRetry from 'p-retry';
import { budget, megabytes } from '../limits/budget.ts';
import { errorFromAnswer, errorFromFailure, isWorthRetrying, ScicatError } from './errors.ts';
import type { Fetch, FetchResponse } from './fetching/fetch.ts';
import { proxiesFor, proxyNote } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import { plainFetch } from './fetching/plainFetch.ts';
import { redact } from './redact.ts';
import { bareToken, requestHeaders } from './requestHeaders.ts';
import { utf8Bytes } from '../text/utf8.ts';

/** One request, for logs. Holds no token. */
export interface RequestRecord {
  readonly method: string;
  readonly url: string;
  readonly attempt: number;
  /** Absent if there was no answer. */
  readonly status?: number;
  readonly milliseconds: number;
  readonly sentBytes: number;
}

export interface TransportOptions {
  /** Address of the API, such as `https://scicat.example.org/api/v3`. */
  readonly baseUrl: string;
  /** A token, or where to get one before each request. */
  readonly token?: string | (() => Promise<string | undefined>) | undefined;
  /** Sent to SciCat only, like the token. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For one request with its answer; 0 is not a limit beyond the 300 seconds of Node. Default 60. */
  readonly timeoutSeconds?: number | undefined;
  /** `false` accepts every certificate, for this client only. */
  readonly verify?: boolean | undefined;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up; no proxies if absent. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onRequest?: ((request: RequestRecord) => void) | undefined;
  /** How reads are tried again after a broken connection, a timeout, a 5xx or a 429. */
  readonly retry?:
    { readonly tries?: number; readonly firstDelaySeconds?: number; readonly maxDelaySeconds?: number } | undefined;
  readonly fetch?: Fetch | undefined;
}

/** An answer of any status. The body stays text, because its numbers are read losslessly elsewhere. */
export interface Answer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly bodyText: string;
  readonly contentType: string;
  /** Clock of the server minus our clock, in milliseconds; 0 if it does not say. */
  readonly clockSkewMs: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly sentBytes: number;
  /** Token that the request was sent with. */
  readonly token: string | undefined;
}

/** What is special about something that is sent. */
export interface SendNotes {
  /** The answer to a success repeats what was sent: it is read to its end, but only its start is kept. */
  readonly isEcho?: boolean;
  /** No token is sent along: SciCat refuses one that has expired, also where one signs in. */
  readonly isSignIn?: boolean;
  /** Refused with 412 if what is changed has changed since. An HTTP date has whole seconds; SciCat also reads ISO 8601. */
  readonly unmodifiedSince?: string;
}

export interface Transport {
  /** Reads, with retries; the answer may have any status below 500 but 429. @throws ScicatError */
  read(url: string): Promise<Answer>;
  /**
   * Sends once, whatever happens; the answer may have any status.
   * @throws ScicatError
   */
  send(method: 'POST' | 'PATCH' | 'DELETE', url: string, bodyText: string, notes?: SendNotes): Promise<Answer>;
  /** The error for an answer that is none of those the caller knows. */
  errorOf(answer: Answer): ScicatError;
}

const maxRedirects = 5;

/** What all requests of a transport share. */
interface Channel {
  readonly options: TransportOptions;
  readonly fetcher: Fetch;
  readonly proxiesOf: (url: string) => Proxies | undefined;
  /** A text without the token and the values of the extra headers. */
  readonly clean: (text: string, token: string | undefined) => string;
  /** Origins that have answered. */
  readonly known: Set<string | undefined>;
}

/** Sends requests to SciCat. The token and the extra headers go to the origin of `baseUrl` only. */
export function createTransport(options: TransportOptions): Transport {
  const proxiesOf = (url: string): Proxies | undefined => proxiesFor(url, options.env ?? {});
  // An answer may repeat the credentials without the word before them.
  const secretHeaders = Object.values(options.headers ?? {}).flatMap((value) => [value, value.replace(/^\S+\s+/, '')]);
  const channel: Channel = {
    options,
    fetcher: options.fetch ?? fetchThrough(options.verify !== false, proxiesOf),
    proxiesOf,
    clean: (text, token) => redact(text, [token, ...secretHeaders]),
    known: new Set(),
  };
  return {
    errorOf: (answer) => errorOf(channel, answer),
    send: async (method, url, body, notes) => {
      if (options.signal?.aborted) throw cancelled(method, url);
      return once(channel, { method, url, body, attempt: 1 }, notes);
    },
    read: (url) => readWithRetries(channel, url),
  };
}

function errorOf({ clean, proxiesOf }: Channel, answer: Answer): ScicatError {
  // Before a long body is shortened, which could leave a part of a secret.
  const bodyText = clean(answer.bodyText, answer.token);
  const location = answer.location === null ? null : shown(clean(answer.location, answer.token));
  const error = errorFromAnswer({ ...answer, bodyText, location, url: shown(answer.url) });
  const { kind, status, fields, retryAfterMs } = error;
  const proxies = ofProxies.has(answer.status) ? proxiesOf(answer.url) : undefined;
  const message = proxies ? `${error.message} ${proxyNote(answer.url, proxies)}` : error.message;
  const cleanFields = fields.map((item) => ({ ...item, message: clean(item.message, answer.token) }));
  return new ScicatError(kind, clean(message, answer.token), { status, fields: cleanFields, retryAfterMs });
}

/** What a timer of Node can wait for: 24 days. Beyond, it would wait for nothing. */
const longestTimerMs = 2 ** 31 - 1;

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
  readonly attempt: number;
}

/** One request with its answer, recorded. @throws ScicatError where there is no answer */
async function once(channel: Channel, asked: Asked, notes: SendNotes = {}): Promise<Answer> {
  const { options, clean } = channel;
  const { method, url, body, attempt } = asked;
  refuseBadAddress(method, url);
  const isOwn = originOf(url) === originOf(options.baseUrl);
  const token = isOwn && !notes.isSignIn ? await currentToken(options.token) : undefined;
  const headers = requestHeaders({
    token,
    extra: isOwn ? options.headers : undefined,
    hasBody: body !== null,
    isSignIn: notes.isSignIn ?? false,
    unmodifiedSince: notes.unmodifiedSince,
  });
  refuseBadHeaders(headers);
  const seconds = options.timeoutSeconds ?? 60;
  const limit = seconds > 0 ? AbortSignal.timeout(Math.min(Math.ceil(seconds * 1000), longestTimerMs)) : undefined;
  const signals = [options.signal, limit].filter((signal) => signal !== undefined);
  const sentBytes = body === null ? 0 : utf8Bytes(body).length;
  const start = performance.now();
  let status: number | undefined;
  try {
    const signal = signals.length > 0 ? AbortSignal.any(signals) : null;
    const response = await channel.fetcher(url, { method, headers, body, redirect: 'manual', signal });
    status = response.status;
    const isStart = notes.isEcho === true && status < 300;
    const bodyText = isStart ? await startOf(response) : await wholeOf(response, method, url);
    channel.known.add(originOf(url));
    return answerOf(response, { method, url, bodyText, sentBytes, token });
  } catch (failure) {
    if (options.signal?.aborted) throw cancelled(method, url);
    if (limit?.aborted) {
      const text = `${method} ${shown(url)}: no answer within ${seconds} seconds; see scicat.timeout.`;
      throw new ScicatError('timeout', text);
    }
    throw unanswered(channel, asked, failure, token);
  } finally {
    const milliseconds = Math.round(performance.now() - start);
    const record = { method, url: clean(url, token), attempt, milliseconds, sentBytes };
    options.onRequest?.(status === undefined ? record : { ...record, status });
  }
}

function answerOf(
  { status, headers }: FetchResponse,
  known: Pick<Answer, 'method' | 'url' | 'bodyText' | 'sentBytes' | 'token'>,
): Answer {
  const date = Date.parse(headers.get('date') ?? '');
  return {
    ...known,
    status,
    contentType: headers.get('content-type') ?? '',
    clockSkewMs: Number.isNaN(date) ? 0 : date - Date.now(),
    retryAfter: headers.get('retry-after'),
    location: headers.get('location'),
  };
}

/** The error for a request that the network has not answered; other failures are given as they are. */
function unanswered(
  { clean, proxiesOf }: Channel,
  { method, url }: Asked,
  failure: unknown,
  token: string | undefined,
): unknown {
  if (!isOfNetwork(failure)) return failure;
  const { kind, message, isUnsent } = errorFromFailure(method, shown(url), failure);
  const proxies = proxiesOf(url);
  const full = proxies ? `${message} ${proxyNote(url, proxies)}` : message;
  return new ScicatError(kind, clean(full, token), { isUnsent });
}

async function readFollowing(channel: Channel, url: string, attempt: number): Promise<Answer> {
  const origin = originOf(channel.options.baseUrl);
  const get = (target: string): Promise<Answer> => once(channel, { method: 'GET', url: target, body: null, attempt });
  let answer = await get(url);
  for (let count = 0; count < maxRedirects && isRedirect(answer); count++) {
    const location = answer.location ?? '';
    if (!URL.canParse(location, answer.url)) break;
    const next = new URL(location, answer.url).href;
    // Reading at SciCat must not quietly become reading somewhere else, as nobody.
    if (originOf(url) === origin && originOf(next) !== origin) break;
    answer = await get(next);
  }
  if (answer.status >= 500 || answer.status === 429) throw errorOf(channel, answer);
  if (answer.status < 300 && isWebPage(answer)) {
    const text = `GET ${shown(url)} was answered with a web page. This does not look like SciCat: check scicat.host.`;
    throw new ScicatError('bad-answer', text, { status: answer.status });
  }
  return answer;
}

async function readWithRetries(channel: Channel, url: string): Promise<Answer> {
  const { retry = {}, signal } = channel.options;
  const { tries = 5, firstDelaySeconds = 0.5, maxDelaySeconds = 30 } = retry;
  if (signal?.aborted) throw cancelled('GET', url);
  // An address that has never answered is more likely wrong than busy: that is said soon.
  const isNoServer = (error: Error): boolean =>
    error instanceof ScicatError && error.isUnsent && !channel.known.has(originOf(url));
  try {
    return await pRetry((attempt) => readFollowing(channel, url, attempt), {
      retries: tries - 1,
      minTimeout: firstDelaySeconds * 1000,
      maxTimeout: maxDelaySeconds * 1000,
      randomize: true,
      ...(signal && { signal }),
      shouldRetry: ({ error, attemptNumber }) =>
        isWorthWaiting(error, maxDelaySeconds * 1000) && !(isNoServer(error) && attemptNumber > 1),
      onFailedAttempt: async ({ error, retriesLeft }) => {
        const wait = error instanceof ScicatError ? (error.retryAfterMs ?? 0) : 0;
        if (retriesLeft > 0 && wait <= maxDelaySeconds * 1000) await pause(wait, signal);
      },
    });
  } catch (error) {
    if (signal?.aborted) throw cancelled('GET', url);
    throw error;
  }
}

/**
 * The body, counted as it arrives and after it was decompressed.
 * @throws ScicatError for one that is longer than any answer of SciCat
 */
async function wholeOf(response: FetchResponse, method: string, url: string): Promise<string> {
  if (!response.body) return response.text();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.length;
    if (bytes > budget.answer) {
      const text = `${method} ${shown(url)} was answered with more than ${megabytes(budget.answer)}, which is not read. This does not look like SciCat: check scicat.host.`;
      throw new ScicatError('endless-answer', text, { status: response.status });
    }
    pieces.push(piece);
  }
  return decodedText(joined(pieces, bytes), response.status, method, url);
}

/** @param length of all pieces together */
function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** What was read as the text that it is: a character put in for another one would end in a dataset, unseen. */
function decodedText(bytes: Uint8Array, status: number, method: string, url: string): string {
  // Of a failure the message is worth more, and a write is done whatever its answer looks like.
  const isFatal = method === 'GET' && status < 300;
  try {
    return new TextDecoder('utf-8', { fatal: isFatal }).decode(bytes);
  } catch {
    const text = `${method} ${shown(url)} was answered with text that is not UTF-8; it is not used, because its characters are not known.`;
    // Asking again would give the same.
    throw new ScicatError('bad-answer', text, { status, isUnsent: true });
  }
}

/** Enough to tell a web page. */
const startLength = 1000;

/** The start of a body. All of it must come, because an answer that breaks off is none. */
async function startOf(response: FetchResponse): Promise<string> {
  if (!response.body) return response.text();
  let start = '';
  for await (const piece of response.body) {
    if (start.length < startLength) start += String.fromCharCode(...piece.subarray(0, startLength));
  }
  return start;
}

/** An answer of something between us and SciCat, which knows no web pages. */
export function isWebPage({ contentType, bodyText }: Pick<Answer, 'contentType' | 'bodyText'>): boolean {
  return contentType.includes('html') || bodyText.trimStart().startsWith('<');
}

/** Waiting longer than the limit is left to the caller, who knows from the error how long. */
function isWorthWaiting(error: Error, limit: number): boolean {
  return error instanceof ScicatError && (error.retryAfterMs ?? 0) <= limit && isWorthRetrying(error);
}

/** What fetch throws for the network names a cause; anything else is a mistake of ours. */
function isOfNetwork(failure: unknown): boolean {
  return failure instanceof Error && (failure.cause !== undefined || 'code' in failure);
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (milliseconds <= 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function currentToken(token: TransportOptions['token']): Promise<string | undefined> {
  const found = bareToken((typeof token === 'function' ? await token() : token) ?? '');
  return found === '' ? undefined : found;
}

/** Checked here, because the platform takes it for a mistake of the program. */
function refuseBadAddress(method: string, url: string): void {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address && /^https?:$/.test(address.protocol) && address.username === '' && address.password === '') return;
  const text = `${method} ${shown(url)}: this is not an address that can be asked; it must begin with https:// or http:// and hold no user name.`;
  throw new ScicatError('bad-answer', text, { isUnsent: true });
}

/** Checked here, because the error of the platform would show the value. */
function refuseBadHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    // A token is one word; with others around it SciCat takes whoever brings it for nobody.
    const isOneWord = name !== 'authorization' || !/^Bearer .*[\s"{}]/.test(value);
    if (isOneWord && /^[\x20-\x7e\t]*$/.test(value) && /^[!#$%&'*+.^`|~\w-]+$/.test(name)) continue;
    const what = name === 'authorization' ? 'The token' : `The header ${name}`;
    throw new ScicatError('unauthorized', `${what} has characters that cannot be sent; was it copied in full?`);
  }
}

function cancelled(method: string, url: string): ScicatError {
  return new ScicatError('cancelled', `${method} ${shown(url)}: cancelled.`);
}

function isRedirect({ status, location }: Answer): boolean {
  return status >= 300 && status < 400 && location !== null;
}

/** The address without its query and without secrets, for messages. */
function shown(url: string): string {
  return redact(url.replace(/[?#].*$/s, ''));
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Answers that a proxy gives for itself: it wants a sign-in, or does not reach the server. */
const ofProxies: ReadonlySet<number> = new Set([407, 502, 503, 504]);

/** Node's own fetch, unless certificates are not checked or a proxy is set: that takes an HTTP library, loaded then. */
function fetchThrough(verify: boolean, proxiesOf: (url: string) => Proxies | undefined): Fetch {
  return async (url, init) => {
    const proxies = proxiesOf(url);
    if (verify && !proxies) return plainFetch(url, init);
    const { agentFetch } = await import('./fetching/agentFetch.ts');
    return agentFetch(verify, proxies)(url, init);
  };
}
