import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createScicatClient } from '../../../core/scicat/client.ts';
import type { ScicatClientOptions } from '../../../core/scicat/client.ts';
import { completeUrl } from '../../../core/ingest/sources/catalogueReader.ts';
import { datasetForVersion, plainForm } from '../../../core/scicat/datasetForVersion.ts';
import { ScicatError } from '../../../core/scicat/errors.ts';
import { proxiesFor } from '../../../core/scicat/proxies.ts';
import { bareToken, requestHeaders } from '../../../core/scicat/requestHeaders.ts';
import { selfSigned } from './selfSigned.ts';

const endpoints = {
  datasets: 'datasets',
  proposals: 'proposals',
  origdatablocks: 'origdatablocks',
  instruments: 'instruments',
  samples: 'samples',
  jobs: 'jobs',
  health: '',
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function listening(server: Server & { closeAllConnections(): void }): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener): Promise<string> => listening(createServer(listener));

const retry = { tries: 3, firstDelaySeconds: 0.001 };
const clientAt = (baseUrl: string, options: Partial<ScicatClientOptions> = {}) =>
  createScicatClient({ baseUrl, token: 'token-of-a-user', retry, ...options });

async function failureOf(action: Promise<unknown>): Promise<ScicatError> {
  const error = await action.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScicatError);
  return error as ScicatError;
}

describe('tokens', () => {
  it.each([
    ['abc', 'abc'],
    ['Bearer abc', 'abc'],
    ['  bearer   abc \n', 'abc'],
    ['BEARER Bearer\tabc', 'abc'],
    ['Bearer', ''],
    ['bearerabc', 'bearerabc'],
    ['Authorization: Bearer abc', 'abc'],
    ['"authorization:bearer  abc"', 'abc'],
    ['Bearer: abc', 'abc'],
    ['Bearer "abc"\r\n', 'abc'],
    ["'abc'", 'abc'],
    ['" "', ''],
  ])('takes %j for %j', (given, token) => {
    expect(bareToken(given)).toBe(token);
  });

  it.each([
    ['token', { AUTHORIZATION: 'Basic eA==', Accept: 'text/plain' }, false, 'Bearer token', 'text/plain'],
    [undefined, { Authorization: 'Basic eA==' }, false, 'Basic eA==', 'application/json'],
    ['token', {}, true, undefined, 'application/json'],
    ['token', { authorization: 'Bearer old' }, true, undefined, 'application/json'],
    ['token', { authorization: 'Basic eA==' }, true, 'Basic eA==', 'application/json'],
  ])('sends one header of each name: %j beside %j, sign-in %j', (token, extra, isSignIn, authorization, accept) => {
    const headers = requestHeaders({ token, extra, hasBody: true, isSignIn });
    expect(headers).toMatchObject({ accept, 'content-type': 'application/json' });
    expect(headers['authorization']).toBe(authorization);
  });

  it.each(['abc def', '{"access_token":"abc"}', 'Basic eA==', 'a\tb', 'äbc'])(
    'does not send %j, with which SciCat would take one for nobody, nor repeat it',
    async (token) => {
      const asked: string[] = [];
      const host = await serve((request, response) => {
        asked.push(request.url ?? '');
        response.end('{}');
      });
      const client = createScicatClient({ baseUrl: `http://${host}/api/v3`, token });
      const error = await failureOf(client.whoami());
      expect([error.kind, asked]).toEqual(['unauthorized', []]);
      expect(error.message).toContain('copied in full');
      expect(error.message).not.toContain(token);
    },
  );

  it('signs in without the old token, and says what SESSION_EXPIRED means', async () => {
    const expired = JSON.stringify({ message: 'SESSION_EXPIRED', error: 'Unauthorized', statusCode: 401 });
    const host = await serve((request, response) => {
      if (request.headers.authorization === undefined) response.writeHead(201).end('{"access_token":"new"}');
      else response.writeHead(401).end(expired);
    });
    const client = clientAt(`http://${host}/api/v3`);
    expect((await client.login('me', 'password')).token).toBe('new');
    expect((await client.ldapLogin('me', 'password')).token).toBe('new');
    const asks = [
      () => client.whoami(),
      () => client.get('proposals/1'),
      () => client.createDataset('{}'),
      () => client.datasetExists('x'),
    ];
    for (const ask of asks) expect((await failureOf(ask())).kind).toBe('session-expired');
  });

  it('says that a token is not accepted, instead of that a dataset belongs to others', async () => {
    const host = await serve((request, response) => {
      if (request.url?.endsWith('/whoami')) response.end('');
      else response.writeHead(403).end(JSON.stringify({ message: 'Unauthorized access', statusCode: 403 }));
    });
    const error = await failureOf(clientAt(`http://${host}/api/v3`).datasetExists('x'));
    expect(error).toMatchObject({ kind: 'unauthorized' });
    expect(error.message).toContain('does not accept the token');
  });
});

describe('an address that has moved', () => {
  it.each([301, 302, 307, 308])('is told at once for %d, and nothing goes to another host', async (status) => {
    let foreign = 0;
    const elsewhere = await serve((_request, response) => {
      foreign++;
      response.end('{}');
    });
    let own = 0;
    const host = await serve((_request, response) => {
      own++;
      response.writeHead(status, { location: `http://${elsewhere}/x?access_token=token-of-a-user` }).end();
    });
    const client = clientAt(`http://${host}/api/v3`);
    for (const ask of [() => client.whoami(), () => client.createDataset('{}'), () => client.datasetExists('x')]) {
      own = 0;
      const error = await failureOf(ask());
      expect(error.kind).toBe('moved');
      expect(error.message).toContain(`has moved to http://${elsewhere}/x`);
      expect(error.message).not.toContain('token-of-a-user');
      expect(own).toBe(1);
    }
    expect(foreign).toBe(0);
  });
});

describe('proxies', () => {
  it.each([
    ['http://a.example/x', { HTTP_PROXY: 'http://p:1' }, true],
    ['http://a.example/x', { http_proxy: 'p:1' }, true],
    ['https://a.example/x', { HTTP_PROXY: 'http://p:1' }, false],
    ['https://a.example/x', { https_proxy: 'http://p:1' }, true],
    ['http://a.example/x', { HTTPS_PROXY: 'http://p:1' }, false],
    ['http://a.example/x', { HTTP_PROXY: 'http://p:1', NO_PROXY: 'b.example, *' }, false],
    ['http://a.example/x', { HTTP_PROXY: ' ' }, false],
    ['http://a.example/x', {}, false],
  ])('asks %s with %j through a proxy: %j', (url, env, proxied) => {
    expect(proxiesFor(url, env) !== undefined).toBe(proxied);
  });

  it('goes through HTTP_PROXY, but not to hosts of NO_PROXY and this computer', async () => {
    const seen: string[] = [];
    const proxy = await serve((request, response) => {
      seen.push(request.url ?? '');
      response.end('{"username":"me","currentGroups":[]}');
    });
    const env = { HTTP_PROXY: `http://user:pass@${proxy}`, NO_PROXY: 'direct.invalid' };
    expect((await clientAt('http://scicat.invalid/api/v3', { env }).whoami()).username).toBe('me');
    expect(seen).toEqual(['http://scicat.invalid/api/v3/auth/whoami']);
    const direct = await failureOf(clientAt('http://direct.invalid/api/v3', { env }).whoami());
    expect(direct.kind).toBe('unreachable');
    expect(direct.message).not.toContain('pass');
    const own = await serve((_request, response) => response.end('{"username":"own","currentGroups":[]}'));
    expect((await clientAt(`http://${own}/api/v3`, { env }).whoami()).username).toBe('own');
    expect(seen).toHaveLength(1);
  });

  it('opens a tunnel for https, also where certificates are not checked', async () => {
    const target = await listening(
      createTlsServer(selfSigned, (_request, response) => response.end('{"username":"me","currentGroups":[]}')),
    );
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const upstream = connect(Number(target.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => upstream.destroy());
      closing.push(() => Promise.resolve([upstream, socket].map((end) => end.destroy())));
    });
    const env = { https_proxy: await listening(server) };
    const client = clientAt('https://scicat.invalid/api/v3', { env, verify: false });
    expect((await client.whoami()).username).toBe('me');
    expect(asked).toEqual(['scicat.invalid:443']);
    const checked = await failureOf(clientAt('https://scicat.invalid/api/v3', { env }).whoami());
    expect(checked.message).toContain('NODE_EXTRA_CA_CERTS');
  });

  it.each([
    ['refuses the tunnel', 'https', 403],
    ['wants a sign-in', 'http', 407],
    ['does not reach the server', 'http', 502],
  ])('names the proxy when it %s', async (_title, scheme, status) => {
    const server = createServer((_request, response) => response.writeHead(status).end('<html></html>'));
    server.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    const proxy = await listening(server);
    const env = { HTTP_PROXY: `http://${proxy}`, HTTPS_PROXY: `http://${proxy}` };
    const error = await failureOf(clientAt(`${scheme}://scicat.invalid/api/v3`, { env }).whoami());
    expect(error.message).toContain(`${scheme.toUpperCase()}_PROXY names a proxy (${proxy})`);
  });

  it('names a proxy that is not there', async () => {
    const env = { HTTP_PROXY: 'http://127.0.0.1:9' };
    const error = await failureOf(clientAt('http://scicat.invalid/api/v3', { env, retry: { tries: 1 } }).whoami());
    expect(error.message).toContain('HTTP_PROXY names a proxy (127.0.0.1:9)');
  });
});

describe('pids', () => {
  it.each(['', ' ', '.', '..', '%2e%2e', '20.500/../x', 'a\u0000b', '\udc00'])(
    'asks for nothing with %j',
    async (pid) => {
      const asked: (string | undefined)[] = [];
      const host = await serve((request, response) => {
        asked.push(request.url);
        response.end('[]');
      });
      const client = clientAt(`http://${host}/api/v3`);
      for (const ask of [
        () => client.datasetExists(pid),
        () => client.origDatablocksOf(pid),
        () => client.datasetText(pid),
        () => client.isDatasetMadeOf('{}', pid, '2026-01-01T00:00:00Z'),
      ])
        expect((await failureOf(ask())).message).toContain('cannot be asked for');
      expect(asked).toEqual([]);
    },
  );
});

describe('the version of the API', () => {
  const own = JSON.stringify({ type: 'simulation', pid: 'x', proposalIds: ['1'] });
  it.each([
    ['v3', own, '/api/v3/datasets'],
    ['v4', own, '/api/v4/datasets'],
    [undefined, own, '/api/v4/datasets'],
    ['v3', JSON.stringify({ type: 'derived', pid: 'x', proposalId: '1' }), '/api/v3/datasets'],
  ] as const)('%s is kept for %s', async (version, body, path) => {
    const asked: (string | undefined)[] = [];
    const host = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(201).end('{"pid":"x"}');
    });
    await clientAt(`http://${host}/api/v3`).createDataset(body, version);
    expect(asked).toEqual([path]);
  });

  it('leaves the path of the host out where an endpoint begins with a slash', async () => {
    const asked: (string | undefined)[] = [];
    const host = await serve((request, response) => {
      asked.push(request.url);
      response.end('[]');
    });
    const scicat = { host: `http://${host}/old/api/v3/`, api_endpoints: { ...endpoints, proposals: '/new/proposals' } };
    const client = clientAt(scicat.host, { endpoints: { samples: '/new/samples', origdatablocks: 'odb' } });
    await client.findSamples('rod', '7');
    await client.createOrigDatablock('{}');
    expect(asked[0]).toMatch(/^\/new\/samples\?filter=/);
    expect(JSON.parse(decodeURIComponent(asked[0]?.split('=')[1] ?? ''))).toEqual({
      where: { proposalId: '7', $or: [{ description: 'rod' }, { sampleName: 'rod' }] },
    });
    expect(asked[1]).toBe('/old/api/v3/odb');
    expect(completeUrl('proposals/1', scicat.host, scicat.api_endpoints)).toBe(`http://${host}/new/proposals/1`);
    expect(completeUrl('instruments/1', scicat.host, scicat.api_endpoints)).toBe(
      `http://${host}/old/api/v3/instruments/1`,
    );
  });
});

describe('derived datasets', () => {
  const given = { type: 'derived', principalInvestigator: 'Ada', inputDatasets: ['a'], usedSoftware: ['s'] };
  it.each([
    ['v3', given, { type: 'derived', investigator: 'Ada', inputDatasets: ['a'], usedSoftware: ['s'] }],
    [
      'v3',
      { ...given, investigator: 'Bea' },
      { type: 'derived', inputDatasets: ['a'], usedSoftware: ['s'], investigator: 'Bea' },
    ],
    ['v3', { ...given, type: 'raw' }, { type: 'raw', principalInvestigator: 'Ada' }],
    [
      'v4',
      { ...given, investigator: 'Bea' },
      { type: 'derived', principalInvestigators: ['Ada'], inputDatasets: ['a'], usedSoftware: ['s'] },
    ],
  ] as const)('in %s: %j', (version, fields, sent) => {
    const written = datasetForVersion(new Map<string, unknown>(Object.entries(fields)), version, plainForm);
    expect(Object.fromEntries(written.fields)).toEqual(sent);
  });
});

describe('answers', () => {
  it('that are not UTF-8 are not used, and not asked for again', async () => {
    let asked = 0;
    const host = await serve((_request, response) => {
      asked++;
      response.end(Buffer.from('{"title":"Gr\xfcn"}', 'latin1'));
    });
    const error = await failureOf(clientAt(`http://${host}/api/v3`).get('proposals/1'));
    expect(error.message).toContain('not UTF-8');
    expect(asked).toBe(1);
  });

  it('about accounts come from v3, whichever version the address names', async () => {
    const asked: (string | undefined)[] = [];
    const host = await serve((request, response) => {
      asked.push(request.url);
      response.end('{"username":"me","currentGroups":[]}');
    });
    await clientAt(`http://${host}/api/v4`).whoami();
    expect(asked).toEqual(['/api/v3/auth/whoami']);
  });
});
