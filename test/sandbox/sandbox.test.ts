import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { datasetFields } from '../../core/scicat/datasetFields.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';

const cleaning: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  cleaning.push(() => sandbox.close());
  return sandbox;
}

interface Ask {
  readonly as?: string;
  readonly headers?: Record<string, string>;
}

async function ask(
  sandbox: Sandbox,
  method: string,
  route: string,
  body?: unknown,
  { as = 'ingestor', headers }: Ask = {},
) {
  const token = as === '' ? undefined : sandbox.tokenOf(as);
  const response = await fetch(`${sandbox.url}/api/${route}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && {
      body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
    }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: (text === '' ? undefined : JSON.parse(text)) as never as Record<string, unknown>,
  };
}

const raw = {
  pid: 'p/1',
  type: 'raw',
  principalInvestigator: 'Ada',
  creationLocation: 'ESS',
  datasetName: 'name',
  owner: 'Ada',
  contactEmail: 'ada@example.org',
  sourceFolder: '/data/x/',
  creationTime: '2025-01-20T12:00:00Z',
  ownerGroup: '443503',
};
const v4 = { ...raw, principalInvestigator: undefined, principalInvestigators: ['Ada'] };
const file = (name: string) => ({ path: name, size: 10, time: '2025-01-20T12:00:00Z' });
const block = { datasetId: 'p/1', size: 10, dataFileList: [file('a')] };

describe('the server', () => {
  it('starts in well under a second and only on this computer', async () => {
    const times: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const before = performance.now();
      const sandbox = await start();
      times.push(performance.now() - before);
      expect(sandbox.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v3$/);
    }
    expect(Math.min(...times)).toBeLessThan(800);
  });

  it('refuses a port that is taken', async () => {
    const port = Number(new URL((await start()).url).port);
    await expect(startSandbox({ port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('keeps everything as readable files, and the token valid', async () => {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
    cleaning.push(() => rm(dataDirectory, { recursive: true }));
    const first = await startSandbox({ dataDirectory });
    await ask(first, 'POST', 'v3/datasets', raw);
    await ask(first, 'POST', 'v3/origdatablocks', block);
    await first.close();
    expect(await readdir(path.join(dataDirectory, 'datasets'))).toEqual(['p%2F1.json']);
    expect(await readFile(path.join(dataDirectory, 'datasets', 'p%2F1.json'), 'utf8')).toContain(
      '\n  "datasetName": "name"',
    );
    const second = await start({ dataDirectory });
    const headers = { authorization: `Bearer ${first.token}` };
    expect((await ask(second, 'GET', 'v3/auth/whoami', undefined, { as: '', headers })).body['username']).toBe(
      'ingestor',
    );
    expect((await ask(second, 'GET', 'v3/datasets/p%2F1')).body).toMatchObject({
      size: 10,
      numberOfFiles: 1,
      sourceFolder: '/data/x',
    });
    expect((await ask(second, 'POST', 'v3/datasets', raw)).status).toBe(409);
  });

  it('sees what a person adds to its folder, also what is written slowly', async () => {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
    cleaning.push(() => rm(dataDirectory, { recursive: true }));
    const sandbox = await start({ dataDirectory });
    const folder = path.join(dataDirectory, 'proposals');
    const [first] = sandbox.documents('proposals');
    const added = JSON.stringify({ ...first, _id: '777', proposalId: '777', title: 'Added by hand' });
    const found = async () => (await ask(sandbox, 'GET', 'v3/proposals/777')).body['title'];
    expect(await found()).toBeUndefined();
    await writeFile(path.join(folder, 'mine.json'), added.slice(0, 20));
    expect(await found()).toBeUndefined();
    await writeFile(path.join(folder, 'mine.json'), added);
    expect(await found()).toBe('Added by hand');
    expect(await (await fetch(sandbox.url)).text()).toContain('Added by hand');
  });

  it('shows people what is in it, whatever the names are', async () => {
    const sandbox = await start();
    await ask(sandbox, 'POST', 'v3/datasets', { ...raw, pid: '<b>', datasetName: '<script>' });
    const overview = await (await fetch(sandbox.url)).text();
    expect(overview).toContain('&lt;script&gt;');
    expect(overview).not.toContain('<script>');
    expect((await fetch(`${sandbox.url}/datasets/%3Cb%3E`)).status).toBe(200);
  });
});

describe('requests', () => {
  const cases: [title: string, method: string, route: string, body: unknown, options: Ask, status: number, says: unknown][] = [
    ['a path in another case', 'GET', 'V3/Datasets/Count', undefined, {}, 200, { count: 0 }],
    ['a slash in a pid', 'GET', 'v3/datasets/p/1', undefined, {}, 404, { message: 'Cannot GET /api/v3/datasets/p/1' }],
    ['whoami of nobody', 'GET', 'v3/auth/whoami', undefined, { as: '' }, 200, undefined],
    ['a header without Bearer', 'GET', 'v3/auth/whoami', undefined, { as: '', headers: { authorization: 'x' } }, 200, undefined],
    ['findOne without a match', 'GET', 'v3/datasets/findOne?filter={"where":{"pid":"x"}}', undefined, {}, 200, undefined],
    ['an unknown instrument', 'GET', 'v3/instruments/x', undefined, {}, 200, undefined],
    ['filters of proposals', 'GET', `v3/proposals?filters=${encodeURIComponent('{"where":{"proposalId":"443503"},"fields":["title"]}')}`, undefined, {}, 200, [{ _id: '443503', title: 'Vanadium calibration' }]],
    ['a filter that is not JSON', 'GET', 'v3/datasets?filter={', undefined, {}, 400, { error: 'Bad Request' }],
    ['an unknown key in a v4 filter', 'GET', 'v4/datasets?filter={"where":{"x":1}}', undefined, {}, 400, { message: 'Property where.x should not exist in the filter object' }],
    ['no body', 'POST', 'v3/datasets', undefined, {}, 500, 'Internal server error'],
    ['a body of another type', 'POST', 'v3/datasets', '{}', { headers: { 'content-type': 'text/plain' } }, 500, 'Internal server error'],
    ['a compressed body', 'POST', 'v3/datasets', gzipSync(JSON.stringify(raw)), { headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' } }, 201, { pid: 'p/1' }],
    ['an empty pid', 'POST', 'v3/datasets', { ...raw, pid: '' }, {}, 500, { name: 'ValidationError' }],
    ['no owner in v4', 'POST', 'v4/datasets', { ...v4, owner: undefined }, {}, 500, { message: 'Something went wrong. Please try again later.' }],
    ['metadata that is null', 'POST', 'v3/datasets', { ...raw, scientificMetadata: { a: null } }, {}, 500, {}],
    ['no name', 'POST', 'v3/datasets', { ...raw, datasetName: undefined }, {}, 201, { datasetName: 'data/x' }],
    ['a blank in startTime', 'POST', 'v3/datasets', { ...raw, startTime: '2025-03-14 12:34:56' }, {}, 201, {}],
    ['a blank in endTime', 'POST', 'v3/datasets', { ...raw, endTime: '2025-03-14 12:34:56' }, {}, 400, { status: 400 }],
    ['isValid with an unknown field', 'POST', 'v3/datasets/isValid', { ...raw, foo: 1 }, {}, 200, { valid: true }],
    ['isValid in v4', 'POST', 'v4/datasets/isValid', { ...v4, contactEmail: 'x' }, {}, 200, { valid: false }],
    ['signing in by LDAP', 'POST', 'v3/auth/ldap', { username: 'a', password: 'b' }, {}, 500, 'Internal server error'],
    ['an unknown origDatablock in v3', 'GET', 'v3/origdatablocks/x', undefined, {}, 403, {}],
    ['an unknown origDatablock in v4', 'GET', 'v4/origdatablocks/x', undefined, {}, 404, {}],
  ]; // prettier-ignore
  it.each(cases)('%s', async (_title, method, route, body, options, status, says) => {
    const answer = await ask(await start(), method, route, body, options);
    expect(answer.status).toBe(status);
    if (typeof says === 'object' && says !== null) expect(answer.body).toMatchObject(says);
    else expect(answer.body).toEqual(says);
  });
});

describe('datasets that nobody foresaw', () => {
  const names = datasetFields.map(({ name }) => name);

  it.each(['v3', 'v4'] as const)('are created or refused in %s, and what is refused is not stored', async (version) => {
    const sandbox = await start();
    const change = fc.tuple(fc.constantFrom(...names, 'foo', '__proto__', 'constructor'), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
        const before = sandbox.documents('datasets').length;
        const base = Object.entries({ ...(version === 'v3' ? raw : v4), pid: undefined });
        const { status, body } = await ask(
          sandbox,
          'POST',
          `${version}/datasets`,
          Object.fromEntries([...base, ...changes]),
        );
        expect([201, 400, 409, 500]).toContain(status);
        // What only the validation of SciCat misses ends in its database, not in a mistake of the sandbox.
        expect(body).not.toBe('Internal server error');
        if (status === 400 || status === 409) expect(sandbox.documents('datasets')).toHaveLength(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('permissions', () => {
  const own = { ...raw, pid: undefined };
  const other = { ...own, ownerGroup: 'other' };
  const cases: [who: string, own: number, ownWithPid: number, other: number][] = [
    ['ingestor', 201, 201, 201],
    ['privileged', 201, 201, 201],
    ['with-pid', 201, 201, 403],
    ['user', 201, 403, 403],
    ['reader', 403, 403, 403],
    ['', 403, 403, 403],
  ];
  it.each(cases)('of “%s”', async (as, ...statuses) => {
    const sandbox = await start();
    const asked = [own, raw, other].map(
      async (body) => (await ask(sandbox, 'POST', 'v3/datasets', body, { as })).status,
    );
    expect(await Promise.all(asked)).toEqual(statuses);
  });

  it('lets privileged accounts attach files to the datasets of others in v3 only', async () => {
    const sandbox = await start();
    await ask(sandbox, 'POST', 'v3/datasets', raw);
    expect((await ask(sandbox, 'POST', 'v4/origdatablocks', block, { as: 'privileged' })).status).toBe(403);
    expect((await ask(sandbox, 'POST', 'v3/origdatablocks', block, { as: 'privileged' })).status).toBe(201);
    expect((await ask(sandbox, 'GET', 'v3/datasets/p%2F1', undefined, { as: 'privileged' })).status).toBe(403);
    expect((await ask(sandbox, 'GET', 'v3/datasets', undefined, { as: 'privileged' })).body).toEqual([]);
  });
});

describe('versions', () => {
  const sums: [version: '4.26' | '5.2' | 'master', api: 'v3' | 'v4', size: number, files: number][] = [
    ['4.26', 'v3', 120, 12],
    ['4.26', 'v4', 100, 10],
    ['5.2', 'v4', 100, 10],
    ['master', 'v3', 1120, 14],
    ['master', 'v4', 1120, 14],
  ];
  it.each(sums)('%s adds up 12 blocks in %s', async (version, api, size, numberOfFiles) => {
    const sandbox = await start({ version });
    await ask(sandbox, 'POST', 'v3/datasets', { ...raw, size: 1000, numberOfFiles: 2 });
    for (let count = 0; count < 12; count++) await ask(sandbox, 'POST', `${api}/origdatablocks`, block);
    expect(sandbox.documents('datasets')[0]).toMatchObject({ size, numberOfFiles });
  });

  it.each([
    ['5.1', 200],
    ['5.2', 401],
  ] as const)('%s answers an expired token with %i', async (version, status) => {
    const sandbox = await start({ version });
    const headers = { authorization: `Bearer ${sandbox.tokenOf('ingestor', -1)}` };
    expect((await ask(sandbox, 'GET', 'v3/datasets', undefined, { as: '', headers })).status).toBe(status);
  });

  it.each([
    ['4.26', 'abc-1', 1],
    ['4.27', 'abc-1', 0],
    ['5.1', 'abc-1', 1],
    ['5.1', '2024-01-05', 0],
  ] as const)('%s looks for the metadata “%s”: %i', async (version, value, found) => {
    const sandbox = await start({ version });
    await ask(sandbox, 'POST', 'v3/datasets', { ...raw, scientificMetadata: { job: { value, unit: '' } } });
    const filter = encodeURIComponent(JSON.stringify({ where: { 'scientificMetadata.job.value': value } }));
    expect((await ask(sandbox, 'GET', `v3/datasets?filter=${filter}`)).body).toHaveLength(found);
  });

  it('5.1 dies of metadata that are null, with the dataset saved', async () => {
    const sandbox = await start({ version: '5.1' });
    await expect(ask(sandbox, 'POST', 'v3/datasets', { ...raw, scientificMetadata: { a: null } })).rejects.toThrow();
    expect(sandbox.documents('datasets')).toHaveLength(1);
  });
});
