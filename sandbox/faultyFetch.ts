import { setTimeout as wait } from 'node:timers/promises';
import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { TokenIssuer } from './accounts.ts';
import { jsonResponse } from './answers.ts';
import type { Faults } from './faults.ts';

type FetchCallback = (request: Request, bindings: HttpBindings | Http2Bindings) => Response | Promise<Response>;

const proxyPage =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>';

/** Answers requests with the faults that are set for them. */
export function faultyFetch(answer: FetchCallback, faults: Faults, tokens: TokenIssuer): FetchCallback {
  return async (request, bindings) => {
    const struck = faults.take(request.method, new URL(request.url).pathname);
    for (const fault of struck) {
      switch (fault.kind) {
        case 'error-before':
          return jsonResponse(500, 'Internal server error');
        case 'rate-limit': {
          const limited = jsonResponse(429, 'ThrottlerException: Too Many Requests');
          limited.headers.set('retry-after', String(fault.retryAfterSeconds ?? 1));
          return limited;
        }
        case 'proxy-html':
          return new Response(proxyPage, { status: fault.status ?? 502, headers: { 'content-type': 'text/html' } });
        case 'reset-before':
          bindings.outgoing.destroy();
          return RESPONSE_ALREADY_SENT;
        case 'expire-tokens':
          tokens.expireAll();
          break;
        case 'latency':
        case 'error-after':
        case 'reset-after':
        case 'cut':
          break;
      }
    }
    const response = await answer(request, bindings);
    for (const { kind, milliseconds } of struck) {
      if (kind === 'latency') await wait(milliseconds ?? 1000);
      if (kind === 'error-after') return jsonResponse(500, 'Internal server error');
      if (kind === 'reset-after') {
        bindings.outgoing.destroy();
        return RESPONSE_ALREADY_SENT;
      }
      if (kind === 'cut') return cutShort(response, bindings);
    }
    return response;
  };
}

/** Announces the whole answer and ends the connection after half of it. */
async function cutShort(response: Response, { outgoing }: HttpBindings | Http2Bindings): Promise<Response> {
  const body = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get('content-type') ?? 'application/json';
  outgoing.statusCode = response.status;
  outgoing.setHeader('content-type', type);
  outgoing.setHeader('content-length', body.length);
  const destroy = (): void => {
    outgoing.destroy();
  };
  const half = body.subarray(0, Math.floor(body.length / 2));
  if ('stream' in outgoing) outgoing.stream.end(half, destroy);
  else outgoing.write(half, destroy);
  return RESPONSE_ALREADY_SENT;
}
