import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filledIn, recordings } from './recordings.ts';
import type { Recorded } from './recordings.ts';
import { measurement, send, serve } from './served.ts';
import type { Answered, Sent, Served } from './served.ts';

const frontend = 'http://localhost:4200';
const yaml = `allow_origins: ['${frontend}']\n`;
const parsed = (answer: Answered): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;

/** Steps in which the recording server was wrong on purpose, or signing in was on. */
const isOurs = ({ step, answer }: Recorded): boolean =>
  answer.status < 500 &&
  answer.status !== 401 &&
  !/\{error\} only|not signed in|signed in$|health error|no method|cannot be read|refused|by an event named error|cut|without the member/.test(
    step,
  );

/** The last progress of a stream. */
function lastProgress(body: string): Record<string, unknown> {
  const [, data = ''] = [...body.matchAll(/event: progress\ndata: (\S+)/g)].at(-1) ?? [];
  return JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as Record<string, unknown>;
}

describe('what the page “Ingestor” sends', () => {
  it('is answered as it needs it', { timeout: 120_000 }, async () => {
    const served = await serve(yaml);
    const { data, service, sandbox } = served;
    measurement(data, 'loki/2025/443618');
    const ids = new Map<string, string>();
    let count = 0;
    for (const each of recordings('openem').filter(isOurs)) {
      const sent = mapped(
        filledIn(each, {
          '{HOST}': new URL(service.url).host,
          '{FRONTEND}': frontend,
          '{BASE}': service.url,
          '{SCICAT_TOKEN}': sandbox.token,
        }),
        ids,
      );
      const answer = await send(service.url, sent);
      const context = `${each.step}: ${sent.method} ${sent.path} → ${answer.status} ${answer.body.slice(0, 800)}`;
      expect(answer.status, context).toBe(each.answer.status);
      expect(answer.headers['access-control-allow-origin'], context).toBe(frontend);
      expect(answer.headers['access-control-allow-credentials'], context).toBe('true');
      compare(each, answer, context, ids);
      if (sent.method === 'POST') await served.ended(String(parsed(answer)['transferId']));
      count += 1;
    }
    expect(count).toBeGreaterThan(30);
    expect(served.bugs).toEqual([]);
  });

  function mapped(sent: Sent, ids: ReadonlyMap<string, string>): Sent {
    let body = sent.body?.toString('utf8');
    for (const [theirs, ours] of ids) body = body?.replace(`"transferId":"${theirs}"`, `"transferId":"${ours}"`);
    const target = sent.path.replace(/transferId=(\d+)/, (_, id: string) => `transferId=${ids.get(id) ?? id}`);
    const headers = {
      ...sent.headers,
      ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
    };
    return { ...sent, path: target, headers, body: body === undefined ? undefined : Buffer.from(body) };
  }

  function compare(each: Recorded, answer: Answered, context: string, ids: Map<string, string>): void {
    if (each.answer.headers['content-type']?.startsWith('text/event-stream') === true) {
      expect(answer.body, context).not.toContain('event: error');
      const last = lastProgress(answer.body);
      expect(last['std_out'], context).toMatch(/^Progress: \d+ %$/);
      expect('result' in last || 'err' in last, context).toBe(true);
      return;
    }
    if (each.answer.headers['content-type']?.startsWith('application/json') !== true) return;
    const given = JSON.parse(each.answer.bodyText ?? '{}') as Record<string, unknown>;
    // Signing in is off here, which is said as a text.
    if (each.request.path === '/userinfo') return;
    expect(Object.keys(parsed(answer)), context).toEqual(expect.arrayContaining(Object.keys(given)));
    if (each.request.method === 'POST') ids.set(String(given['transferId']), String(parsed(answer)['transferId']));
  }
});

describe('the extraction', () => {
  const follow = (served: Served, query: string): Promise<Answered> =>
    send(served.service.url, { method: 'GET', path: `/metadata?${query}`, headers: { Accept: 'text/event-stream' } });

  it('ends with what is known, in the parts of the page', async () => {
    const served = await serve(`${yaml}protocols: {openem: {sections: {'*': instrument}}}`);
    measurement(served.data, 'run');
    const { body, headers } = await follow(served, 'filePath=/data/run&methodName=Choose%20by%20the%20file');
    expect(headers['content-type']).toContain('text/event-stream');
    const result = JSON.parse(String(lastProgress(body)['result'])) as Record<string, object>;
    expect(Object.keys(result)).toEqual(['organizational', 'sample', 'instrument', 'acquisition']);
    expect(Object.keys(result['instrument'] ?? {})).not.toEqual([]);
    const again = await follow(served, 'filePath=/data/run&methodName=Choose%20by%20the%20file');
    expect(lastProgress(again.body)).toEqual(lastProgress(body));
    expect((await served.jobs.list()).total).toBe(1);
  });

  it.each([
    ['filePath=/data/none&methodName=Choose%20by%20the%20file', 'The folder /data/none does not exist.'],
    ['filePath=/data/../etc&methodName=Choose%20by%20the%20file', 'leave'],
    ['filePath=/data/run&methodName=none', 'There is no method “none” here.'],
    ['', 'is not a folder here'],
  ])('%s tells why, in the stream', async (query, reason) => {
    const served = await serve(yaml);
    measurement(served.data, 'run');
    const answer = await follow(served, query);
    expect(answer.status).toBe(200);
    expect(lastProgress(answer.body)['err']).toContain(reason);
  });

  it('is asked for by number, too', async () => {
    const served = await serve(yaml);
    measurement(served.data, 'run');
    const body = Buffer.from(JSON.stringify({ filePath: '/data/run', extractorName: 'Choose by the file' }));
    const headers = { 'Content-Length': String(body.length), 'Content-Type': 'application/json' };
    const begun = await send(served.service.url, { method: 'POST', path: '/extractor', headers, body });
    expect(begun.status).toBe(202);
    const id = String(parsed(begun)['extractionJobId']);
    await served.ended(id);
    const done = await send(served.service.url, {
      method: 'GET',
      path: `/extractor?extractionJobId=${id}`,
      headers: {},
    });
    expect(parsed(done)).toMatchObject({
      extractionJobId: id,
      progress: 100,
      status: 'done',
      metadata: { sample: {} },
    });
    const asked = Buffer.from(
      JSON.stringify({
        extractionJobId: id,
        userMetadata: { datasetName: 'Mine', scientificMetadata: { sample: { mass: 3 } } },
      }),
    );
    const merged = await send(served.service.url, {
      method: 'POST',
      path: '/metadata',
      headers: { 'Content-Length': String(asked.length) },
      body: asked,
    });
    expect(parsed(merged)).toMatchObject({
      metadata: { datasetName: 'Mine', scientificMetadata: { acquisition: { mass: 3 } } },
      provenance: { datasetName: 'user' },
    });
  });
});

describe('a dataset', () => {
  const post = async (served: Served, document: object | string, more: object = {}): Promise<Answered> => {
    const metaData = typeof document === 'string' ? document : JSON.stringify(document);
    const body = Buffer.from(JSON.stringify({ metaData, userToken: served.sandbox.token, ...more }));
    const headers = { 'Content-Length': String(body.length), Origin: frontend };
    return send(served.service.url, { method: 'POST', path: '/dataset', headers, body });
  };

  it('has what the person says over what the schema makes, and the presets of the page under it', async () => {
    const served = await serve(yaml, { withToken: false });
    measurement(served.data, 'run');
    const answer = await post(served, {
      sourceFolder: '/data/run',
      datasetName: 'run',
      owner: 'User',
      principalInvestigator: 'Somebody else',
      keywords: ['OpenEM'],
      isPublished: false,
      scientificMetadata: { organizational: {}, sample: { mass: { value: 3, unit: 'g' }, temperature: {} } },
    });
    expect([answer.status, answer.body]).toEqual([200, '{"datasetId":"","transferId":"1","status":"waiting"}']);
    expect(await served.ended('1')).toMatchObject({ status: 'done', outcome: 'ingested' });
    const [dataset] = served.sandbox.documents('datasets');
    expect(dataset).toMatchObject({ principalInvestigators: ['Somebody else'] });
    expect(dataset?.['datasetName']).not.toBe('run');
    expect(dataset?.['owner']).not.toBe('User');
    expect(dataset?.['sourceFolder']).toBe(path.join(served.data, 'run'));
    expect((dataset?.['scientificMetadata'] as Record<string, unknown>)['mass']).toMatchObject({ value: 3, unit: 'g' });
    // The token is nowhere on the disk, in no record.
    expect(JSON.stringify(await served.jobs.show('1'))).not.toContain(served.sandbox.token);
  });

  it.each([
    [{ sourceFolder: '/data/none' }, {}, 400, 'The folder /data/none does not exist.'],
    [{}, {}, 400, 'sourceFolder is missing: which folder is the dataset?'],
    ['[]', {}, 400, 'metaData is not a JSON object.'],
    ['{"a":1,"a":2}', {}, 400, expect.stringContaining('metaData: ')],
    ['{"__proto__":{}}', {}, 400, 'metaData has a key that nobody can have.'],
    ['{"a":', {}, 400, expect.stringContaining('metaData is not a JSON object')],
    [{ sourceFolder: '/data/run', isPublished: true }, {}, 400, expect.stringContaining('isPublished')],
    [{ sourceFolder: '/data/run', ownerGroup: 'others' }, {}, 400, 'ownerGroup: others is not one of your groups.'],
    [{ sourceFolder: '/data/run' }, { userToken: '' }, 400, 'userToken is missing: sign in to SciCat.'],
    [
      { sourceFolder: '/data/run' },
      { userToken: 'nobody' },
      401,
      '{"error":"login session has expired","message":"login session has expired"}',
    ],
  ])('%j is refused with a text that the page shows', async (document, more, status, text) => {
    const served = await serve(yaml, { withToken: false });
    measurement(served.data, 'run');
    const answer = await post(served, document, more);
    expect([answer.status, answer.body]).toEqual([status, text]);
    expect(answer.headers['content-type']).toContain(status === 401 ? 'application/json' : 'text/plain');
    expect(answer.headers['access-control-allow-origin']).toBe(frontend);
    expect((await served.jobs.list()).total).toBe(0);
  });

  it('cannot be asked for by a form of another page, nor by its cookie', async () => {
    const served = await serve(yaml);
    const headers = { Origin: 'https://evil.example', 'Content-Type': 'text/plain', 'Content-Length': '2' };
    const answer = await send(served.service.url, {
      method: 'POST',
      path: '/dataset',
      headers,
      body: Buffer.from('{}'),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
