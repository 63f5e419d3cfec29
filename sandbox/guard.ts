import type { IncomingHttpHeaders } from 'node:http';
import { isOwnOrigin } from '../core/http/ownAddress.ts';
import { jsonResponse } from './answers.ts';

type Answer<B> = (request: Request, bindings: B) => Response | Promise<Response>;

/** A request of this server, with the headers as they came. */
interface Incoming {
  readonly incoming: { readonly headers: IncomingHttpHeaders };
}

/**
 * Lets only those in who ask from this computer, or from pages that are allowed; what these are answered, refusals too,
 * has the headers by which a browser gives it to them.
 * @param port of the server itself, once it is known
 */
export function guarded<B extends Incoming>(
  answer: Answer<B>,
  port: () => number,
  allowOrigins: readonly string[],
): Answer<B> {
  return async (request, bindings) => {
    const { headers } = bindings.incoming;
    const { origin } = headers;
    const isAllowed = origin !== undefined && allowOrigins.includes(origin);
    const refused = refuseStrangers(isAllowed ? { host: headers.host } : headers, port());
    if (!isAllowed) return refused ?? answer(request, bindings);
    // SciCat itself lets all pages ask for everything.
    const response = refused ?? (request.method === 'OPTIONS' ? preflight(request) : await answer(request, bindings));
    response.headers.set('Access-Control-Allow-Origin', origin);
    response.headers.append('Vary', 'Origin');
    return response;
  };
}

/** What a browser asks before a page may ask. */
function preflight(request: Request): Response {
  const { headers } = request;
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
      'Access-Control-Allow-Headers': headers.get('access-control-request-headers') ?? '',
      ...(headers.get('access-control-request-private-network') === 'true' && {
        'Access-Control-Allow-Private-Network': 'true',
      }),
    },
  });
}

/**
 * The refusal for whoever calls a server of this computer by another name, or from a web page of another place: a name
 * of somebody else can be made to lead here, and its pages would then read and write what the server holds.
 * @param port of the server itself
 */
function refuseStrangers({ host, origin }: IncomingHttpHeaders, port: number): Response | undefined {
  // Any port: a proxy of this computer passes on the one that it was asked at, and names are what can be made to lead here.
  if (host === undefined || !isOwnOrigin(`http://${host}`)) {
    return jsonResponse(421, forbidden(`The sandbox is http://127.0.0.1:${port}; it answers under no other name.`));
  }
  if (origin !== undefined && !isOwnOrigin(origin, port)) {
    return jsonResponse(403, forbidden('The sandbox answers no web pages but its own.'));
  }
  return undefined;
}

function forbidden(message: string): { message: string; error: string } {
  return { message, error: 'Forbidden' };
}
