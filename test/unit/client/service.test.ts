import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NotSignedIn, ServiceClient } from '../../../client/service/serviceClient.ts';
import { readServiceIngestion } from '../../../client/service/serviceIngestions.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A service that answers as it is told, and what was asked of it. */
async function answering(
  answer: (path: string, response: ServerResponse) => void,
): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    answer(request.url ?? '', response);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

describe('a service', () => {
  it('is told who asks in a header and nowhere else', async () => {
    const { address, asked } = await answering((_, response) =>
      response.end('{"version": "1", "locations": [{"name": "a"}]}'),
    );
    expect(await new ServiceClient(address, 'ada.secret').locations()).toEqual(['a']);
    expect(asked).toEqual(['GET /api/v1 Bearer ada.secret']);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['nothing of it', (response) => response.end('<html>'), /There is no ingest service/],
    ['another one', (response) => response.end('{}'), /There is no ingest service/],
    [
      'a reason',
      (response) => response.writeHead(404).end('{"message": "There is no job 1."}'),
      /^There is no job 1\.$/,
    ],
    ['no reason', (response) => response.writeHead(502).end('Bad gateway'), /answers with 502/],
    ['elsewhere', (response) => response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end(), /does not answer/],
    ['a broken connection', (response) => response.destroy(), /does not answer/],
  ])('that answers with %s says so', async (_, answer, message) => {
    const { address } = await answering((__, response) => {
      answer(response);
    });
    await expect(new ServiceClient(address, undefined).locations()).rejects.toThrow(message);
  });

  it('that asks for a sign-in is told from one that refuses', async () => {
    const { address } = await answering((_, response) => response.writeHead(401).end('{"message": "Sign in."}'));
    await expect(new ServiceClient(address, 'wrong').locations()).rejects.toBeInstanceOf(NotSignedIn);
  });

  it('tells its jobs over broken connections, in whichever pieces they come', async () => {
    let streams = 0;
    const { address } = await answering((_, response) => {
      streams += 1;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      if (streams > 1) response.write('event: dropped\ndata: {"id":"1"}\n\n');
      else {
        response.write(':\n\nevent: job\nda');
        setImmediate(() =>
          response.end('ta: {"id":"1","tag":"\u00e4"}\n\nevent: other\ndata: {}\n\nevent: job\ndata: {'),
        );
      }
    });
    const told: [string, object][] = [];
    const stop = new AbortController();
    await new ServiceClient(address, undefined).follow((event, record) => {
      told.push([event, record]);
      if (event === 'dropped') stop.abort();
    }, stop.signal);
    expect(told.filter(([event]) => event !== 'lost')).toEqual([
      ['opened', {}],
      ['job', { id: '1', tag: 'ä' }],
      ['opened', {}],
      ['dropped', { id: '1' }],
    ]);
  });
});

describe('a job of a service', () => {
  const service = { name: 'Beamline', address: 'https://ingest.example.org/' };
  const job = {
    id: '7',
    status: 'deposited',
    running: false,
    host: 'h',
    created: 'c',
    changed: 'd',
    steps: [],
    problems: [],
    files: [],
  };

  it.each<[string, object, object]>([
    [
      'waits for its turn',
      { dataFile: '/d/a.nxs', can: ['cancel'] },
      { state: 'queued', verbs: ['cancel'], file: '/d/a.nxs' },
    ],
    [
      'is a draft',
      { status: 'draft', files: [{ name: 'b.nxs' }], can: ['change', 'submit', 'cancel'] },
      { state: 'draft', verbs: ['cancel'], file: 'b.nxs' },
    ],
    [
      'was rejected',
      { status: 'rejected', tag: 'x', can: ['reopen', 'drop'] },
      { state: 'failed', verbs: ['resume', 'remove'], file: 'x' },
    ],
    [
      'waits for approval',
      { hold: { for: 'approval' }, can: ['cancel', 'approve'] },
      { state: 'waiting', verbs: ['cancel', 'resume'], file: 'job 7' },
    ],
    [
      'is done',
      { status: 'done', pid: 'p', can: ['amend', 'drop'] },
      { state: 'done', verbs: ['open', 'remove'], pid: 'p' },
    ],
  ])('that %s', (_, change, expected) => {
    const read = readServiceIngestion(service, { ...job, ...change });
    expect(read).toMatchObject({
      ...expected,
      id: 'https://ingest.example.org#7',
      service: { id: '7', name: 'Beamline' },
    });
  });
});
