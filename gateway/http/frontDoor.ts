import { isOwnOrigin, parseOrigin } from '../../core/http/ownAddress.ts';
import type { Answer, Bindings, RequestAbout } from './environment.ts';

/** One request, as the log has it: no bodies, no headers, no secrets. */
export interface RequestLine {
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly account?: string;
  readonly job?: string;
}

export interface FrontDoor {
  /** The port that is listened on. */
  readonly port: () => number;
  /** Origin under which others reach the service; empty without one. */
  readonly publicAddress: string;
  /** Origins of pages that may use it, besides its own. */
  readonly allowOrigins: readonly string[];
  /** What a refusal looks like to whoever asks for a path. */
  readonly refuse: (path: string, status: number, message: string) => Response;
  readonly log?: ((line: RequestLine) => void) | undefined;
}

/** Where links of other pages may lead: the page, and to sign in there and back. */
const visited: ReadonlySet<string> = new Set(['/', '/login', '/callback']);

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const headers = 'Content-Type, Accept, Authorization, Scicat-API-Token';

/**
 * What every request comes through: it must ask for this service by one of its own names (a name of somebody else can be
 * made to lead here), and a page that it comes from must be one of ours or allowed. Every answer, refusals too, has the
 * headers by which such a page can read it.
 */
export function throughFrontDoor(door: FrontDoor, answer: Answer): Answer {
  return async (request, bindings) => {
    const began = Date.now();
    const url = new URL(request.url);
    const about: RequestAbout = {};
    const response = await answered(door, request, url, { ...bindings, about }, answer);
    door.log?.({
      time: new Date(began).toISOString(),
      method: request.method,
      path: withoutSecrets(url),
      status: response.status,
      ms: Date.now() - began,
      ...about,
    });
    return response;
  };
}

async function answered(
  door: FrontDoor,
  request: Request,
  url: URL,
  bindings: Bindings,
  answer: Answer,
): Promise<Response> {
  const refuse = (status: number, message: string): Response => door.refuse(url.pathname, status, message);
  const origin = request.headers.get('origin') ?? undefined;
  const host = request.headers.get('host');
  // As RFC 9112, 3.2 wants it.
  if (host === null) return hardened(refuse(400, 'A request must name the host that it asks, in the header “Host”.'));
  if (!isOwnHost(door, host)) return hardened(refuse(421, 'This service answers under its own address only.'));
  const isAllowed = origin !== undefined && mayAsk(door, origin);
  if (origin !== undefined && !isAllowed)
    return hardened(refuse(403, `Pages of ${originText(origin)} are not allowed to use this service.`));
  if (request.method === 'OPTIONS' && origin !== undefined) return hardened(preflight(request), origin);
  const site = request.headers.get('sec-fetch-site');
  const isVisit = request.headers.get('sec-fetch-mode') === 'navigate' && visited.has(url.pathname);
  if (site === 'cross-site' && !isAllowed && !isVisit)
    return hardened(refuse(403, 'Pages of other places are not allowed to use this service.'));
  return hardened(await answer(request, bindings), origin);
}

/** An origin of somebody else as a sentence shows it. */
function originText(origin: string): string {
  return parseOrigin(origin)?.origin ?? 'that origin';
}

function isOwnHost({ port, publicAddress }: FrontDoor, host: string): boolean {
  if (isOwnOrigin(`http://${host}`, port())) return true;
  const own = parseOrigin(publicAddress);
  return own !== undefined && parseOrigin(`${own.protocol}//${host}`)?.host === own.host;
}

function mayAsk({ port, publicAddress, allowOrigins }: FrontDoor, origin: string): boolean {
  const own = parseOrigin(publicAddress)?.origin;
  return isOwnOrigin(origin, port()) || origin === own || allowOrigins.includes(origin);
}

/** What a browser asks before a page may ask. */
function preflight(request: Request): Response {
  const wantsPrivate = request.headers.get('access-control-request-private-network') === 'true';
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': headers,
      'Access-Control-Max-Age': '600',
      ...(wantsPrivate && { 'Access-Control-Allow-Private-Network': 'true' }),
    },
  });
}

function hardened(response: Response, origin?: string): Response {
  const { headers: set } = response;
  set.set('X-Content-Type-Options', 'nosniff');
  set.set('Cache-Control', 'no-store');
  // Whoever keeps answers for others must not give this one to a page of another origin.
  set.append('Vary', 'Origin');
  if (origin !== undefined) {
    set.set('Access-Control-Allow-Origin', origin);
    set.set('Access-Control-Allow-Credentials', 'true');
    set.set('Access-Control-Expose-Headers', 'Location, Link, Retry-After');
  }
  return response;
}

const secretName = /token|secret|password|code|key|auth|state|session/i;

/** What was asked for, without the values of parameters that may be secrets. */
export function withoutSecrets({ pathname, searchParams }: URL): string {
  const parts = [...searchParams].map(
    ([name, value]) => `${encodeURIComponent(name)}=${secretName.test(name) ? '***' : encodeURIComponent(value)}`,
  );
  return parts.length === 0 ? pathname : `${pathname}?${parts.join('&')}`;
}
