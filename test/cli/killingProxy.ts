import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does at one write: it is counted from 0. */
export interface KillPoint {
  readonly write: number;
  /** Only writes to this place are counted. */
  readonly to?: 'datasets' | 'origdatablocks';
  /** `before`: SciCat never hears of it. `after`: SciCat carries it out, and its answer is lost. */
  readonly when: 'before' | 'after';
}

export interface KillingProxy {
  /** Address of the API behind the proxy. */
  readonly host: string;
  /** Kill at this point; undefined lets everything through. @param kill given the headers of whoever writes */
  arm(point: KillPoint | undefined, kill: (headers: IncomingHttpHeaders) => void): void;
  /** Writes that came through since it was armed. */
  writes(): number;
  close(): Promise<void>;
}

/** Stands between a client and a SciCat, and kills the client at a chosen write. */
export async function startKillingProxy(target: string): Promise<KillingProxy> {
  let armed: { point: KillPoint | undefined; kill: (headers: IncomingHttpHeaders) => void } = {
    point: undefined,
    kill: () => undefined,
  };
  let count = 0;
  const base = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const isWrite = incoming.method === 'POST' || incoming.method === 'PATCH';
    const { to } = armed.point ?? {};
    const isCounted = isWrite && (to === undefined || incoming.url?.endsWith(`/${to}`) === true);
    const index = isCounted ? count++ : -1;
    const here = armed.point?.write === index ? armed.point : undefined;
    if (here?.when === 'before') {
      armed.kill(incoming.headers);
      incoming.destroy();
      return;
    }
    const forwarded = request(
      {
        host: base.hostname,
        port: base.port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, host: base.host },
      },
      (answer) => {
        if (here?.when === 'after') {
          answer.resume();
          answer.on('end', () => {
            armed.kill(incoming.headers);
            outgoing.destroy();
          });
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `http://127.0.0.1:${port}${base.pathname}`,
    arm: (point, kill) => {
      armed = { point, kill };
      count = 0;
    },
    writes: () => count,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
