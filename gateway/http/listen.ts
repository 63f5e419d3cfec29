import { once } from 'node:events';
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { knowCapitals } from '../../core/http/ownAddress.ts';
import type { Answer } from './environment.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Without a byte for so long a connection is closed. */
  readonly idleMs: number;
  /** So many bytes of a body that nobody wanted are read on, so that its client comes to read the answer. */
  readonly discardBytes: number;
  /** Takes requests with two lengths. */
  readonly lenient: boolean;
}

export interface Listening {
  readonly port: number;
  /** Takes no new requests, lets those under way end for so many milliseconds, then closes. */
  close(graceMs: number): Promise<void>;
}

const badRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Listens for requests.
 * @throws an error of the system if the port is taken
 */
export async function listen(answer: Answer, options: ListenOptions): Promise<Listening> {
  const { host, port, idleMs, discardBytes, lenient } = options;
  const server = createAdaptorServer({
    fetch: (request, { incoming, outgoing }) =>
      incoming instanceof IncomingMessage && outgoing instanceof ServerResponse
        ? answer(request, { incoming, outgoing })
        : answer(request, {}),
    overrideGlobalObjects: false,
    // It would cut off a body that nobody wants, and its client would never read why (python-sword2 sends all of it).
    autoCleanupIncoming: false,
    // Whoever names no host is told so like others who are refused. The name is for the URL of the request alone.
    hostname: 'unnamed.invalid',
    serverOptions: { insecureHTTPParser: lenient, requireHostHeader: false },
  });
  if (!(server instanceof Server)) throw new Error('The server is not one for http.');
  // An upload may take as long as it takes, if it does not stop.
  server.requestTimeout = 0;
  server.timeout = idleMs;
  const underWay = new Map<Socket, ServerResponse>();
  server.prependListener('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { headers, socket } = incoming;
    knowCapitals(headers);
    underWay.set(socket, outgoing);
    if (lenient && headers['transfer-encoding'] !== undefined && hasLength(incoming)) outgoing.shouldKeepAlive = false;
    outgoing.once('close', () => {
      if (underWay.get(socket) === outgoing) underWay.delete(socket);
      discardRest(incoming, discardBytes);
    });
  });
  server.on('clientError', (_, stream) => {
    // Whatever follows is not understood any more, but what was asked before it may have been done already: the SWORD
    // library for PHP completes a deposit with a request that says that it has no body, and has one.
    const outgoing = [...underWay].find(([socket]) => socket === stream)?.[1];
    // A body that was cut off has no answer to wait for: whoever reads it waits for the rest, until the socket is gone.
    if (outgoing?.req.complete === true && !outgoing.writableFinished) {
      outgoing.shouldKeepAlive = false;
      outgoing.once('close', () => stream.destroy());
    } else if (stream.writable && outgoing?.headersSent !== true) stream.end(badRequest, () => stream.destroy());
    else stream.destroy();
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The service has no port.');
  return {
    port: address.port,
    async close(graceMs) {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        server.closeAllConnections();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

const hasLength = ({ headers }: IncomingMessage): boolean => headers['content-length'] !== undefined;

/** Reads on what is left of a body, up to a limit. */
function discardRest(incoming: IncomingMessage, limit: number): void {
  const { socket } = incoming;
  if (incoming.complete || socket.destroyed) return;
  const from = socket.bytesRead;
  const watch = setInterval(() => {
    if (incoming.complete || socket.destroyed) clearInterval(watch);
    else if (socket.bytesRead - from > limit) socket.destroy();
  }, 200);
  watch.unref();
  incoming.on('error', () => undefined);
  incoming.resume();
}
