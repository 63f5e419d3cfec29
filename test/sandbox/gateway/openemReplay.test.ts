import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { lastProgress } from './openemPage.ts';
import { filledIn, recordings } from './recordings.ts';
import type { Recorded } from './recordings.ts';
import { measurement, samples, send, serve } from './served.ts';
import type { Answered, Sent, Served } from './served.ts';

const frontend = 'http://localhost:4200';
const yaml = `allow_origins: ['${frontend}']\n`;
const schemas = mkdtempSync(path.join(tmpdir(), 'imsc-schemas-'));
afterAll(() => {
  rmSync(schemas, { recursive: true, force: true });
});
const coda = readFileSync(path.join(samples, 'schemas/coda.imsc.yml'), 'utf8');
writeFileSync(path.join(schemas, 'loki.imsc.yml'), coda.replace('name: CODA', 'name: LoKI raw data'));

/** Where the recorded server was not as ours is: signing in, a SciCat that does not answer, data that are not there. */
type Circumstance = 'accounts' | 'scicat-down' | 'broken-file' | 'no-folder' | 'leaves';

interface Unlike {
  readonly step: string;
  /** The first exchange of the step is meant if absent. */
  readonly path?: string;
  /** Why ours does not answer as the recorded server did, or what it takes that it does. */
  readonly reason: string;
  readonly when?: Circumstance;
  /** As recorded if absent. */
  readonly status?: number;
  readonly body?: unknown;
}

const aList = { transfers: expect.any(Array) as unknown, total: expect.any(Number) as unknown };
const methods = { methods: expect.arrayContaining([expect.objectContaining({ name: 'LoKI raw data' })]) as unknown };

/** Every exchange in which the recorded server did not do as ours does, which the recordings have on purpose. */
const unlike: readonly Unlike[] = [
  { step: 'a service that fails is not connected', path: '/version', reason: 'ours does not fail here', status: 200, body: { version: 'imsc 0.0.0' } }, // prettier-ignore
  { step: 'userinfo as {error} only: not understood by the page', path: '/userinfo', reason: 'the page does not understand it; ours is the text', body: 'auth is disabled' }, // prettier-ignore
  { step: 'userinfo as {error, message}: signing in is off', path: '/userinfo', reason: 'ours is the text, which the page understands as well', body: 'auth is disabled' }, // prettier-ignore
  { step: 'userinfo not signed in: Login is offered', reason: 'with accounts', when: 'accounts', body: { logged_in: false } }, // prettier-ignore
  { step: 'userinfo signed in', reason: 'the page brings cookies only, which are not read: signing in by OpenID Connect is left out', when: 'accounts', body: { logged_in: false } }, // prettier-ignore
  { step: 'health error is shown', path: '/health', reason: 'SciCat does not answer', when: 'scicat-down', body: { status: 'error', errors: { scicat: expect.any(String) as unknown } } }, // prettier-ignore
  { step: 'methods cannot be read', path: '/extractor?page=1&pageSize=50', reason: 'a schema that cannot be read is left out, the others are there', status: 200, body: methods }, // prettier-ignore
  { step: 'session expired on methods', path: '/transfer?page=0&pageSize=100', reason: 'with accounts', when: 'accounts', body: { error: 'login session has expired', message: 'login session has expired' } }, // prettier-ignore
  { step: 'session expired on methods', path: '/extractor?page=1&pageSize=50', reason: 'with accounts', when: 'accounts', body: { error: 'login session has expired', message: 'login session has expired' } }, // prettier-ignore
  { step: 'no method: Next stays off', reason: 'there is always a method', body: methods },
  { step: 'a folder cannot be read', path: '/dataset/browse?page=1&pageSize=50&path=/', reason: 'the locations can always be listed', status: 200, body: { folders: [{ name: 'data', path: '/data' }], total: 1 } }, // prettier-ignore
  { step: 'extraction fails with a reason (err in a progress event)', reason: 'the file is damaged', when: 'broken-file', body: { err: expect.stringContaining('443604_00001017.nxs') as unknown } }, // prettier-ignore
  { step: 'extraction fails by an event named error', reason: 'the page does not show it; ours is an event of progress', when: 'broken-file', body: { err: expect.any(String) as unknown } }, // prettier-ignore
  {
    step: 'extraction stream is cut',
    reason: 'ours comes to its end',
    body: { result: expect.any(String) as unknown },
  },
  { step: 'extraction refused with 400 before the stream', reason: 'the page does not show it; ours is an event of progress', when: 'no-folder', status: 200, body: { err: 'The folder /data/loki/2025/443618/raw does not exist.' } }, // prettier-ignore
  { step: 'ingest refused, text', reason: 'what is sent is good: it is refused where the folder is gone', when: 'no-folder', body: 'The folder /data/loki/2025/443618/raw does not exist.' }, // prettier-ignore
  { step: 'ingest refused, {error} only: shown as [object Object]', reason: 'the page does not show it; ours is a text', when: 'no-folder', body: 'The folder /data/loki/2025/443618/raw does not exist.' }, // prettier-ignore
  { step: 'ingest refused, {error, message}', reason: 'its dialog does not show it; ours is a text', when: 'no-folder', body: 'The folder /data/loki/2025/443618/raw does not exist.' }, // prettier-ignore
  { step: 'ingest fails with 500', reason: 'SciCat does not answer: the job waits for it', when: 'scicat-down', status: 200, body: { status: 'waiting', transferId: expect.any(String) as unknown } }, // prettier-ignore
  { step: 'the list without the member transfers: the page breaks', reason: 'ours has it always', body: aList },
  { step: 'leaving the dialog ends the extraction stream', reason: 'nobody follows it: the extraction is called off', when: 'leaves' }, // prettier-ignore
];

const unlikeOf = ({ step, request: { method, path: target } }: Recorded): Unlike | undefined =>
  method === 'OPTIONS' ? undefined : unlike.find((each) => each.step === step && (each.path ?? target) === target);

/** The page waited until what it shows came about; ours is waited for, too. */
const afterEnd = new Set(['finished', 'failed']);

interface Transfer {
  readonly transferId: string;
  readonly status: string;
  readonly message: string;
}

const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const transfersOf = (text: string): readonly Transfer[] => (parsed(text)['transfers'] ?? []) as readonly Transfer[];

it('every request of the page “Ingestor” is answered as it needs it', { timeout: 120_000 }, async () => {
  const config = {
    'ingestion.schemas_directory': schemas,
    'ingestion.file_handling.data_file_open_max_tries': '1',
  };
  const usual = await serve(yaml, { config });
  const others: Record<'accounts' | 'scicat-down', Served> = {
    accounts: await serve(`${yaml}auth: accounts\naccounts_file: ACCOUNTS\n`, { config }),
    'scicat-down': await serve(yaml, { config: { ...config, 'scicat.host': 'http://127.0.0.1:9/api/v3' } }),
  };
  for (const { data } of [usual, ...Object.values(others)]) measurement(data, 'loki/2025/443618');
  const ids = new Map<string, string>();
  const met = new Set<Unlike>();
  const all = recordings('openem');
  let count = 0;
  for (const each of all) {
    const other = unlikeOf(each);
    const served = other?.when === 'accounts' || other?.when === 'scicat-down' ? others[other.when] : usual;
    const sent = mapped(filledIn(each, placeholders(served)), ids);
    if (other) met.add(other);
    if (other?.when === 'leaves') {
      await leave(served, sent);
      count += 1;
      continue;
    }
    await untilAsRecorded(each, ids, served);
    const answer = await under(served, other?.when, () => send(served.service.url, sent));
    const context = `${each.step}: ${sent.method} ${sent.path} → ${answer.status} ${answer.body.slice(0, 800)}`;
    expect(answer.status, context).toBe(other?.status ?? each.answer.status);
    expect(answer.headers['access-control-allow-origin'], context).toBe(frontend);
    expect(answer.headers['access-control-allow-credentials'], context).toBe('true');
    if (other) expect(contentOf(answer), context).toMatchObject(asObject(other.body));
    else compare(each, answer, context, ids);
    count += 1;
  }
  expect(count).toBe(all.length);
  expect([...met]).toEqual(unlike);
  for (const { bugs } of [usual, ...Object.values(others)]) expect(bugs).toEqual([]);
});

const placeholders = ({ service, sandbox }: Served): Readonly<Record<string, string>> => ({
  '{HOST}': new URL(service.url).host,
  '{FRONTEND}': frontend,
  '{BASE}': service.url,
  '{SCICAT_TOKEN}': sandbox.token,
});

/** Numbers of transfers are those of our service. */
function mapped(sent: Sent, ids: ReadonlyMap<string, string>): Sent {
  let body = sent.body?.toString('utf8');
  for (const [theirs, ours] of ids) body = body?.replace(`"transferId":"${theirs}"`, `"transferId":"${ours}"`);
  const target = sent.path.replace(/transferId=(\d+)/, (_, id: string) => `transferId=${ids.get(id) ?? id}`);
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return { ...sent, path: target, headers: { ...sent.headers, ...length }, body: body === undefined ? undefined : Buffer.from(body) }; // prettier-ignore
}

async function untilAsRecorded(each: Recorded, ids: ReadonlyMap<string, string>, served: Served): Promise<void> {
  if (each.request.method !== 'GET' || !each.request.path.startsWith('/transfer')) return;
  for (const { transferId, status } of transfersOf(each.answer.bodyText ?? '{}'))
    if (afterEnd.has(status)) await served.ended(ids.get(transferId) ?? transferId);
}

/** Does something while the data are as a circumstance says. */
async function under<T>({ data }: Served, when: Circumstance | undefined, act: () => Promise<T>): Promise<T> {
  const raw = path.join(data, 'loki/2025/443618/raw');
  if (when !== 'no-folder' && when !== 'broken-file') return act();
  renameSync(raw, `${raw}-away`);
  if (when === 'broken-file') {
    mkdirSync(raw);
    const whole = readFileSync(path.join(`${raw}-away`, '443604_00001017.nxs'));
    writeFileSync(path.join(raw, '443604_00001017.nxs'), whole.subarray(0, 700));
  }
  try {
    return await act();
  } finally {
    rmSync(raw, { recursive: true, force: true });
    renameSync(`${raw}-away`, raw);
  }
}

/** Goes away at the first news. */
async function leave({ service, jobs, data }: Served, { method, path: target, headers }: Sent): Promise<void> {
  // Of new data, so that there is something to do.
  writeFileSync(path.join(data, 'loki/2025/443618/raw/more.txt'), 'new');
  const before = (await jobs.list({ protocol: 'openem' })).total;
  await new Promise<void>((resolve, reject) => {
    const { hostname, port } = new URL(service.url);
    const asked = request({ hostname, port, method, path: target, headers, agent: false }, (answer) => {
      answer.on('error', () => undefined);
      answer.once('data', () => {
        asked.destroy();
        resolve();
      });
    });
    asked.on('error', reject);
    asked.end();
  });
  await vi.waitFor(
    async () => {
      const { total, jobs: [newest] } = await jobs.list({ protocol: 'openem' }); // prettier-ignore
      // It may have been quicker than the one who left.
      expect([total, ['cancelled', 'done']]).toEqual([before + 1, expect.arrayContaining([newest?.status])]);
    },
    { timeout: 15_000 },
  );
}

const isStream = (headers: Readonly<Record<string, unknown>>): boolean =>
  String(headers['content-type']).startsWith('text/event-stream');

/** What the page takes an answer for: the last event of a stream, the members of an object, else the text. */
function contentOf({ headers, body }: Answered): object {
  if (isStream(headers)) return lastProgress(body);
  return String(headers['content-type']).startsWith('application/json') ? parsed(body) : asObject(body);
}

const asObject = (body: unknown): object => (typeof body === 'object' && body !== null ? body : { text: body });

function compare(each: Recorded, answer: Answered, context: string, ids: Map<string, string>): void {
  const { headers, bodyText = '{}' } = each.answer;
  if (isStream(headers)) {
    expect(answer.body, context).not.toContain('event: error');
    const last = lastProgress(answer.body);
    expect(last['std_out'], context).toMatch(/^Progress: \d+ %$/);
    // Without it the person stays on that page.
    expect(Object.keys(parsed(String(last['result']))), context).toEqual(['organizational', 'sample', 'instrument', 'acquisition']); // prettier-ignore
    return;
  }
  if (!String(headers['content-type']).startsWith('application/json')) {
    // Texts that the page looks into.
    if (each.request.method !== 'OPTIONS') expect(answer.body, context).toBe(bodyText);
    return;
  }
  const given = parsed(bodyText);
  expect(Object.keys(parsed(answer.body)), context).toEqual(expect.arrayContaining(Object.keys(given)));
  if (each.request.method === 'POST') ids.set(String(given['transferId']), String(parsed(answer.body)['transferId']));
  if (!each.request.path.startsWith('/transfer') || each.request.method !== 'GET') return;
  const ours = transfersOf(answer.body);
  for (const { transferId, status } of transfersOf(bodyText)) {
    const own = ours.find((transfer) => transfer.transferId === (ids.get(transferId) ?? transferId));
    expect(own?.message, context).toEqual(expect.any(String));
    if (status === 'finished') expect([own?.status, own?.message], context).toEqual(['finished', expect.stringMatching(/^(?:dataset|already in SciCat:) \S/)]); // prettier-ignore
  }
}
