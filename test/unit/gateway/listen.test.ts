import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { boundedBody } from '../../../core/http/boundedBody.ts';
import type { Bindings } from '../../../gateway/http/environment.ts';
import { listen } from '../../../gateway/http/listen.ts';
import type { Listening, ListenOptions } from '../../../gateway/http/listen.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close(0)));
});

async function start(
  answer: (request: Request, bindings: Bindings) => Promise<Response>,
  options: Partial<ListenOptions> = {},
): Promise<number> {
  const listening = await listen(answer, {
    host: '127.0.0.1',
    port: 0,
    idleMs: 5000,
    discardBytes: 100_000_000,
    lenient: false,
    ...options,
  });
  open.push(listening);
  return listening.port;
}

/** All that a connection gives until the server ends it. */
function conversation(port: number, send: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
    socket.on('connect', () => {
      send(socket);
    });
  });
}

const head = (...lines: readonly string[]): string => [...lines, 'Host: x', '', ''].join('\r\n');
const statuses = (text: string): string[] => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = '']) => status);

it('a host is the same in capital letters', async () => {
  const port = await start(({ url }) => Promise.resolve(new Response(url)));
  const text = await conversation(port, (socket) =>
    socket.write('GET /A HTTP/1.1\r\nHost: LocalHost:1\r\nConnection: close\r\n\r\n'),
  );
  expect(text).toContain('http://localhost:1/A');
});

it.each(['GET / HTTP/1.1', 'GET / HTTP/1.0', 'GET / HTTP/1.1\r\nHost:'])(
  'a request without a host is answered like others: %j',
  async (line) => {
    const port = await start(({ headers }) => Promise.resolve(new Response(headers.get('host') ?? 'none')));
    const text = await conversation(port, (socket) => socket.write(`${line}\r\nConnection: close\r\n\r\n`));
    expect(statuses(text)).toEqual(['200']);
    expect(text).toMatch(line.endsWith('Host:') ? /\r\n\r\n$/ : /none/);
  },
);

describe('a request that Node does not understand', () => {
  it('gets a 400, and the connection ends', async () => {
    const port = await start(() => Promise.resolve(new Response()));
    const text = await conversation(port, (socket) => socket.write('nonsense\r\n\r\n'));
    expect(statuses(text)).toEqual(['400']);
  });

  it('behind one that is being answered leaves that answer whole: a body where none was announced', async () => {
    let asked = 0;
    const port = await start(async () => {
      asked += 1;
      await wait(50);
      return new Response('completed');
    });
    const text = await conversation(port, (socket) =>
      socket.write(head('POST / HTTP/1.1', 'In-Progress: false', 'Content-Length: 0') + '<entry/>GET /other HTTP/1.1'),
    );
    expect(statuses(text)).toEqual(['200']);
    expect(text).toContain('completed');
    expect(asked).toBe(1);
  });

  it('whose body ends too early lets go whoever reads it, also if that began later', async () => {
    let reading = 'not begun';
    const port = await start(async (_, { incoming }) => {
      await wait(100);
      reading = 'waits';
      if (incoming) await boundedBody(incoming.iterator({ destroyOnReturn: false }), 2_000_000);
      reading = 'has all';
      return new Response('taken');
    });
    const text = await conversation(port, (socket) =>
      socket.end(`${head('PUT / HTTP/1.1', 'Content-Length: 1000000')}${'x'.repeat(500_000)}`),
    );
    expect([statuses(text), reading]).toEqual([['400'], 'waits']);
  });

  it('because it says its length twice is refused, and taken where that is wanted', async () => {
    const body: string[] = [];
    const answer = async (request: Request): Promise<Response> => {
      body.push(await request.text());
      return new Response('taken');
    };
    const request =
      head('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Content-Length: 3') + '3\r\nabc\r\n0\r\n\r\n';
    const strict = await start(answer);
    expect(statuses(await conversation(strict, (socket) => socket.write(request)))).toEqual(['400']);
    const lenient = await start(answer, { lenient: true });
    const text = await conversation(lenient, (socket) => socket.write(request));
    expect(statuses(text)).toEqual(['200']);
    expect(text.toLowerCase()).toContain('connection: close');
    expect(body).toEqual(['abc']);
  });
});

describe('a body that nobody wants', () => {
  const big = 30_000_000;

  it('is read to its end, so that its client comes to read the refusal and can go on', async () => {
    const port = await start(() => Promise.resolve(new Response('no', { status: 401 })));
    const text = await conversation(port, (socket) => {
      const request = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${big}\r\n\r\n`;
      socket.write(request);
      socket.write(Buffer.alloc(big), () => {
        socket.write(head('GET / HTTP/1.1', 'Connection: close'));
      });
    });
    expect(statuses(text)).toEqual(['401', '401']);
  });

  it('beyond the limit ends the connection', async () => {
    const port = await start(() => Promise.resolve(new Response('no', { status: 401 })), { discardBytes: 1_000_000 });
    let sent = 0;
    await conversation(port, (socket) => {
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n`);
      const more = (): void => {
        if (socket.destroyed) return;
        sent += 1_000_000;
        socket.write(Buffer.alloc(1_000_000), more);
      };
      more();
    });
    expect(sent).toBeLessThan(10e9);
  });
});

it('a connection without a byte for too long is ended', async () => {
  const port = await start(() => new Promise(() => undefined), { idleMs: 200 });
  const began = Date.now();
  await conversation(port, (socket) => socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'));
  expect(Date.now() - began).toBeLessThan(5000);
});

it('what is under way is answered when the service ends', async () => {
  const port = await start(async () => {
    await wait(100);
    return new Response('done');
  });
  const text = conversation(port, (socket) => {
    socket.write(head('GET / HTTP/1.1'));
    setTimeout(() => void open.splice(0)[0]?.close(5000), 30);
  });
  expect(statuses(await text)).toEqual(['200']);
});
