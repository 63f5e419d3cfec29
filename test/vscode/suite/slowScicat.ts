import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A way to the sandbox on which answers can be held back, so that a process can be killed while it waits, or lost. */
export interface SlowScicat {
  /** Of the API. */
  readonly address: string;
  /** Fulfilled when such a request (`POST`, if nothing is said) to a path with this in it has come; it is never passed on. */
  readonly hold: (path: string, method?: string) => Promise<void>;
  /** Connections with this in their path are cut off from now on, as if nobody were there; undefined for none. */
  readonly cutOff: (path: string | undefined) => void;
  /** From the first request to a path with this in it on no token is known any more; undefined ends that. */
  readonly endTokens: (path: string | undefined) => void;
  readonly close: () => Promise<void>;
}

export async function slowScicat(sandbox: string): Promise<SlowScicat> {
  const target = new URL(sandbox);
  let held: { readonly path: string; readonly method: string; readonly come: () => void } | undefined;
  let away: string | undefined;
  let end: string | undefined;
  let areEnded = false;
  const pass = (incoming: IncomingMessage, answer: ServerResponse): void => {
    if (away !== undefined && incoming.url?.includes(away)) {
      incoming.destroy();
      return;
    }
    if (held !== undefined && incoming.method === held.method && incoming.url?.includes(held.path)) {
      held.come();
      held = undefined;
      return;
    }
    areEnded ||= end !== undefined && incoming.url?.includes(end) === true;
    if (areEnded) {
      incoming.resume();
      answer.writeHead(401, { 'content-type': 'application/json' });
      answer.end('{"statusCode":401,"message":"Unauthorized"}');
      return;
    }
    const { method, url: path, headers } = incoming;
    const onward = request({ host: target.hostname, port: target.port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(onward);
  };
  const server = createServer(pass).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    address: `http://127.0.0.1:${bound.port}${target.pathname}`,
    hold: (path, method = 'POST') =>
      new Promise((come) => {
        held = { path, method, come };
      }),
    cutOff: (path) => {
      away = path;
    },
    endTokens: (path) => {
      end = path;
      areEnded = false;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
