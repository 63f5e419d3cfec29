import { describe, expect, it } from 'vitest';
import { throughFrontDoor, withoutSecrets } from '../../../gateway/http/frontDoor.ts';
import type { RequestLine } from '../../../gateway/http/frontDoor.ts';

const page = 'https://scicat.example.org';

async function ask(
  headers: Readonly<Record<string, string>>,
  {
    host = '127.0.0.1:8888',
    method = 'GET',
    path = '/userinfo',
    log,
  }: { host?: string | null; method?: string; path?: string; log?: (line: RequestLine) => void } = {},
): Promise<Response> {
  const answer = throughFrontDoor(
    {
      port: () => 8888,
      publicAddress: 'https://ingest.example.org',
      allowOrigins: [page],
      refuse: (_, status, message) => new Response(message, { status }),
      log,
    },
    (_, { about }) => {
      if (about) about.account = 'ada';
      return Promise.resolve(new Response('answered', { status: 400 }));
    },
  );
  const request = new Request(`http://127.0.0.1:8888${path}`, {
    method,
    headers: { ...(host !== null && { host }), ...headers },
  });
  return answer(request, {});
}

describe('who is answered', () => {
  it.each([
    ['127.0.0.1:8888', 400],
    ['localhost:8888', 400],
    ['[::1]:8888', 400],
    ['ingest.example.org', 400],
    ['ingest.example.org:443', 400],
    ['INGEST.example.org', 400],
    ['ingest.example.org:8888', 421],
    ['127.0.0.1', 421],
    ['127.0.0.1:1', 421],
    ['rebound.example:8888', 421],
    ['127.0.0.1.rebound.example:8888', 421],
    ['x@127.0.0.1:8888', 421],
    ['', 421],
  ])('under the name %j: %d', async (host, status) => {
    expect((await ask({ host })).status).toBe(status);
  });

  it('not who names no host, and is told so', async () => {
    const response = await ask({}, { host: null });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('header “Host”')]);
  });

  it.each([
    [{ origin: page }, 400],
    [{ origin: 'http://localhost:8888' }, 400],
    [{ origin: 'https://ingest.example.org' }, 400],
    [{ origin: page, 'sec-fetch-site': 'cross-site' }, 400],
    [{ origin: 'http://localhost:4200' }, 403],
    [{ origin: 'https://scicat.example.org.evil.example' }, 403],
    [{ origin: 'http://scicat.example.org' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 400],
    [{ 'sec-fetch-site': 'none' }, 400],
    [{}, 400],
  ])('a page with %j: %d', async (headers, status) => {
    const response = await ask(headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe(
      status === 400 && 'origin' in headers ? headers.origin : null,
    );
  });

  it('someone who follows a link to the page', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask(headers, { path: '/' })).status).toBe(400);
  });
});

describe('a page of another place', () => {
  it('is told before it asks what it may send', async () => {
    const response = await ask(
      { origin: page, 'access-control-request-private-network': 'true', 'access-control-request-method': 'DELETE' },
      { method: 'OPTIONS' },
    );
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': expect.stringContaining('DELETE') as string,
      'access-control-allow-headers': 'Content-Type, Accept, Authorization, Scicat-API-Token',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
  });

  it('that is not allowed is told nothing', async () => {
    const response = await ask({ origin: 'https://evil.example' }, { method: 'OPTIONS' });
    expect(response.status).toBe(403);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('can read every answer, refusals too, which nobody keeps or guesses the type of', async () => {
    expect(Object.fromEntries((await ask({ origin: page })).headers)).toMatchObject({
      'access-control-allow-origin': page,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
});

describe('the log', () => {
  it('has a line for each request, without secrets', async () => {
    const lines: RequestLine[] = [];
    await ask(
      { authorization: 'Bearer secret', cookie: 'id=secret' },
      {
        path: '/transfer?page=1&access_token=secret&x=a%0Ab',
        log: (line) => {
          lines.push(line);
        },
      },
    );
    expect(lines).toMatchObject([
      { method: 'GET', path: '/transfer?page=1&access_token=***&x=a%0Ab', status: 400, account: 'ada' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it.each([
    ['/a?userToken=x', '/a?userToken=***'],
    ['/a?client_secret=x&b=1', '/a?client_secret=***&b=1'],
    ['/callback?code=x&state=y&session_state=z', '/callback?code=***&state=***&session_state=***'],
    ['/jobs?status=done', '/jobs?status=done'],
    ['/a', '/a'],
  ])('%s becomes %s', (given, expected) => {
    expect(withoutSecrets(new URL(`http://h${given}`))).toBe(expected);
  });
});
