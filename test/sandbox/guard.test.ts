import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';

const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  open.push(sandbox);
  return sandbox;
}

/** The status of a request with these headers; 0 if the connection is ended without one. */
function statusOf(
  sandbox: Sandbox,
  path: string,
  headers: IncomingHttpHeaders,
  body?: readonly (string | Buffer)[],
): Promise<number> {
  return new Promise((resolve) => {
    const { port } = new URL(sandbox.url);
    const asked = request({ host: '127.0.0.1', port, path, headers, method: body ? 'POST' : 'GET' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', () => {
      resolve(0);
    });
    // Without a length of its own the body goes in chunks.
    for (const piece of body ?? []) asked.write(piece);
    asked.end();
  });
}

const signIn = ['{"username":"ingestor","password":"sandbox"}'];
const json = { 'content-type': 'application/json' };

describe('who is answered', () => {
  it.each([
    ['127.0.0.1:PORT', undefined, 200],
    ['localhost:PORT', undefined, 200],
    ['localhost:PORT', 'http://localhost:PORT', 200],
    ['[::1]:PORT', undefined, 200],
    ['127.0.0.1:PORT', 'http://127.0.0.1:PORT', 200],
    ['rebound.example:PORT', undefined, 421],
    ['rebound.example', undefined, 421],
    ['127.0.0.1.rebound.example:PORT', undefined, 421],
    ['127.0.0.1:1', undefined, 200],
    ['localhost', undefined, 200],
    ['LOCALHOST:PORT', undefined, 200],
    ['LocalHost:PORT', 'http://localhost:PORT', 200],
    ['REBOUND.example:PORT', undefined, 421],
    ['x@127.0.0.1:PORT', undefined, 400],
    ['127.0.0.1:PORT', 'http://rebound.example', 403],
    ['127.0.0.1:PORT', 'https://127.0.0.1:PORT', 403],
    ['127.0.0.1:PORT', 'http://127.0.0.1:1', 403],
    ['127.0.0.1:PORT', 'null', 403],
  ])('Host %s, Origin %s: %d', async (host, origin, status) => {
    const sandbox = await start();
    const { port } = new URL(sandbox.url);
    const headers = {
      host: host.replace('PORT', port),
      ...(origin !== undefined && { origin: origin.replace('PORT', port) }),
    };
    expect(await statusOf(sandbox, '/', headers)).toBe(status);
    const signedIn = await statusOf(sandbox, '/api/v3/auth/login', { ...headers, ...json }, signIn);
    expect(signedIn).toBe(status === 200 ? 201 : status);
  });
});

describe('what is too much', () => {
  it('takes no body beyond the limit, also without a length', async () => {
    const sandbox = await start({ bodyLimit: 100_000 });
    const piece = Buffer.alloc(50_000, 32);
    const path = '/api/v3/auth/login';
    expect(await statusOf(sandbox, path, json, [piece, ...signIn])).toBe(201);
    expect([413, 0]).toContain(await statusOf(sandbox, path, json, Array<Buffer>(100).fill(piece)));
    expect(await statusOf(sandbox, path, json, signIn)).toBe(201);
  });

  it.each(['regexp', '$regex'])('gives up a %s that does not end', async (operator) => {
    const sandbox = await start();
    const headers = { authorization: `Bearer ${sandbox.token}`, ...json };
    const sample = { ownerGroup: 'g', sampleName: `${'x'.repeat(40)}y`, description: 'd' };
    expect(await statusOf(sandbox, '/api/v3/samples', headers, [JSON.stringify(sample)])).toBe(201);
    const ask = (pattern: string): Promise<number> => {
      const filter = JSON.stringify({ where: { sampleName: { [operator]: pattern } } });
      return statusOf(sandbox, `/api/v3/samples?filter=${encodeURIComponent(filter)}`, headers);
    };
    expect(await ask('^x+y$')).toBe(200);
    expect(await ask('^(x+)+$')).toBe(400);
    expect(await ask('^x+y$')).toBe(200);
  });
});

describe('pages that are allowed', () => {
  const page = 'https://vscode.example.org';
  const asked = {
    origin: page,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };

  it('may ask, and read what they are answered, refusals too', async () => {
    const { url } = await start({ allowOrigins: [page] });
    const before = await fetch(`${url}/api/v3/datasets`, { method: 'OPTIONS', headers: asked });
    expect(before.status).toBe(204);
    expect(Object.fromEntries(before.headers)).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-headers': 'authorization',
      'access-control-allow-methods': expect.stringContaining('PATCH') as unknown,
      vary: expect.stringContaining('Origin') as unknown,
    });
    for (const [path, status] of [
      ['api/v3/health', 200],
      ['api/v3/nothing', 404],
      ['api/v3/users/my/self', 401],
    ] as const) {
      const answer = await fetch(`${url}/${path}`, { headers: { origin: page } });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, page]);
    }
  });

  it.each([
    'https://vscode.example.org.rebound.example',
    'http://vscode.example.org',
    'https://vscode.example.org:8443',
  ])('are no others: %s', async (origin) => {
    const { url } = await start({ allowOrigins: [page] });
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await fetch(`${url}/api/v3/health`, { method, headers: { ...asked, origin } });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  });
});
