import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it, vi } from 'vitest';
import { everybody } from '../../../gateway/accounts/gatekeeper.ts';
import { lastProgress } from './openemPage.ts';
import { measurement, send, serve } from './served.ts';
import type { Answered, Served } from './served.ts';

const frontend = 'http://localhost:4200';
const yaml = `allow_origins: ['${frontend}']\n`;
const parsed = (answer: Answered): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;

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

  it('fits the schema of its method, and sent back as it is it changes nothing', async () => {
    const served = await serve(yaml);
    measurement(served.data, 'run');
    const listed = await send(served.service.url, { method: 'GET', path: '/extractor', headers: {} });
    const methods = parsed(listed)['methods'] as { name: string; schema: string; url: string }[];
    const coda = methods.find(({ name }) => name === 'CODA');
    const { body } = await follow(served, 'filePath=/data/run&methodName=CODA');
    const result = JSON.parse(String(lastProgress(body)['result'])) as Record<string, Record<string, unknown>>;
    const fits = new Ajv({ strict: false }).compile(
      JSON.parse(Buffer.from(coda?.schema ?? '', 'base64').toString('utf8')) as object,
    );
    expect([fits(result), fits.errors]).toEqual([true, null]);
    expect(result['acquisition']?.['temperature_log']).toEqual({ value: [4.23, 4.06, 4, 4.01], unit: 'K' });
    const made = await served.jobs.extraction('1');
    const metaData = JSON.stringify({
      scientificMetadataSchema: coda?.url,
      sourceFolder: '/data/run',
      scientificMetadata: result,
    });
    const sent = Buffer.from(JSON.stringify({ metaData, userToken: served.sandbox.token }));
    const headers = { 'Content-Length': String(sent.length), Origin: frontend };
    await send(served.service.url, { method: 'POST', path: '/dataset', headers, body: sent });
    await served.ended('2');
    expect(served.sandbox.documents('datasets')[0]?.['scientificMetadata']).toMatchObject(
      made?.dataset['scientificMetadata'] as object,
    );
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
    [{ sourceFolder: '/data/run', isPublished: 'yes' }, {}, 400, expect.stringContaining('isPublished')],
    [
      { sourceFolder: '/data/run', scientificMetadata: { sample: { mass: { 'in.air': 1 } } } },
      {},
      400,
      'scientificMetadata/mass/in.air: a key may not hold “.”. Write “_” in its place.',
    ],
    [
      { sourceFolder: '/data/run', numberOfFiles: 3 },
      {},
      400,
      expect.stringMatching(/^numberOfFiles .* cannot be given\.$/),
    ],
    [
      { sourceFolder: '/data/run', _id: 'x', createdBy: 'me' },
      {},
      400,
      expect.stringMatching(/^“_id” .* \(and 1 more\)$/),
    ],
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

  it('that is too large is refused with a text, too', async () => {
    const served = await serve(yaml, { withToken: false });
    const { status, headers, body } = await post(served, { datasetName: 'x'.repeat(1_000_001) });
    expect([status, body]).toEqual([413, 'This is more than the service takes.']);
    expect(headers['content-type']).toContain('text/plain');
  });

  it.each([
    ['on', 'says nothing of archiving', {}, ''],
    ['on', 'wants it archived', { autoArchive: true }, ''],
    ['on', 'wants it not archived', { autoArchive: false }, undefined],
    ['off', 'wants it archived', { autoArchive: true }, '; not archived: switched off here'],
    ['off', 'wants it not archived', { autoArchive: false }, undefined],
  ])('with archiving switched %s, and a page that %s', async (archive, _, more, said) => {
    const served = await serve(`${yaml}protocols: {openem: {archive: ${archive === 'on'}}}`, {
      withToken: false,
      withJobTypes: true,
    });
    measurement(served.data, 'run');
    expect((await post(served, { sourceFolder: '/data/run' }, more)).status).toBe(200);
    expect(await served.ended('1')).toMatchObject({ status: 'done', outcome: 'ingested' });
    const [dataset] = served.sandbox.documents('datasets');
    const pid = String(dataset?.['pid']);
    const listed = await send(served.service.url, { method: 'GET', path: '/transfer?transferId=1', headers: {} });
    expect(parsed(listed)['transfers']).toMatchObject([{ status: 'finished', message: `dataset ${pid}${said ?? ''}` }]);
    const asked = served.sandbox.documents('jobs');
    if (said !== '') expect(asked).toEqual([]);
    else
      expect(asked).toMatchObject([
        {
          type: 'archive',
          jobParams: { datasetList: [{ pid, files: [] }] },
          ownerUser: 'ingestor',
          ownerGroup: dataset?.['ownerGroup'],
        },
      ]);
  });

  it('is there also where SciCat does not take the job that archives it, and the transfer says so', async () => {
    const served = await serve(`${yaml}protocols: {openem: {archive: true}}`, { withToken: false });
    measurement(served.data, 'run');
    expect((await post(served, { sourceFolder: '/data/run' })).status).toBe(200);
    expect(await served.ended('1')).toMatchObject({ status: 'done', outcome: 'ingested' });
    const listed = await send(served.service.url, { method: 'GET', path: '/transfer?transferId=1', headers: {} });
    expect(parsed(listed)['transfers']).toMatchObject([
      {
        status: 'finished',
        message: expect.stringMatching(/^dataset \S+; SciCat did not take the job “archive”: /) as string,
      },
    ]);
  });

  it('whose token is gone goes on with the next one of the same person', async () => {
    const served = await serve(yaml, { withToken: false });
    for (const name of ['run', 'other']) measurement(served.data, name);
    const options = { dryRun: false, ownToken: true };
    const folder = path.join(served.data, 'run');
    // As a start of the service finds them: nobody has their tokens.
    for (const asker of ['ingestor', 'user'])
      await served.jobs.create({
        protocol: 'openem',
        owner: everybody.name,
        request: { folder, host: served.sandbox.baseUrl, include: [], options: { ...options, protocol: { asker } } },
      });
    const isHeld = async (): Promise<void> => {
      for (const id of ['1', '2']) expect((await served.jobs.show(id))?.hold?.for).toBe('credentials');
    };
    await vi.waitFor(isHeld, { timeout: 15_000 });
    expect((await post(served, { sourceFolder: '/data/other' })).status).toBe(200);
    expect((await served.ended('1')).status).not.toBe('deposited');
    expect((await served.jobs.show('2'))?.hold?.for).toBe('credentials');
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
