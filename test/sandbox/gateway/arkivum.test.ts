import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filledIn, recordings } from './recordings.ts';
import { measurement, send, serve } from './served.ts';
import type { Answered, Served } from './served.ts';

const recorded = recordings('arkivum');
const accounts = 'auth: accounts\naccounts_file: ACCOUNTS';

/** The folders that the recorded requests name. */
function fill(data: string): void {
  const table = 'id,type,parent_id,dc.title\n';
  for (const name of ['Default/17_4', 'drive/plain', 'drive/broken-meta']) measurement(data, name);
  const plain = `${table}1,O,,Thin film run\n`;
  writeFileSync(path.join(data, 'drive/plain/ark-file-meta.csv'), plain);
  writeFileSync(path.join(data, 'Default/17_4/ark-file-meta.csv'), plain);
  writeFileSync(path.join(data, 'drive/broken-meta/ark-file-meta.csv'), `${table}1,X,,What is this\n`);
  const checksums = (folder: string): void => {
    measurement(folder, 'data');
    const lines = execFileSync('sh', ['-c', 'find data -type f -exec sha256sum {} +'], {
      cwd: folder,
      encoding: 'utf8',
    });
    writeFileSync(path.join(folder, 'manifest-sha256.txt'), lines);
    writeFileSync(path.join(folder, 'bagit.txt'), 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
  };
  for (const bag of ['drive/bag', 'drive/bad-bag']) {
    mkdirSync(path.join(data, bag), { recursive: true });
    checksums(path.join(data, bag));
  }
  execFileSync('tar', ['-czf', 'bag.tar.gz', 'bag'], { cwd: path.join(data, 'drive') });
  writeFileSync(path.join(data, 'drive/bad-bag/data/raw/443604_00001017.nxs'), 'changed since');
  writeFileSync(path.join(data, 'drive/broken.zip'), 'PK\u0003\u0004 and no more');
}

const parsed = (answer: Answered): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;

interface Reported {
  readonly id: string;
  readonly aggregationType: string;
  readonly relativePath: string | null;
  readonly processingSteps: readonly {
    readonly status: string;
    readonly name: string;
    readonly errorMessage: string | null;
  }[];
}

describe('what clients of Arkivum send', () => {
  it('is answered as they need it', { timeout: 120_000 }, async () => {
    const served = await serve(accounts);
    fill(served.data);
    const values: Record<string, string> = {
      '{HOST}': new URL(served.service.url).host,
      '{BASE}': served.service.url,
      '{CLIENT_SECRET}': served.secret,
      '{TOKEN}': '',
    };
    const answered: string[] = [];
    let ours = '';
    for (const each of recorded) {
      if (each.step.includes('to the end') || (each.times ?? 1) > 1) await served.ended(ours);
      const given = JSON.parse(each.answer.bodyText ?? 'null') as Record<string, unknown> | null;
      // Where the recorded client still waits, or has waited, ours is at its end.
      const isPoll = each.request.method === 'GET' && /\/ingest\/[0-9a-f]{24}/.test(each.request.path);
      if (isPoll && each.answer.status === 200) await served.ended(ours);
      const answer = await send(served.service.url, filledIn(each, values));
      const body = parsed(answer);
      const context = `${each.step}: ${each.request.method} ${each.request.path} → ${answer.status} ${answer.body}`;
      expect(answer.status, context).toBe(each.answer.status);
      expect(answer.headers['content-type'], context).toContain('application/json');
      if (given !== null && typeof given === 'object' && !Array.isArray(given))
        expect(Object.keys(body), context).toEqual(
          expect.arrayContaining(Object.keys(given).filter((key) => key !== 'scope' || 'scope' in body)),
        );
      if (typeof body['access_token'] === 'string') values['{TOKEN}'] = body['access_token'];
      if (answer.status === 202) {
        expect(body['status'], context).toBe('PENDING');
        for (const key of ['ingestPath', 'metadataPath', 'folderPath', 'jobTag', 'isArchive', 'unpack', 'datapool'])
          expect(body[key], `${key} of ${context}`).toEqual(given?.[key]);
        ours = String(body['ingestId']);
        values[String(given?.['ingestId'])] = ours;
      }
      const status = given?.['status'];
      if (status === 'SUCCEEDED' || status === 'FAILED') expect(body['status'], context).toBe(status);
      if (status === 'FAILED') expect(body['errorMessage'], context).toEqual(expect.any(String));
      if (each.step === 'all that is wrong is told at once') expect(body['errorDetails'], context).toHaveLength(2);
      answered.push(each.step);
    }
    expect(answered).toHaveLength(recorded.length);
    expect(served.bugs).toEqual([]);
  });

  it('requests that are equal and come at the same time give the same ingest while it is under way', async () => {
    const served = await serve();
    measurement(served.data, 'run');
    const ids = await Promise.all(Array.from({ length: 12 }, () => start(served, '?ingestPath=run&jobTag=x')));
    for (const id of ids) await served.ended(id);
    const { body } = await send(served.service.url, { method: 'GET', path: '/api/v1/jobs', headers: {} });
    const { jobs } = JSON.parse(body) as { jobs: { created: string; ended: string }[] };
    const inTime = jobs.sort((one, other) => one.created.localeCompare(other.created));
    // One that came when all before it had ended is another one.
    const overlapping = inTime.filter(({ created }, at) => inTime.slice(0, at).some(({ ended }) => created < ended));
    expect(overlapping).toEqual([]);
  });

  it('a report has every step SUCCESS at the end, for the dataset and each file', async () => {
    const served = await serve();
    const folder = measurement(served.data, 'run');
    writeFileSync(path.join(folder, 'ark-file-meta.csv'), 'id,type,parent_id,dc.title\n1,O,,Thin film run\n');
    const id = await start(served, '?ingestPath=run&metadataPath=run/ark-file-meta.csv&folderPath=a/b');
    await served.ended(id);
    const report = parsed(await get(served, `/ingest/${id}/report`));
    const list = report['resultList'] as Reported[];
    expect(list.map(({ aggregationType, relativePath }) => [aggregationType, relativePath])).toEqual([
      ['O', null],
      ['F', 'raw/443604_00001017.nxs'],
    ]);
    expect(list[1]?.id).toBe('a/b/raw/443604_00001017.nxs');
    const statuses = list.flatMap(({ processingSteps }) => processingSteps.map(({ status }) => status));
    expect(new Set(statuses)).toEqual(new Set(['SUCCESS']));
    expect(list[1]?.processingSteps.map(({ name }) => name)).not.toContain('UNPACKING');
    expect(served.sandbox.documents('datasets').map(({ datasetName }) => datasetName)).toEqual(['Thin film run']);
    expect((await get(served, `/ingest/download/${id}`)).body).toContain('raw/443604_00001017.nxs,');
    expect(parsed(await get(served, `/ingest/${id}/report/summary`))).toMatchObject({
      overallStatus: 'SUCCEEDED',
      entitiesByAggregationType: { O: 1, F: 1 },
    });
  });

  it.each([
    ['?ingestPath=drive/bad-bag', 'FIXITY', ['F']],
    ['?ingestPath=drive/broken.zip&isArchive=true', 'UNPACKING', ['O']],
    ['?ingestPath=drive/plain&isArchive=true', 'UNPACKING', ['O']],
    [
      '?ingestPath=drive/broken-meta&metadataPath=drive/broken-meta/ark-file-meta.csv',
      'METADATA_EXTRACTION',
      ['O', 'F'],
    ],
  ])('%s fails in the step %s', async (query, step, of) => {
    const served = await serve();
    fill(served.data);
    const id = await start(served, query);
    await served.ended(id);
    const { errorMessage, errorMessages } = parsed(await get(served, `/ingest/${id}`));
    expect(errorMessages).toEqual({ [step]: errorMessage });
    const { resultList } = parsed(await get(served, `/ingest/${id}/report`)) as { resultList: Reported[] };
    const failed = resultList.flatMap(({ aggregationType, processingSteps }) =>
      processingSteps
        .filter(({ status }) => status === 'FAILED')
        .map(({ name, errorMessage: message }) => [aggregationType, name, message]),
    );
    // Each file says so, those that describe a bag, too.
    expect([...new Set(failed.map((each) => JSON.stringify(each)))]).toEqual(
      of.map((type) => JSON.stringify([type, step, errorMessage])),
    );
  });

  it('twice at once is one ingestion, and another folder another one', async () => {
    const served = await serve('', { withToken: false });
    measurement(served.data, 'run');
    measurement(served.data, 'other');
    const first = await start(served, '?ingestPath=run');
    expect(await start(served, '?ingestPath=run')).toBe(first);
    expect(await start(served, '?ingestPath=other')).not.toBe(first);
  });

  it.each([
    '?ingestPath=run&ingestPath=run',
    '?ingestPath=',
    '?ingestPath=run%00',
    '?ingestPath=a%5Cb',
    '?ingestPath=run&datapool=none',
    '?ingestPath=run&locationId=none',
    '?ingestPath=run&splitterChildren=0',
    '?ingestPath=run&metadataPath=../x',
    '?ingestPath=leads-out',
  ])('%s is refused, and nothing is left behind', async (query) => {
    const served = await serve();
    measurement(served.data, 'run');
    execFileSync('ln', ['-s', '/etc', path.join(served.data, 'leads-out')]);
    const answer = await ask(served, query);
    expect([answer.status, parsed(answer)['errorDetails']]).toEqual([400, [expect.any(String)]]);
    expect((await served.jobs.list()).total).toBe(0);
  });

  it.each([
    ['GET', '/api/arksys/nothing', 404],
    ['GET', '/api/arksys', 404],
    ['PUT', '/api/arksys/ingest', 405],
    ['POST', '/api/arksys/locations', 405],
  ])('%s %s: %d, in the form of the protocol', async (method, target, status) => {
    const served = await serve();
    const answer = await send(served.service.url, { method, path: target, headers: {} });
    expect(answer.status).toBe(status);
    expect(parsed(answer)).toMatchObject({ errorMessage: expect.any(String) as string, errorDetails: [] });
    if (status === 405) expect(answer.headers['allow']).toMatch(/^(?:POST|GET, HEAD)$/);
  });

  it('a job of another account is not there', async () => {
    const served = await serve(`${accounts}\nprotocols: {native: {auth: accounts}}`);
    measurement(served.data, 'run');
    const { id } = await served.jobs.create({
      protocol: 'arkivum',
      owner: 'somebody else',
      request: { include: [], host: '', options: { dryRun: false } },
      isComplete: false,
    });
    const headers = { Authorization: `Bearer eprints.${served.secret}` };
    const answer = await send(served.service.url, { method: 'GET', path: `/api/arksys/ingest/${id}`, headers });
    expect(answer.status).toBe(404);
  });
});

const get = ({ service }: Served, target: string): Promise<Answered> =>
  send(service.url, { method: 'GET', path: `/api/arksys${target}`, headers: {} });

const ask = ({ service }: Served, query: string): Promise<Answered> =>
  send(service.url, { method: 'POST', path: `/api/arksys/ingest${query}`, headers: {} });

async function start(served: Served, query: string): Promise<string> {
  const answer = await ask(served, query);
  expect(answer.status, answer.body).toBe(202);
  return String(parsed(answer)['ingestId']);
}
