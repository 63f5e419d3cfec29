import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { samples, send, serve } from './served.ts';
import type { Answered, Served } from './served.ts';

interface JobAnswer {
  readonly id: string;
  readonly status: string;
  readonly pid: string | null;
  readonly can: readonly string[];
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
  readonly parent: string | null;
}

const root = path.resolve(import.meta.dirname, '../../..');
const description = JSON.parse(readFileSync(path.join(root, 'schemas/ingest-service.openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;
  components: { schemas: Record<string, object> };
};
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
ajv.addSchema(description, 'api');

/** Sends a request, and holds the answer to what the description of the API says of it. */
async function ask({ service }: Served, method: string, target: string, given?: Buffer | object): Promise<Answered> {
  const body = given === undefined || Buffer.isBuffer(given) ? given : Buffer.from(JSON.stringify(given));
  const headers = { ...(method !== 'GET' && { 'Content-Length': String(body?.length ?? 0) }) };
  const answer = await send(service.url, { method, path: target, headers, body });
  const template = Object.keys(description.paths).find((each) =>
    new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}$`).test(target.replace(/\?.*/, '')),
  );
  const responses = description.paths[template ?? '']?.[method.toLowerCase()]?.responses;
  const context = `${method} ${target}: ${answer.status} ${answer.body}`;
  expect(Object.keys(responses ?? {}), context).toContain(String(answer.status));
  const content = responses?.[answer.status]?.content?.['application/json'] as { schema: { $ref: string } } | undefined;
  if (content) {
    const fits = ajv.getSchema(`api${content.schema.$ref}`);
    expect([fits?.(JSON.parse(answer.body)), fits?.errors], context).toEqual([true, null]);
  }
  return answer;
}

const jobIn = (answer: Answered): JobAnswer => JSON.parse(answer.body) as JobAnswer;
const run = (): Buffer => readFileSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs'));
const datasets = ({ sandbox }: Served): unknown[] => sandbox.documents('datasets').map((each) => each['datasetName']);

async function draft(served: Served, more: object = {}): Promise<string> {
  const made = await ask(served, 'POST', '/api/v1/jobs', { upload: true, ...more });
  expect([made.status, jobIn(made).status]).toEqual([201, 'draft']);
  return `/api/v1/jobs/${jobIn(made).id}`;
}

/** A form as curl sends it. */
function form(parts: readonly (readonly [disposition: string, content: Buffer | string])[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(([disposition, content]) => [
      Buffer.from(`--XX\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--XX--\r\n'),
  ]);
}

function sendForm({ service }: Served, parts: Parameters<typeof form>[0]): Promise<Answered> {
  const body = form(parts);
  const headers = { 'Content-Type': 'multipart/form-data; boundary=XX', 'Content-Length': String(body.length) };
  return send(service.url, { method: 'POST', path: '/api/v1/jobs', headers, body });
}

describe('an upload', () => {
  it('is a draft that takes files and metadata until it is submitted, and then a dataset', async () => {
    const served = await serve();
    const job = await draft(served, { tag: 'by hand' });
    const added = await ask(served, 'PUT', `${job}/files/443604_00001017.nxs`, run());
    expect(jobIn(added).files).toEqual([
      { name: '443604_00001017.nxs', size: run().length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    await ask(served, 'PUT', `${job}/files/notes%20of%20%C3%A4.txt`, Buffer.from('first'));
    const again = await ask(served, 'PUT', `${job}/files/notes%20of%20%C3%A4.txt`, Buffer.from('second'));
    expect(jobIn(again).files.map(({ name, size }) => [name, size])).toEqual([
      ['443604_00001017.nxs', run().length],
      ['notes of ä.txt', 6],
    ]);
    await ask(served, 'PUT', `${job}/files/wrong.txt`, Buffer.from('x'));
    expect((await ask(served, 'DELETE', `${job}/files/wrong.txt`)).status).toBe(200);
    expect((await ask(served, 'DELETE', `${job}/files/wrong.txt`)).status).toBe(404);
    expect((await ask(served, 'PATCH', job, { metadata: { datasetName: 'Sent' } })).status).toBe(200);
    expect((await ask(served, 'POST', `${job}/submit`)).status).toBe(200);
    const ended = await served.ended('1');
    expect([ended.status, datasets(served)]).toEqual(['done', ['Sent']]);
    expect(await readdir(path.join(served.storage, '1'))).toEqual(['443604_00001017.nxs', 'notes of ä.txt']);
    expect((await ask(served, 'PUT', `${job}/files/late.txt`, Buffer.from('x'))).status).toBe(409);
    expect((await ask(served, 'PATCH', job, { metadata: {} })).status).toBe(409);
    await ask(served, 'GET', job);
    await ask(served, 'GET', '/api/v1/jobs');
    await ask(served, 'GET', '/api/v1');
  });

  it('may be one form with all of it', async () => {
    const served = await serve();
    const made = await sendForm(served, [
      ['name="file"; filename="443604_00001017.nxs"', run()],
      ['name="job"', '{"metadata": {"datasetName": "Form"}, "tag": "f"}'],
      ['name="file"; filename="notes.txt"', 'notes'],
    ]);
    expect([made.status, made.headers['location']]).toEqual([201, `${served.service.url}/api/v1/jobs/1`]);
    expect((await served.ended('1')).status).toBe('done');
    expect(datasets(served)).toEqual(['Form']);
  });

  it.each([
    ['no file', [['name="job"', '{}']], 400],
    ['a file twice', [['name="file"; filename="a"', 'x'], ['name="file"; filename="a"', 'y']], 400], // prettier-ignore
    ['a file without a name', [['name="file"', 'x']], 400],
    ['a part of another name', [['name="data"; filename="a"', 'x']], 400],
    ['a job that is no JSON', [['name="file"; filename="a"', 'x'], ['name="job"', '{']], 400], // prettier-ignore
    ['a path besides', [['name="file"; filename="a"', 'x'], ['name="job"', '{"path": "run"}']], 400], // prettier-ignore
    ['more than is taken', [['name="file"; filename="a"', Buffer.alloc(60_000)], ['name="file"; filename="b"', Buffer.alloc(60_000)]], 413], // prettier-ignore
  ] as const)('with %s is refused, and nothing stays of it', async (_, parts, status) => {
    const served = await serve('limits: {upload: 100000}');
    expect((await sendForm(served, parts)).status).toBe(status);
    expect((await served.jobs.list()).total).toBe(0);
    expect(await readdir(path.join(served.store, 'incoming')).catch(() => [])).toEqual([]);
    expect(served.bugs).toEqual([]);
  });

  it.each(['..%2Fx', 'a%2Fb', 'a%5Cb', '..', '%00', 'x'.repeat(256), 'a%0Ab'])(
    'a file cannot be called %s',
    async (name) => {
      const served = await serve();
      const job = await draft(served);
      const answer = await send(served.service.url, { method: 'PUT', path: `${job}/files/${name}`, headers: { 'Content-Length': '1' }, body: Buffer.from('x') }); // prettier-ignore
      expect([400, 404, 405]).toContain(answer.status);
      expect((await served.jobs.show('1'))?.parts).toEqual([]);
      expect(await readdir(path.join(served.store, 'incoming')).catch(() => [])).toEqual([]);
    },
  );

  it('has a limit for all files together, also of those that come at the same time', async () => {
    const served = await serve('limits: {upload: 100000}');
    const job = await draft(served);
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => ask(served, 'PUT', `${job}/files/${name}`, Buffer.alloc(60_000))),
    );
    expect(answers.map(({ status }) => status).sort()[0]).toBe(200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await served.jobs.show('1'))?.parts).toHaveLength(1);
    expect((await ask(served, 'PUT', `${job}/files/d`, Buffer.alloc(60_000))).status).toBe(413);
  });

  it('that is cut off leaves the draft as it was', async () => {
    const served = await serve();
    const job = await draft(served);
    const { hostname, port } = new URL(served.service.url);
    await new Promise<void>((resolve) => {
      const cut = request({ hostname, port, method: 'PUT', path: `${job}/files/a`, headers: { 'Content-Length': '1000000' } }); // prettier-ignore
      cut.on('error', () => {
        resolve();
      });
      cut.write(Buffer.alloc(500_000), () => cut.destroy(new Error('cut')));
    });
    await expect.poll(() => readdir(path.join(served.store, 'incoming')).catch(() => ['?'])).toEqual([]);
    expect((await served.jobs.show('1'))?.parts).toEqual([]);
    expect(served.bugs).toEqual([]);
  });

  it('is not possible without a folder for it, and drafts of one account are counted', async () => {
    const without = await serve('', { withStorage: false });
    expect((await ask(without, 'POST', '/api/v1/jobs', { upload: true })).status).toBe(403);
    const served = await serve('limits: {drafts: 1}');
    await draft(served);
    expect((await ask(served, 'POST', '/api/v1/jobs', { upload: true })).status).toBe(429);
  });
});

describe('afterwards', () => {
  it('what was rejected is opened again with its files, changed, and submitted', async () => {
    const served = await serve();
    const job = await draft(served);
    await ask(served, 'PUT', `${job}/files/notes.txt`, Buffer.from('no data'));
    await ask(served, 'POST', `${job}/submit`);
    expect((await served.ended('1')).status).toBe('rejected');
    expect(jobIn(await ask(served, 'GET', job)).can).toEqual(['reopen', 'drop']);
    const reopened = jobIn(await ask(served, 'POST', `${job}/reopen`));
    expect(reopened).toMatchObject({ id: '2', status: 'draft', parent: '1', files: [{ name: 'notes.txt' }] });
    expect((await served.jobs.show('2'))?.expiresAt).toEqual(expect.any(String));
    await ask(served, 'PUT', '/api/v1/jobs/2/files/443604_00001017.nxs', run());
    await ask(served, 'POST', '/api/v1/jobs/2/submit');
    expect((await served.ended('2')).status).toBe('done');
    expect((await ask(served, 'DELETE', job)).status).toBe(204);
    expect((await ask(served, 'GET', job)).status).toBe(404);
    expect((await ask(served, 'DELETE', '/api/v1/jobs/2/files/notes.txt')).status).toBe(409);
  });

  it('a dataset is changed by who knows its pid', async () => {
    const served = await serve();
    await sendForm(served, [['name="file"; filename="443604_00001017.nxs"', run()]]);
    await served.ended('1');
    const { pid, can } = jobIn(await ask(served, 'GET', '/api/v1/jobs/1'));
    expect(can).toEqual(['amend', 'drop']);
    const amend = (body: object): Promise<Answered> => ask(served, 'POST', '/api/v1/jobs/1/amend', body);
    expect((await amend({ pid: 'other', metadata: { datasetName: 'x' } })).status).toBe(409);
    expect((await amend({ metadata: { datasetName: 'x' } })).status).toBe(400);
    expect((await amend({ pid, metadata: [] })).status).toBe(400);
    const changed = await amend({ pid, metadata: { datasetName: 'Renamed' } });
    expect(JSON.parse(changed.body)).toMatchObject({
      status: 'done',
      amendments: [{ changes: [{ field: 'datasetName', after: 'Renamed' }] }],
    });
    expect(datasets(served)).toEqual(['Renamed']);
    await served.sandbox.close();
    expect((await amend({ pid, metadata: { datasetName: 'Lost' } })).status).toBe(503);
  });

  it('what was called off is dropped, or gone on with', async () => {
    const served = await serve('', { withToken: false });
    await draft(served);
    expect((await ask(served, 'DELETE', '/api/v1/jobs/1')).status).toBe(204);
    await sendForm(served, [['name="file"; filename="443604_00001017.nxs"', run()]]);
    const waits = async (): Promise<unknown> => (await served.jobs.show('2'))?.hold?.for;
    await expect.poll(waits).toBe('credentials');
    expect((await ask(served, 'DELETE', '/api/v1/jobs/2')).status).toBe(409);
    await ask(served, 'POST', '/api/v1/jobs/2/cancel');
    await ask(served, 'POST', '/api/v1/jobs/2/resume');
    await expect.poll(waits).toBe('credentials');
    await ask(served, 'POST', '/api/v1/jobs/2/cancel');
    expect((await ask(served, 'DELETE', '/api/v1/jobs/2')).status).toBe(204);
    expect((await served.jobs.list()).total).toBe(0);
  });
});
