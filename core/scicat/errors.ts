import { describeErrorBody } from './errorBody.ts';
import type { FieldError } from './errorBody.ts';

export type { FieldError } from './errorBody.ts';

export type ScicatErrorKind =
  /** No connection, or it broke. */
  | 'unreachable'
  | 'timeout'
  | 'cancelled'
  | 'unauthorized'
  | 'session-expired'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  /** SciCat refused the content. */
  | 'invalid'
  | 'too-large'
  | 'rate-limited'
  /** SciCat failed; a write may have been carried out all the same. */
  | 'server'
  /** The address has moved; nothing is sent to another one. */
  | 'moved'
  /** An answer that is not SciCat's, or that does not say what it must. */
  | 'bad-answer'
  /** An answer that is too long to be read; what was asked may have been done. */
  | 'endless-answer';

export interface ScicatErrorDetails {
  readonly status?: number | undefined;
  readonly fields?: readonly FieldError[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly isUnsent?: boolean | undefined;
}

/** Whatever went wrong between us and SciCat. The message is for a person and holds no token. */
export class ScicatError extends Error {
  readonly kind: ScicatErrorKind;
  /** HTTP status, if there was an answer. */
  readonly status: number | undefined;
  /** What SciCat refused, by path: `contactEmail`, `techniques.0.pid`. */
  readonly fields: readonly FieldError[];
  /** How long SciCat asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** True where the request surely never reached SciCat, because there was no connection. */
  readonly isUnsent: boolean;

  constructor(kind: ScicatErrorKind, message: string, details: ScicatErrorDetails = {}) {
    super(message);
    this.name = 'ScicatError';
    this.kind = kind;
    this.status = details.status;
    this.fields = details.fields ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.isUnsent = details.isUnsent ?? false;
  }
}

/** Whether the same request may succeed a little later. */
export function isWorthRetrying({ kind, isUnsent }: ScicatError): boolean {
  return (
    kind === 'unreachable' ||
    kind === 'timeout' ||
    kind === 'server' ||
    kind === 'rate-limited' ||
    // Of a proxy that wants a sign-in, or that is being restarted; a certificate stays as it is.
    (kind === 'bad-answer' && !isUnsent)
  );
}

/** An answer, and what was asked. */
export interface Answered {
  readonly method: string;
  /** Without secrets. */
  readonly url: string;
  readonly status: number;
  readonly bodyText: string;
  /** Bytes of the request's body. */
  readonly sentBytes: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
}

/** SciCat's default limit for a body is 16 MB, and it answers 500 beyond. */
const probablyTooLarge = 15e6;

/** The error that an answer without success stands for, whichever of SciCat's many forms it has. */
export function errorFromAnswer(answer: Answered): ScicatError {
  const { method, url, status } = answer;
  const { message, fields, isForeign, isRefusedByDatabase } = describeErrorBody(answer.bodyText);
  const kind = isRefusedByDatabase ? 'invalid' : kindOf(answer, message, isForeign);
  const said = message === '' ? `status ${status}` : `${status}: ${message}`;
  const text = `${method} ${url} was answered with ${said}${/[.!?]$/.test(said) ? '' : '.'} ${wayOut(kind, answer, message)}`;
  const retryAfterMs = retryDelay(answer.retryAfter);
  return new ScicatError(kind, text.trim(), { status, fields, retryAfterMs });
}

function kindOf({ status, sentBytes, location }: Answered, message: string, isForeign: boolean): ScicatErrorKind {
  if (status >= 300 && status < 400 && location !== null) return 'moved';
  if (status === 401) return message === 'SESSION_EXPIRED' ? 'session-expired' : 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return isForeign ? 'bad-answer' : 'not-found';
  if (status === 408) return 'timeout';
  if (status === 409) return 'conflict';
  if (status === 413 || (status === 500 && sentBytes > probablyTooLarge)) return 'too-large';
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'server';
  if (status === 407) return 'bad-answer';
  return status >= 400 ? 'invalid' : 'bad-answer';
}

function wayOut(kind: ScicatErrorKind, { location, url, status }: Answered, message: string): string {
  if (status === 407) return 'The proxy wants a user name and a password.';
  switch (kind) {
    case 'unauthorized':
      return 'Sign in again, or check the token, the user name and the password.';
    case 'session-expired':
      return 'The token has expired: sign in again.';
    case 'forbidden':
      return message === 'Forbidden resource'
        ? 'The account may not do this, or the token is invalid (SciCat treats an invalid token as nobody): sign in again or ask for the permission.'
        : 'The account lacks the permission; check the ownerGroup and the pid that are sent, or ask the administrators of SciCat.';
    case 'not-found':
      return message.startsWith('Cannot ') ? 'Check scicat.host: it ends with /api/v3 as a rule.' : '';
    case 'conflict':
      return 'Nothing was changed.';
    case 'too-large':
      return 'The request is probably too large for the server: lower the number of files in an origDatablock.';
    case 'rate-limited':
      return 'The server asks to wait.';
    case 'moved':
      return `The address has moved to ${location?.slice(0, 200) ?? 'elsewhere'}: set scicat.host accordingly${url.startsWith('http:') ? ' (https?)' : ''}.`;
    case 'bad-answer':
      return 'This does not look like SciCat: check scicat.host.';
    case 'server':
      return 'SciCat has a problem of its own; try again later or tell its administrators.';
    default:
      return '';
  }
}

/** `Retry-After` as milliseconds from now; it is seconds or a date. */
function retryDelay(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers at this address; is SciCat running, is the port right?',
  ENOTFOUND: 'there is no host of this name; check scicat.host and the network.',
  EAI_AGAIN: 'the name could not be looked up; check the network.',
  ECONNRESET: 'the connection broke.',
  EPIPE: 'the connection broke.',
  UND_ERR_SOCKET: 'the connection broke.',
  ETIMEDOUT: 'the host does not answer.',
  EHOSTUNREACH: 'the host cannot be reached from here.',
  ENETUNREACH: 'there is no network to this host.',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer.',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came.',
  UND_ERR_ABORTED: 'no connection was made.',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half way.',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut short.',
  ERR_INVALID_URL: 'this is not an address; check scicat.host.',
};

/** Failures before there is a connection. */
const unconnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
  // A proxy that refuses to open a tunnel.
  'UND_ERR_ABORTED',
]);

const certificateCode = /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS/;

/** The error that a request without an answer stands for. */
export function errorFromFailure(method: string, url: string, failure: unknown): ScicatError {
  const code = codeOf(failure);
  if (code !== undefined && certificateCode.test(code)) {
    const message =
      `${method} ${url}: the certificate of the server cannot be trusted (${code}). ` +
      'Name the certificate of the facility in NODE_EXTRA_CA_CERTS; scicat.verify: false turns the check off.';
    return new ScicatError('bad-answer', message, { isUnsent: true });
  }
  const reason = code === 'NOT_TOLD' && failure instanceof Error ? failure.message : reasons[code ?? ''];
  const message = `${method} ${url}: ${reason ?? `no connection${code ? ` (${code})` : ''}.`}`;
  return new ScicatError('unreachable', message, { isUnsent: code !== undefined && unconnected.has(code) });
}

/** The code of an error or of what caused it, however deep. */
function codeOf(failure: unknown): string | undefined {
  let current: unknown = failure;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    const causes: readonly unknown[] = current instanceof AggregateError ? current.errors : [current.cause];
    current = causes[0];
  }
  return undefined;
}
