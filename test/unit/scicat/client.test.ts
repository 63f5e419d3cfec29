import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createScicatClient } from '../../../core/scicat/client.ts';
import type { ScicatClientOptions } from '../../../core/scicat/client.ts';
import { ScicatError } from '../../../core/scicat/errors.ts';
import type { ScicatErrorKind } from '../../../core/scicat/errors.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import type { Fault, Sandbox, SandboxOptions } from '../../../sandbox/sandbox.ts';
import type { RequestRecord } from '../../../core/scicat/transport.ts';
import { selfSigned } from './selfSigned.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function sandboxWith(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  closing.push(() => sandbox.close());
  return sandbox;
}

function clientOf(sandbox: Sandbox, options: Partial<ScicatClientOptions> = {}) {
  const retry = { tries: 3, firstDelaySeconds: 0.001, maxDelaySeconds: 2 };
  return createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token, retry, ...options });
}

async function serve(listener: RequestListener, tls = false): Promise<string> {
  const server = tls ? createTlsServer(selfSigned, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureOf(action: Promise<unknown>): Promise<ScicatError> {
  const error = await action.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScicatError);
  return error as ScicatError;
}

const dataset = {
  pid: '20.500.12269/a b+c',
  type: 'raw',
  datasetName: 'Vanadium',
  principalInvestigator: 'Ada Lovelace',
  creationLocation: 'ESS:CODA',
  owner: 'Ada Lovelace',
  ownerEmail: 'ada@example.org',
  contactEmail: 'ada@example.org',
  sourceFolder: '/ess/data/coda/443503/',
  creationTime: '2025-01-20T12:00:00.000Z',
  ownerGroup: '443503',
  accessGroups: ['dmsc'],
  scientificMetadata: { 'job.id': { value: '2024-01-05 #1&2', unit: '' }, run: { value: 12, unit: '' } },
};
const text = JSON.stringify(dataset);
const block = (pid: string, count = 1): string =>
  JSON.stringify({
    datasetId: pid,
    size: count,
    dataFileList: Array.from({ length: count }, (_, index) => ({
      path: `f${index}`,
      size: 1,
      time: '2025-01-20T12:00:00.000Z',
    })),
  });

describe('datasets', () => {
  it('creates a dataset and its block, and finds them again', async () => {
    const sandbox = await sandboxWith();
    const client = clientOf(sandbox);
    expect(await client.datasetExists(dataset.pid)).toBe('absent');
    expect((await client.createDataset(text)).pid).toBe(dataset.pid);
    await client.createOrigDatablock(block(dataset.pid, 2));
    expect(await client.datasetExists(dataset.pid)).toBe('exists');
    expect(await client.origDatablocksOf(dataset.pid)).toEqual([{ paths: ['f0', 'f1'] }]);
    expect(sandbox.documents('datasets')[0]).toMatchObject({ size: 2, numberOfFiles: 2 });
  });

  it.each(['4.26', '4.27', '5.1', '5.2', 'master'] as const)(
    'finds a dataset by its metadata in %s',
    async (version) => {
      const client = clientOf(await sandboxWith({ version }));
      await client.createDataset(text);
      expect(await client.findDatasetsByMetadata('job.id', '"2024-01-05 #1&2"')).toEqual([{ pid: dataset.pid }]);
      expect(await client.findDatasetsByMetadata('run', '12')).toHaveLength(1);
      expect(await client.findDatasetsByMetadata('run', '13')).toEqual([]);
    },
  );

  it('tells a dataset of others from none', async () => {
    const sandbox = await sandboxWith();
    await clientOf(sandbox).createDataset(text);
    const privileged = clientOf(sandbox, { token: sandbox.tokenOf('privileged') });
    expect(await privileged.datasetExists(dataset.pid)).toBe('exists-unreadable');
    expect(await privileged.datasetExists('other')).toBe('absent');
    expect((await failureOf(privileged.origDatablocksOf(dataset.pid))).kind).toBe('forbidden');
  });

  it('does not take a wrong address for an absent dataset', async () => {
    const sandbox = await sandboxWith();
    const error = await failureOf(clientOf(sandbox, { baseUrl: `${sandbox.url}/api` }).datasetExists('x'));
    expect(error.kind).toBe('not-found');
    expect(error.message).toContain('scicat.host');
  });

  it('recognises its own dataset without a pid, and says so when it cannot', async () => {
    const sandbox = await sandboxWith();
    const nameless = { ...dataset, pid: undefined };
    const since = new Date().toISOString();
    const own = JSON.stringify({ ...nameless, ownerGroup: 'ingestor' });
    const client = clientOf(sandbox);
    expect(await client.findDatasetsLike(own, since)).toEqual([]);
    const { pid } = await client.createDataset(own);
    expect(await client.findDatasetsLike(own, since)).toEqual([{ pid }]);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await client.findDatasetsLike(own, later)).toEqual([]);
    const similar = JSON.stringify({ ...nameless, ownerGroup: 'ingestor', creationTime: '2025-02-02T00:00:00Z' });
    expect(await client.findDatasetsLike(similar, since)).toBeUndefined();
    const blind = clientOf(sandbox, { token: sandbox.tokenOf('privileged') });
    expect(await blind.findDatasetsLike(own, since)).toBeUndefined();
  });

  it('leads what is refused back to its field', async () => {
    const bad = JSON.stringify({ ...dataset, contactEmail: 'x', techniques: [{ name: 'n' }], foo: 1 });
    const error = await failureOf(clientOf(await sandboxWith()).createDataset(bad));
    expect(error.kind).toBe('invalid');
    expect(error.fields.map(({ path }) => path).sort()).toEqual(['contactEmail', 'foo', 'techniques.0.pid']);
  });

  it('uses v4 for what only v4 holds', async () => {
    const sandbox = await sandboxWith();
    const client = clientOf(sandbox, { apiVersion: 'auto' });
    expect(await client.datasetVersion(false)).toBe('v3');
    expect(await client.datasetVersion(true)).toBe('v4');
    const { principalInvestigator, ...rest } = dataset;
    const lists = { ...rest, principalInvestigators: [principalInvestigator], sampleIds: ['a', 'b'] };
    await client.createDataset(JSON.stringify(lists));
    expect(sandbox.documents('datasets')[0]).toMatchObject({ version: '4', sampleIds: ['a', 'b'] });
  });

  it('attaches files in v3 where v4 does not let the account', async () => {
    const sandbox = await sandboxWith();
    const privileged = clientOf(sandbox, { token: sandbox.tokenOf('privileged'), apiVersion: 'v4' });
    const { principalInvestigator, ...rest } = dataset;
    await privileged.createDataset(JSON.stringify({ ...rest, principalInvestigators: [principalInvestigator] }));
    await privileged.createOrigDatablock(block(dataset.pid));
    expect(sandbox.documents('origdatablocks')).toHaveLength(1);
  });

  it('finds samples by description and proposal', async () => {
    const client = clientOf(await sandboxWith());
    expect(await client.findSamples('Vanadium rod', '443503')).toEqual([{ sampleId: 'sandbox-sample-1' }]);
    expect(await client.findSamples('Vanadium rod', '1')).toEqual([]);
  });
});

describe('signing in', () => {
  it('signs in with user name and password', async () => {
    const sandbox = await sandboxWith({ tokenSeconds: 100 });
    const { token, expires, username } = await clientOf(sandbox).login('ingestor', 'sandbox');
    expect(username).toBe('ingestor');
    expect(expires?.getTime()).toBeGreaterThan(Date.now() + 90_000);
    expect((await clientOf(sandbox, { token }).whoami()).groups).toEqual(['ingestor']);
  });

  it('says what is wrong with a password and with LDAP', async () => {
    const client = clientOf(await sandboxWith());
    expect((await failureOf(client.login('ingestor', 'wrong'))).kind).toBe('unauthorized');
    expect((await failureOf(client.ldapLogin('ingestor', 'sandbox'))).message).toContain('LDAP');
  });

  it.each([
    ['damaged', 'eyJ.x.y', 'does not accept the token'],
    ['missing', undefined, 'no token was sent'],
  ])('notices that the token is %s', async (_title, token, says) => {
    const error = await failureOf(clientOf(await sandboxWith(), { token }).whoami());
    expect(error.kind).toBe('unauthorized');
    expect(error.message).toContain(says);
  });

  it.each(['5.1', '5.2'] as const)('notices an expired token in %s', async (version) => {
    const sandbox = await sandboxWith({ version });
    const client = clientOf(sandbox, { token: sandbox.tokenOf('ingestor', -10) });
    expect((await failureOf(client.whoami())).kind).toBe('session-expired');
    expect((await failureOf(client.createDataset(text))).kind).toBe('session-expired');
  });

  it('asks its provider for a token each time', async () => {
    const sandbox = await sandboxWith();
    const tokens = ['garbage', sandbox.token];
    const client = clientOf(sandbox, { token: () => Promise.resolve(tokens.shift()) });
    expect((await failureOf(client.whoami())).kind).toBe('unauthorized');
    expect((await client.whoami()).username).toBe('ingestor');
  });

  it('does not show a token that cannot be sent', async () => {
    const error = await failureOf(clientOf(await sandboxWith(), { token: 'secret\nsecret' }).whoami());
    expect(error.kind).toBe('unauthorized');
    expect(error.message).not.toContain('secret');
  });
});

describe('failures', () => {
  const reads: [Fault, works: boolean][] = [
    [{ kind: 'error-before', times: 2 }, true],
    [{ kind: 'error-before', times: 3 }, false],
    [{ kind: 'reset-before', times: 2 }, true],
    [{ kind: 'cut', times: 2 }, true],
    [{ kind: 'proxy-html', times: 2 }, true],
    [{ kind: 'rate-limit', retryAfterSeconds: 0, times: 2 }, true],
    [{ kind: 'rate-limit', retryAfterSeconds: 3600 }, false],
  ];
  it.each(reads)('reads through %j: %s', async (fault, works) => {
    const sandbox = await sandboxWith({ faults: [fault] });
    const answer = clientOf(sandbox).whoami();
    if (works) expect((await answer).username).toBe('ingestor');
    else expect(await failureOf(answer)).toBeInstanceOf(ScicatError);
    expect(sandbox.faults.struck).toHaveLength(fault.times ?? 1);
  });

  const writes: [Fault, ScicatErrorKind, stored: number][] = [
    [{ kind: 'error-before' }, 'server', 0],
    [{ kind: 'error-after' }, 'server', 1],
    [{ kind: 'reset-before' }, 'unreachable', 0],
    [{ kind: 'reset-after' }, 'unreachable', 1],
    [{ kind: 'cut' }, 'unreachable', 1],
    [{ kind: 'proxy-html' }, 'server', 0],
    [{ kind: 'rate-limit' }, 'rate-limited', 0],
    [{ kind: 'expire-tokens' }, 'session-expired', 0],
    [{ kind: 'latency', milliseconds: 2000 }, 'timeout', 1],
  ];
  it.each(writes)('sends a write once through %j', async (fault, kind, stored) => {
    const sandbox = await sandboxWith({ faults: [{ ...fault, method: 'POST', path: '/datasets', times: 9 }] });
    // Only where a time-out is tried it is short: a busy machine may need its time for the other ones.
    const timeoutSeconds = kind === 'timeout' ? 0.5 : 30;
    const error = await failureOf(clientOf(sandbox, { timeoutSeconds }).createDataset(text));
    expect(error.kind).toBe(kind);
    expect(sandbox.faults.struck).toHaveLength(1);
    await expect.poll(() => sandbox.documents('datasets').length, { timeout: 5000 }).toBe(stored);
  });

  it('says that nothing answers', async () => {
    const sandbox = await startSandbox();
    await sandbox.close();
    const error = await failureOf(clientOf(sandbox, { retry: { tries: 1 } }).health());
    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('nothing answers');
  });

  it('stops at once when it is cancelled, also while it waits', async () => {
    const controller = new AbortController();
    const sandbox = await sandboxWith({ faults: [{ kind: 'rate-limit', retryAfterSeconds: 30, times: 9 }] });
    const retry = { tries: 9, firstDelaySeconds: 30, maxDelaySeconds: 60 };
    const onRequest = () =>
      setImmediate(() => {
        controller.abort();
      });
    const client = clientOf(sandbox, { signal: controller.signal, retry, onRequest });
    const start = performance.now();
    expect((await failureOf(client.whoami())).kind).toBe('cancelled');
    expect((await failureOf(client.createDataset(text))).kind).toBe('cancelled');
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('does not follow a redirect with a write', async () => {
    const base = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
    );
    const error = await failureOf(createScicatClient({ baseUrl: `${base}/api/v3`, token: 'x' }).createDataset(text));
    expect(error.message).toContain('https://elsewhere.example/');
  });

  it.each(['', '[]', 'null', '<html></html>', '{"pid":'])('does not take %j for a created dataset', async (body) => {
    const base = await serve((_request, response) => response.writeHead(201).end(body));
    expect((await failureOf(createScicatClient({ baseUrl: base, token: 'x' }).createDataset(text))).kind).toBe(
      'bad-answer',
    );
  });
});

describe('secrets', () => {
  it('sends the token and extra headers to SciCat only, and shows them nowhere', async () => {
    const seen: (string | undefined)[] = [];
    const foreign = await serve((request, response) => {
      seen.push(request.headers.authorization, String(request.headers['x-key']));
      response.end('{}');
    });
    const records: RequestRecord[] = [];
    const secret = 'abcdefgh-secret';
    const own = await serve((request, response) => {
      response
        .writeHead(400)
        .end(
          JSON.stringify({ message: [`${String(request.headers.authorization)} ${String(request.headers['x-key'])}`] }),
        );
    });
    const client = createScicatClient({
      baseUrl: `${own}/api/v3`,
      token: secret,
      headers: { 'x-key': 'another-secret' },
      onRequest: (record) => records.push(record),
    });
    await client.get(`${foreign}/x?access_token=${secret}`);
    expect(seen).toEqual([undefined, 'undefined']);
    const error = await failureOf(client.createDataset('{}'));
    const shown = JSON.stringify([records, error.message, error.fields]);
    expect(shown).not.toMatch(/-secret/);
    expect(records).toHaveLength(2);
  });
});

describe('certificates', () => {
  it('trusts an unknown certificate only when told to', async () => {
    const base = await serve((_request, response) => response.end('{"status":"ok"}'), true);
    const error = await failureOf(createScicatClient({ baseUrl: base }).health());
    expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
    expect((await createScicatClient({ baseUrl: base, verify: false }).health()).isHealthy).toBe(true);
    expect((await failureOf(createScicatClient({ baseUrl: base }).health())).kind).toBe('bad-answer');
  });
});

describe('an answer that is longer than any of SciCat', () => {
  const piece = Buffer.alloc(1 << 20, '[');
  const sent: Record<string, RequestListener> = {
    'without end': (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const go = (): void => {
        while (response.write(piece));
      };
      response.on('drain', go);
      go();
    },
    'packed small': (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      const packer = createGzip();
      packer.pipe(response);
      for (let megabyte = 0; megabyte < 80; megabyte++) packer.write(piece);
      packer.end();
    },
    'an error without end': (_request, response) => {
      response.writeHead(503);
      response.on('drain', () => response.write(piece));
      response.write(piece);
    },
  };
  for (const [name, listener] of Object.entries(sent)) {
    it(`${name}: is given up at the limit, once`, async () => {
      let asked = 0;
      const baseUrl = await serve((request, response) => {
        asked += 1;
        listener(request, response);
      });
      const error = await failureOf(createScicatClient({ baseUrl }).get('proposals/1'));
      expect(error.kind).toBe('endless-answer');
      expect(error.message).toMatch(/more than 64 MB/);
      expect(asked).toBe(1);
    });
  }
});
