import { describe, expect, it } from 'vitest';
import { createScicatClient } from '../../../core/scicat/client.ts';
import type { ScicatClient, ScicatClientOptions } from '../../../core/scicat/client.ts';
import { errorFromFailure, isWorthRetrying, ScicatError } from '../../../core/scicat/errors.ts';
import type { ScicatErrorKind } from '../../../core/scicat/errors.ts';
import { isSameDataset } from '../../../core/scicat/sameDataset.ts';

/** One answer of a server: its status, its body and its headers. */
interface Said {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const baseUrl = 'https://scicat.example/api/v3';

/** A client of a server that answers each address with what is said for the first of its endings. */
function clientOf(answers: Readonly<Record<string, Said>>, options: Partial<ScicatClientOptions> = {}) {
  const asked: string[] = [];
  const client = createScicatClient({
    baseUrl,
    token: 'token-of-a-user',
    retry: { tries: 3, firstDelaySeconds: 0 },
    fetch: (url, { method }) => {
      const path = url.slice(baseUrl.length - 3).replace(/\?.*$/, '');
      asked.push(`${method} ${path}`);
      const {
        status = 200,
        body = '',
        headers = {},
      } = Object.entries(answers).find(([ending]) => path.endsWith(ending))?.[1] ?? {};
      return Promise.resolve({
        status,
        headers: { get: (name) => headers[name] ?? null },
        text: () => Promise.resolve(typeof body === 'string' ? body : JSON.stringify(body)),
      });
    },
    ...options,
  });
  return { client, asked };
}

async function failureOf(action: Promise<unknown>): Promise<ScicatError> {
  const error: unknown = await action.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  if (error instanceof ScicatError) return error;
  throw error;
}

const account = { username: 'ingestor', email: 'i@example.org', currentGroups: ['ingestor', 1] };
const sent = { pid: 'p', datasetName: 'a', sourceFolder: '/data/', ownerGroup: 'ingestor', accessGroups: ['staff'] };
const hours = (count: number): string => new Date(Date.UTC(2026, 0, 1, 12 + count)).toISOString();
const date = (count: number) => ({ date: new Date(Date.now() + count * 3_600_000).toUTCString() });

describe('a server with another clock', () => {
  // Of our clock; the dataset is made one minute after it, as the server counts.
  const began = new Date().toISOString();
  const made = (skew: number, minutes: number): string =>
    new Date(Date.now() + skew * 3_600_000 + minutes * 60_000).toISOString();

  it.each([
    ['an hour ahead', 1],
    ['an hour behind', -1],
    ['as ours', 0],
  ])('%s: what was made since is told from what was there before', async (_title, skew) => {
    const stored = (minutes: number) => ({
      ...sent,
      sourceFolder: '/data',
      createdBy: 'ingestor',
      createdAt: made(skew, minutes),
    });
    for (const [minutes, isOurs] of [
      [1, true],
      [-1, false],
    ] as const) {
      const headers = date(skew);
      const { client } = clientOf({
        '/whoami': { body: account },
        '/datasets/p': { body: stored(minutes), headers },
        '/datasets': { body: [stored(minutes)], headers },
      });
      const text = JSON.stringify(sent);
      expect(await client.isDatasetMadeOf(text, 'p', began)).toBe(isOurs);
      expect(await client.findDatasetsLike(text, began)).toEqual(isOurs ? [{ pid: 'p' }] : []);
    }
  });

  it.each([
    ['changed', { createdAt: hours(-20), updatedAt: made(2, -10) }, 10],
    ['made', { createdAt: made(2, -30) }, 30],
    ['of which no time is known', {}, 0],
  ])('tells how long ago a dataset was %s', async (_title, times, minutes) => {
    const { client } = clientOf({
      '/whoami': { body: account },
      '/datasets/p': { body: { ...sent, ...times }, headers: date(2) },
    });
    const found = await client.compareDataset(JSON.stringify(sent), 'p');
    expect(found?.sourceFolder).toBe('/data/');
    expect(Math.abs((found?.idleMs ?? NaN) / 60_000 - minutes)).toBeLessThan(0.5);
  });
});

describe('whose a dataset is', () => {
  const stored = { ...sent, sourceFolder: '/data', createdBy: 'ingestor', createdAt: new Date().toISOString() };
  it.each([
    ['ours', {}, true],
    ['of another account', { createdBy: 'other' }, false],
    ['saying something else', { datasetName: 'b' }, false],
  ])('%s', async (_title, change, isOurs) => {
    const body = { ...stored, ...change };
    const { client } = clientOf({ '/whoami': { body: account }, '/datasets/p': { body } });
    const text = JSON.stringify(sent);
    expect(await client.isDatasetMadeOf(text, 'p', hours(-30))).toBe(isOurs);
    const list = clientOf({
      '/whoami': { body: account },
      '/datasets': { body: [body, { ...body, createdBy: 'other' }] },
    });
    const found = await list.client.findDatasetsLike(text, hours(-30));
    if (isOurs) expect(found).toEqual([{ pid: 'p' }]);
    // Of others is as good as none; a similar one of this account decides nothing.
    else expect(found).toEqual('createdBy' in change ? [] : undefined);
    expect((await client.compareDataset(text, 'p'))?.isOurs).toBe(isOurs);
  });

  it('is unknown where the account may not read it', async () => {
    const { client } = clientOf({ '/whoami': { body: account }, '/datasets/p': { status: 403 } });
    expect(await client.isDatasetMadeOf(JSON.stringify(sent), 'p', hours(0))).toBeUndefined();
    expect(await client.compareDataset(JSON.stringify(sent), 'p')).toBeUndefined();
  });

  it.each([
    ['its owner group', { ownerGroup: 'ingestor' }, []],
    ['one of its access groups', { ownerGroup: 'x', accessGroups: ['y', 'ingestor'] }, []],
    ['its only access group', { ownerGroup: 'x', accessGroups: 'ingestor' }, []],
    ['none of its groups', { ownerGroup: 'x', accessGroups: ['y'] }, undefined],
  ])('an account of %s is sure to see it', async (_title, groups, found) => {
    const { client } = clientOf({ '/whoami': { body: account }, '/datasets': { body: [] } });
    expect(await client.findDatasetsLike(JSON.stringify({ ...sent, ...groups }), hours(0))).toEqual(found);
  });

  it.each([
    ['a time in another zone', { creationTime: '2025-01-20T13:00:00+01:00' }, true],
    ['another time', { creationTime: '2025-01-20T13:00:00Z' }, false],
    ['a start in another zone', { startTime: '2025-01-20T13:00:00+01:00' }, true],
    ['an end in another zone', { endTime: '2025-01-20T13:00:00+01:00' }, true],
    ['another start', { startTime: '2025-01-20T12:00:01Z' }, false],
    ['another end', { endTime: '2025-01-20T12:00:01Z' }, false],
    ['a folder without its last slash', { sourceFolder: '/data' }, true],
    ['another folder', { sourceFolder: '/date' }, false],
    ['one text as a list', { owner: ['Ada'] }, true],
    ['a list of two', { owner: ['Ada', 'Bea'] }, false],
    ['a list of another one', { owner: ['Bea'] }, false],
    ['null for what is null', { comment: null }, true],
    ['nothing for what is null', { comment: undefined }, true],
    ['something for what is null', { comment: '' }, false],
    ['what SciCat counts', { size: 7, numberOfFiles: 3, packedSize: 1, isPublished: true }, true],
    ['more than was sent', { updatedBy: 'x', scientificMetadata: { a: { value: 1, unit: 'K', si: 1 } } }, true],
    ['another unit', { scientificMetadata: { a: { value: 1, unit: 'm' } } }, false],
    ['no object for an object', { scientificMetadata: 'a' }, false],
    ['a longer list', { keywords: ['a', 'b', 'c'] }, false],
    ['a list in another order', { keywords: ['b', 'a'] }, false],
  ])('%s', (_title, change, isSame) => {
    const given = {
      owner: 'Ada',
      comment: null,
      size: 1,
      numberOfFiles: 1,
      packedSize: 0,
      isPublished: false,
      sourceFolder: '/data/',
      creationTime: '2025-01-20T12:00:00Z',
      startTime: '2025-01-20T12:00:00Z',
      endTime: '2025-01-20T12:00:00Z',
      keywords: ['a', 'b'],
      scientificMetadata: { a: { value: 1, unit: 'K' } },
    };
    expect(isSameDataset(given, { ...given, sourceFolder: '/data', ...change })).toBe(isSame);
  });

  it.each([[null], ['a'], [[]]])('is not a dataset at all: %j', (stored) => {
    expect(isSameDataset({}, stored)).toBe(false);
  });
});

describe('what is said without a token', () => {
  const message = 'Something is wrong';
  it.each([
    [401, true],
    [403, true],
    [400, false],
    [404, false],
    [409, false],
    [413, false],
    [500, false],
  ])('%d advises to sign in: %j', async (status, advises) => {
    const said = { '/datasets': { status, body: { message } } };
    const without = await failureOf(clientOf(said, { token: undefined }).client.createDataset('{}'));
    expect(without.message.includes('No token was sent: sign in first.')).toBe(advises);
    expect(without.message).toContain(message);
    expect(without.status).toBe(status);
    const withToken = await failureOf(clientOf(said).client.createDataset('{}'));
    expect(withToken.message).not.toContain('No token was sent');
    const headers = { Authorization: 'Basic eA==' };
    const withHeader = await failureOf(clientOf(said, { token: undefined, headers }).client.createDataset('{}'));
    expect(withHeader.message).not.toContain('No token was sent');
  });
});

describe('signing in', () => {
  it.each([
    ['login', 401, '{}', 'unauthorized', 'does not know this user name'],
    ['ldapLogin', 401, '{}', 'unauthorized', 'does not know this user name'],
    ['ldapLogin', 500, '{}', 'server', 'failed to sign in by LDAP'],
    ['login', 500, '{}', 'server', 'a problem of its own'],
    ['ldapLogin', 503, '{}', 'server', 'a problem of its own'],
    ['login', 201, '{}', 'bad-answer', 'not a token'],
    ['login', 201, '{"access_token":1}', 'bad-answer', 'not a token'],
  ] as const)('%s answered with %d and %s', async (way, status, body, kind, says) => {
    const { client } = clientOf({ '/login': { status, body }, '/ldap': { status, body } });
    const error = await failureOf(client[way]('me', 'secret'));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(says);
  });

  it('takes the token of either name, and knows whose it is', async () => {
    const user = { username: 'me' };
    const one = clientOf({ '/login': { body: { id: 'old', user } } });
    expect(await one.client.login('me', 'x')).toEqual({ token: 'old', expires: undefined, username: 'me' });
    const both = clientOf({ '/login': { body: { id: 'old', access_token: 'new' } } });
    expect(await both.client.login('me', 'x')).toEqual({ token: 'new', expires: undefined, username: undefined });
  });

  it('tells the account', async () => {
    const { client } = clientOf({ '/whoami': { body: account } });
    expect(await client.whoami()).toEqual({ username: 'ingestor', email: 'i@example.org', groups: ['ingestor'] });
  });
});

describe('what the server is', () => {
  it.each([
    [{ body: { status: 'ok' } }, true, 'SciCat is well.'],
    [{ body: '' }, true, 'SciCat is well.'],
    [{ body: { status: 'error' } }, false, 'not well (status 200)'],
    [{ status: 404 }, false, 'not well (status 404)'],
    [{ status: 503 }, false, 'not well (status 503)'],
  ])('health of %j', async (said, isHealthy, message) => {
    const health = await clientOf({ '/health': said }).client.health();
    expect(health.isHealthy).toBe(isHealthy);
    expect(health.message).toContain(message);
  });

  it.each([
    [200, 'v4'],
    [403, 'v4'],
    [404, 'v3'],
  ] as const)('of v4 it says %d: datasets that need it are written for %s', async (status, version) => {
    const { client, asked } = clientOf({ '/count': { status, body: { message: 'x' } } }, { apiVersion: 'auto' });
    expect(await client.datasetVersion(true)).toBe(version);
    expect(asked).toEqual(['GET /v4/datasets/count']);
    expect(await client.datasetVersion(false)).toBe('v3');
    expect(asked).toHaveLength(1);
  });

  it.each([401, 500])('of v4 it says %d: that is a failure', async (status) => {
    const { client } = clientOf({ '/count': { status, body: '{}' } }, { apiVersion: 'auto' });
    expect((await failureOf(client.datasetVersion(true))).status).toBe(status);
  });

  it('that hides v4 behind an address of its own cannot be asked for it', async () => {
    const { client } = clientOf({}, { baseUrl: 'https://scicat.example/api', apiVersion: 'v4' });
    expect((await failureOf(client.createDataset('{}', 'v4'))).message).toContain('does not end with /api/v3');
  });

  it.each([
    ['nothing', '', 'absent'],
    ['null', 'null', 'absent'],
    ['the dataset', '{"pid":"p"}', 'exists'],
  ])('answers for a pid with %s', async (_title, body, existence) => {
    expect(await clientOf({ '/datasets/p': { body } }).client.datasetExists('p')).toBe(existence);
  });

  it.each([
    ['nothing', '', []],
    ['null', 'null', []],
    ['samples', [{ sampleId: 'a' }, { sampleId: '' }, { sampleId: 1 }, {}, 'x'], [{ sampleId: 'a' }]],
  ])('answers for samples with %s', async (_title, body, found) => {
    expect(await clientOf({ '/samples': { body } }).client.findSamples('rod', '1')).toEqual(found);
  });

  it.each(['{}', '"a"', '{'])('answers for samples with no list: %s', async (body) => {
    const error = await failureOf(clientOf({ '/samples': { body } }).client.findSamples('rod', '1'));
    expect(error.message).toContain('is not a list');
  });

  it('lists the files of blocks, whatever else is in them', async () => {
    const body = [{ dataFileList: [{ path: 'a' }, { path: 1 }, {}] }, {}, 'x'];
    const { client } = clientOf({ '/origdatablocks': { body } });
    expect(await client.origDatablocksOf('p')).toEqual([{ paths: ['a'] }, { paths: [] }, { paths: [] }]);
  });

  it.each([
    [403, ['POST /v4/origdatablocks', 'POST /v3/origdatablocks']],
    [400, ['POST /v4/origdatablocks']],
  ])('refuses files in v4 with %d', async (status, requests) => {
    const { client, asked } = clientOf({ '/origdatablocks': { status, body: '{}' } }, { apiVersion: 'v4' });
    expect((await failureOf(client.createOrigDatablock('{}'))).status).toBe(status);
    expect(asked).toEqual(requests);
  });

  it.each(['v3', 'v4'] as const)('is a page that lets nobody in: files in %s', async (apiVersion) => {
    const html = { 'content-type': 'text/html' };
    for (const said of [{ body: ' <html>' }, { body: 'Sign in', headers: html }]) {
      const { client } = clientOf({ '/origdatablocks': said }, { apiVersion });
      const error = await failureOf(client.createOrigDatablock('{}'));
      expect(error.message).toContain('is not an origDatablock');
    }
    await clientOf({ '/origdatablocks': { body: 'created' } }, { apiVersion }).client.createOrigDatablock('{}');
  });

  it('takes a dataset that it made without saying its pid', async () => {
    const { client } = clientOf({ '/datasets': { status: 201, body: '{"a":1}' } });
    expect(await client.createDataset('{}')).toEqual({ pid: undefined, bodyText: '{"a":1}' });
  });
});

describe('waiting', () => {
  const busy = { status: 429, body: '""' };
  const whoami = (client: ScicatClient) => failureOf(client.whoami());

  it.each([
    ['a pause that the server asks for', { headers: { 'retry-after': '20' } }, 0],
    ['a pause of its own', {}, 20],
  ])('ends when it is cancelled, in %s', async (_title, more, firstDelaySeconds) => {
    const controller = new AbortController();
    const retry = { tries: 9, firstDelaySeconds, maxDelaySeconds: 30 };
    const { client, asked } = clientOf({ '/whoami': { ...busy, ...more } }, { signal: controller.signal, retry });
    const start = performance.now();
    setTimeout(() => {
      controller.abort();
    }, 50);
    const error = await whoami(client);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(error.kind).toBe('cancelled');
    expect(asked).toHaveLength(1);
  });

  it('lasts as long as the server asks', async () => {
    const headers = { 'retry-after': '0.2' };
    const { client, asked } = clientOf({ '/whoami': { ...busy, headers } });
    const start = performance.now();
    expect((await whoami(client)).kind).toBe('rate-limited');
    expect(performance.now() - start).toBeGreaterThanOrEqual(350);
    expect(asked).toHaveLength(3);
  });

  it('is not done where it would take longer than one wants to wait', async () => {
    const { client, asked } = clientOf({ '/whoami': { ...busy, headers: { 'retry-after': '3600' } } });
    const error = await whoami(client);
    expect(error.retryAfterMs).toBe(3_600_000);
    expect(asked).toHaveLength(1);
  });

  it('has a limit for each request, which is named', async () => {
    const never: ScicatClientOptions['fetch'] = (_url, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    const { client } = clientOf({}, { fetch: never, timeoutSeconds: 0.05, retry: { tries: 1 } });
    const start = performance.now();
    const error = await whoami(client);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(error.kind).toBe('timeout');
    expect(error.message).toContain('no answer within 0.05 seconds');
  });
});

describe('redirects', () => {
  it('are followed within SciCat, and end where they never end', async () => {
    const answers = {
      '/auth/whoami': { status: 302, headers: { location: '/api/v3/moved' } },
      '/moved': { body: account },
      '/round': { status: 302, headers: { location: '/api/v3/round' } },
      '/broken': { status: 302, headers: { location: 'https://' } },
      '/none': { status: 304 },
    };
    const { client, asked } = clientOf(answers);
    expect((await client.whoami()).username).toBe('ingestor');
    expect(asked).toEqual(['GET /v3/auth/whoami', 'GET /v3/moved']);
    for (const [path, kind, requests] of [
      ['round', 'moved', 6],
      ['broken', 'moved', 1],
      ['none', 'bad-answer', 1],
    ] as const) {
      asked.length = 0;
      expect((await failureOf(client.get(path))).kind).toBe(kind);
      expect(asked).toHaveLength(requests);
    }
  });
});

describe('a request that gets no answer', () => {
  const failed = (code: string) => Object.assign(new Error('failed'), { cause: Object.assign(new Error(), { code }) });

  it.each([
    ['ECONNREFUSED', 'nothing answers at this address', true],
    ['ENOTFOUND', 'no host of this name', true],
    ['EAI_AGAIN', 'could not be looked up', true],
    ['ECONNRESET', 'the connection broke', false],
    ['EPIPE', 'the connection broke', false],
    ['UND_ERR_SOCKET', 'the connection broke', false],
    ['ETIMEDOUT', 'the host does not answer', false],
    ['EHOSTUNREACH', 'cannot be reached from here', true],
    ['ENETUNREACH', 'no network to this host', true],
    ['UND_ERR_CONNECT_TIMEOUT', 'the host does not answer', true],
    ['UND_ERR_HEADERS_TIMEOUT', 'no answer came', false],
    ['UND_ERR_ABORTED', 'no connection was made', true],
    ['UND_ERR_BODY_TIMEOUT', 'stopped half way', false],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'cut short', false],
    ['ERR_INVALID_URL', 'this is not an address', true],
    ['EWHATEVER', 'no connection (EWHATEVER).', false],
  ])('%s: %s; surely not sent: %j', (code, says, isUnsent) => {
    const error = errorFromFailure('GET', baseUrl, failed(code));
    expect(error).toMatchObject({ kind: 'unreachable', isUnsent });
    expect(error.message).toContain(`GET ${baseUrl}: `);
    expect(error.message).toContain(says);
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_GET_ISSUER_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('%s is a matter of certificates', (code) => {
    const error = errorFromFailure('GET', baseUrl, failed(code));
    expect(error).toMatchObject({ kind: 'bad-answer', isUnsent: true });
    expect(error.message).toContain(`cannot be trusted (${code})`);
  });

  it('says why the first of several addresses failed, or nothing', () => {
    const several = new AggregateError([failed('ECONNREFUSED'), failed('EPIPE')]);
    expect(errorFromFailure('GET', baseUrl, several).message).toContain('nothing answers');
    expect(errorFromFailure('GET', baseUrl, new Error('x')).message).toBe(`GET ${baseUrl}: no connection.`);
  });

  it('is told as that, and a mistake in the program as a mistake', async () => {
    for (const failure of [failed('EPIPE'), Object.assign(new Error(), { code: 'EPIPE' })]) {
      const { client, asked } = clientOf({}, { fetch: () => Promise.reject(failure) });
      expect((await failureOf(client.createDataset('{}'))).message).toContain('the connection broke');
      expect(asked).toEqual([]);
    }
    const bug = new TypeError('x is not a function');
    const { client } = clientOf({}, { fetch: () => Promise.reject(bug) });
    await expect(client.whoami()).rejects.toBe(bug);
  });

  const kinds: Record<ScicatErrorKind, boolean> = {
    unreachable: true,
    timeout: true,
    server: true,
    'rate-limited': true,
    'bad-answer': true,
    cancelled: false,
    unauthorized: false,
    'session-expired': false,
    forbidden: false,
    'not-found': false,
    conflict: false,
    invalid: false,
    'too-large': false,
    moved: false,
    'endless-answer': false,
  };
  it.each(Object.entries(kinds))('%s is worth another try: %j', (kind, isWorth) => {
    const named = Object.keys(kinds).find((each): each is ScicatErrorKind => each === kind);
    if (!named) throw new Error(kind);
    expect(isWorthRetrying(new ScicatError(named, ''))).toBe(isWorth);
    // An address that nobody answers may be right a little later; what it said for certain stays so.
    const isUnsent = named === 'bad-answer' ? false : isWorth;
    expect(isWorthRetrying(new ScicatError(named, '', { isUnsent: true }))).toBe(isUnsent);
  });
});

describe('addresses and headers that cannot be sent', () => {
  it.each([
    'ftp://scicat.example/x',
    'https://me@scicat.example/x',
    'https://me:pw@scicat.example/x',
    'https://:pw@scicat.example/x',
  ])('%s is not asked', async (baseUrl) => {
    const { client, asked } = clientOf({}, { baseUrl });
    const error = await failureOf(client.createDataset('{}'));
    expect(error).toMatchObject({ kind: 'bad-answer', isUnsent: true });
    expect(error.message).toContain('this is not an address that can be asked');
    expect(error.message).not.toContain('pw');
    expect(asked).toEqual([]);
  });

  it.each([
    ['x-key', 'a\nb', 'The header x-key'],
    ['x key', 'a', 'The header x key'],
    ['x-key', 'ü', 'The header x-key'],
  ])('%j: %j', async (name, value, says) => {
    const { client, asked } = clientOf({}, { headers: { [name]: value } });
    expect((await failureOf(client.whoami())).message).toContain(`${says} has characters that cannot be sent`);
    expect(asked).toEqual([]);
  });
});
