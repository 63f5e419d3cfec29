import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { SaxesParser } from 'saxes';
import { afterAll, describe, expect, it } from 'vitest';
import { filledIn, recordings } from './recordings.ts';
import type { Recorded } from './recordings.ts';
import { send, serve } from './served.ts';
import type { Answered, Sent, Served } from './served.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-sword-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What an entry does not say, a facility says for all deposits of a collection. */
const schema = path.join(folder, 'deposits.imsc.json');
const fields = {
  datasetName: 'A deposit',
  principalInvestigator: 'Ada Beispiel',
  creationLocation: 'ESS:CODA',
  owner: 'Ada Beispiel',
  ownerEmail: 'ada@example.org',
  contactEmail: 'ada@example.org',
  ownerGroup: 'ess',
  type: 'raw',
  creationTime: '2026-11-27T12:00:00Z',
};
writeFileSync(
  schema,
  JSON.stringify({
    id: 'deposits',
    name: 'Deposits',
    instrument: 'CODA',
    order: 1,
    selector: 'filename:contains:nothing',
    variables: {},
    schema: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        { field_type: 'high_level', machine_name: name, value, type: name === 'creationTime' ? 'date' : 'string' },
      ]),
    ),
  }),
);

const yaml = `accounts_file: ACCOUNTS
limits: {upload: 1024000}
protocols: {sword: {collections: [{name: nexus, schema: '${schema}'}]}}
`;

/** What a strict parser with namespaces finds in a document: the texts of its elements, by `prefix:name`. */
function texts(document: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const open: { name: string; text: string }[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', ({ name }) => {
    open.push({ name, text: '' });
  });
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on('closetag', () => {
    const { name, text } = open.pop() ?? { name: '', text: '' };
    found.set(name, [...(found.get(name) ?? []), text.trim()]);
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(document).close();
  return found;
}

const one = (answer: Answered, name: string): string | undefined => texts(answer.body).get(name)?.[0];

/** What was recorded as done, because that server looked into nothing. */
const rejectedHere = new Set(['a file that is no archive']);

/** Steps in which the recording server failed on purpose, which ours does not: what it answers. */
const failedThere: Readonly<Record<string, number>> = { 'maintenance (503)': 200, 'failure without XML (500)': 201 };

/** Sends what a client sent, and looks at what it needs of the answer. @returns how many */
async function replay(client: string, served: Served): Promise<number> {
  const ids = new Map<string, string>();
  const swhids = new Map<string, string>();
  let count = 0;
  for (const each of recordings(client)) {
    const values: Record<string, string> = {
      '{HOST}': new URL(served.service.url).host,
      '{BASE}': served.service.url,
      '{CREDENTIALS}': Buffer.from(`eprints:${served.secret}`).toString('base64'),
      '{WRONG_CREDENTIALS}': Buffer.from('eprints:wrong').toString('base64'),
      ...Object.fromEntries(swhids),
    };
    const sent = mapped(filledIn(each, values), ids);
    await untilAsRecorded(each, sent, served);
    const answer = await send(served.service.url, sent);
    const context = `${client}, ${each.step}: ${sent.method} ${sent.path} → ${answer.status} ${answer.body.slice(0, 1500)}`;
    expect(answer.status, context).toBe(failedThere[each.step] ?? each.answer.status);
    expect(answer.headers['x-content-type-options'], context).toBe('nosniff');
    if (answer.status >= 400) expect(texts(answer.body).has('sword:error'), context).toBe(true);
    if (answer.status === 401) expect(answer.headers['www-authenticate'], context).toBe('Basic realm="imsc"');
    const location = Object.entries(each.answer.headers).find(([name]) => name === 'location')?.[1];
    if (answer.status === 201 && location !== undefined) {
      const [, theirs = ''] = /\/(\d+)\/\w+\/$/.exec(location) ?? [];
      const [, ours = '', kind = ''] = /\/(\d+)\/(\w+)\/$/.exec(String(answer.headers['location'])) ?? [];
      expect(location, context).toContain(`/${kind}/`);
      ids.set(theirs, ours);
    }
    compare(each, answer, context, swhids);
    count += 1;
  }
  return count;
}

/** Ids are those of our server, in the order in which they came. */
function mapped(sent: Sent, ids: ReadonlyMap<string, string>): Sent {
  const path_ = sent.path.replace(
    /^(\/1\/nexus\/)(\d+)(?=\/)/,
    (_, before: string, id: string) => before + (ids.get(id) ?? id),
  );
  return { ...sent, path: path_ };
}

/** Where the client waited until its deposit was done, ours is waited for. */
async function untilAsRecorded(each: Recorded, sent: Sent, served: Served): Promise<void> {
  const isDone = /deposit_status>(?:done|rejected)</.test(each.answer.bodyText ?? '');
  const id = /^\/1\/nexus\/(\d+)\//.exec(sent.path)?.[1];
  const needsEnd = isDone || each.step.includes('of a done deposit');
  if (needsEnd && id !== undefined && sent.method !== 'POST') await served.ended(id);
}

function compare(each: Recorded, answer: Answered, context: string, swhids: Map<string, string>): void {
  const { bodyText } = each.answer;
  if (bodyText?.startsWith('<?xml') !== true) return;
  const [theirs, ours] = [texts(bodyText), texts(answer.body)];
  for (const name of ['sword:name', 'sword:version', 'swhdeposit:deposit_external_id']) {
    const given = theirs.get(name);
    if (given && !given[0]?.startsWith('gen-')) expect(ours.get(name), `${name} of ${context}`).toEqual(given);
  }
  const [status] = theirs.get('swhdeposit:deposit_status') ?? [];
  const now = ours.get('swhdeposit:deposit_status')?.[0];
  if (rejectedHere.has(each.step) && status === 'done') expect(now, context).toBe('rejected');
  else if (status === 'partial' || status === 'done' || status === 'rejected') expect(now, context).toBe(status);
  else if (status !== undefined) expect(now, context).not.toBe('partial');
  const [given, own] = [theirs, ours].map((found) => found.get('swhdeposit:deposit_swh_id')?.[0]);
  if (given === undefined || own === undefined) return;
  swhids.set(given, own);
  // The recording server knew this one.
  swhids.set('swh:1:dir:0000000000000000000000000000000000000001', own);
}

describe('what SWORD clients send is answered as they need it', () => {
  it.each([
    ['swh', ''],
    ['sword2', ''],
    // The library says the length of its multipart bodies in two ways.
    ['sword-php', 'http: {lenient: true}\n'],
  ])('%s', { timeout: 120_000 }, async (client, more) => {
    const served = await serve(more + yaml);
    const count = await replay(client, served);
    expect(count).toBe(recordings(client).length);
    expect(served.bugs).toEqual([]);
    // Nothing that arrived is left over.
    expect(readdirSync(path.join(served.store, 'incoming'))).toEqual([]);
  });
});

describe('a deposit', () => {
  const zip = Buffer.from('UEsDBBQAAAAAAFqbe10cnDsyDAAAAAwAAAALAAAAcmVhZGluZy50eHRlbmVyZ3kgMTIuNQpQSwECPwMUAAAAAABam3tdHJw7MgwAAAAMAAAACwAAAAAAAAAAAAAApIEAAAAAcmVhZGluZy50eHRQSwUGAAAAAAEAAQA5AAAANQAAAAAA', 'base64'); // prettier-ignore
  const atom = '<entry xmlns="http://www.w3.org/2005/Atom"><title>Run</title></entry>';
  const binary = { 'Content-Type': 'application/zip', 'Content-Disposition': 'attachment; filename=run.zip' };
  const asAtom = { 'Content-Type': 'application/atom+xml;type=entry' };
  const ask = (
    { service, secret }: Served,
    method: string,
    target: string,
    headers: Readonly<Record<string, string>> = {},
    body?: Buffer | string,
  ): Promise<Answered> => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const Authorization = `Basic ${Buffer.from(`eprints:${secret}`).toString('base64')}`;
    const length = method === 'GET' ? {} : { 'Content-Length': String(bytes?.length ?? 0) };
    return send(service.url, { method, path: target, headers: { Authorization, ...length, ...headers }, body: bytes });
  };

  it.each([
    ['an MD5 that is another', { ...binary, 'Content-MD5': '0'.repeat(32) }, zip, 412, 'ErrorChecksumMismatch'],
    ['an MD5 that is none', { ...binary, 'Content-MD5': 'abc' }, zip, 400, 'ErrorBadRequest'],
    ['no name', { 'Content-Type': 'application/zip' }, zip, 400, 'ErrorBadRequest'],
    ['another type', { ...binary, 'Content-Type': 'text/plain' }, zip, 415, 'ErrorContent'],
    ['an unknown packaging', { ...binary, Packaging: 'http://example.org/x' }, zip, 415, 'ErrorContent'],
    ['somebody else', { ...binary, 'On-Behalf-Of': 'bob' }, zip, 412, 'MediationNotAllowed'],
    ['too much', binary, Buffer.alloc(1_100_000), 413, 'MaxUploadSizeExceeded'],
    ['no body', binary, '', 400, 'ErrorBadRequest'],
    ['broken XML', asAtom, '<entry xmlns="http://www.w3.org/2005/Atom"><title>', 400, 'ErrorBadRequest'],
    ['a DTD', asAtom, `<!DOCTYPE entry [<!ENTITY a "b">]>${atom}`, 400, 'ErrorBadRequest'],
    ['another root', asAtom, '<feed xmlns="http://www.w3.org/2005/Atom"/>', 400, 'ErrorBadRequest'],
    [
      'a body that is no multipart',
      { 'Content-Type': 'multipart/related; boundary=x' },
      'nothing',
      400,
      'ErrorBadRequest',
    ],
    [
      'one part of two',
      { 'Content-Type': 'multipart/related; boundary=x' },
      `--x\r\nContent-Type: application/atom+xml\r\n\r\n${atom}\r\n--x--`,
      415,
      'ErrorContent',
    ],
  ])('with %s is refused, and nothing is kept', async (_, headers, body, status, code) => {
    const served = await serve(yaml);
    const answer = await ask(served, 'POST', '/1/nexus/', headers, body);
    expect(answer.status, answer.body).toBe(status);
    expect(answer.body).toContain(`href="http://purl.org/net/sword/error/${code}"`);
    expect(answer.body).not.toContain(served.store);
    expect((await served.jobs.list()).total).toBe(0);
    expect(readdirSync(served.store).flatMap((name) => (name === 'incoming' ? readdirSync(path.join(served.store, name)) : []))).toEqual([]); // prettier-ignore
  });

  it('that is a draft stays as it was when what comes cannot be taken', async () => {
    const served = await serve(yaml);
    await ask(served, 'POST', '/1/nexus/', { ...binary, 'In-Progress': 'true' }, zip);
    const before = await served.jobs.show('1');
    for (const [method, target] of [
      ['PUT', '/1/nexus/1/media/'],
      ['POST', '/1/nexus/1/media/'],
      ['POST', '/1/nexus/1/metadata/'],
    ] as const)
      expect((await ask(served, method, target, { ...binary, 'Content-MD5': '0'.repeat(32) }, zip)).status).toBe(412);
    expect(await served.jobs.show('1')).toEqual(before);
    const content = await ask(served, 'GET', '/1/nexus/1/content');
    expect(content.headers['content-disposition']).toBe('attachment; filename="run.zip"');
    expect(Number(content.headers['content-length'] ?? zip.length)).toBe(zip.length);
  });

  it('that is a draft says a day before that it will expire, until something more comes', async () => {
    const served = await serve(yaml);
    const detail = async (): Promise<string> =>
      one(await ask(served, 'GET', '/1/nexus/1/status/'), 'swhdeposit:deposit_status_detail') ?? '';
    await ask(served, 'POST', '/1/nexus/', { ...binary, 'In-Progress': 'true' }, zip);
    const usual = await detail();
    const days = (count: number): number => Date.now() + count * 24 * 3600 * 1000;
    await served.jobs.expire({ now: days(5.9) });
    expect(await detail()).toBe(usual);
    await served.jobs.expire({ now: days(6.1) });
    await served.jobs.expire({ now: days(6.2) });
    const end = (await served.jobs.show('1'))?.expiresAt ?? '';
    expect((await detail()).split(`It expires at ${end}`)).toHaveLength(2);
    expect((await ask(served, 'PUT', '/1/nexus/1/media/', { ...binary, 'In-Progress': 'true' }, zip)).status).toBe(204);
    expect(await detail()).toBe(usual);
    await served.jobs.expire({ now: days(7.1) });
    expect(await detail()).toContain('has expired');
  });

  it('is completed by a request that announces no body, as curl sends it', async () => {
    const served = await serve(yaml);
    await ask(served, 'POST', '/1/nexus/', { ...binary, 'In-Progress': 'true' }, zip);
    const { hostname, port } = new URL(served.service.url);
    const Authorization = `Basic ${Buffer.from(`eprints:${served.secret}`).toString('base64')}`;
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /1/nexus/1/metadata/ HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: ${Authorization}\r\n\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect((await served.ended('1')).status).toBe('done');
  });

  it('is called in its receipt what its entry says', async () => {
    const served = await serve(yaml);
    const headers = { ...asAtom, 'In-Progress': 'true', Slug: 'run-1' };
    expect(one(await ask(served, 'POST', '/1/nexus/', headers, atom), 'title')).toBe('Run');
  });

  it('that cannot be ingested is rejected with every finding', async () => {
    const served = await serve('accounts_file: ACCOUNTS\nprotocols: {sword: {collections: [{name: nexus}]}}\n');
    await ask(served, 'POST', '/1/nexus/', binary, zip);
    await served.ended('1');
    const answer = await ask(served, 'GET', '/1/nexus/1/status/');
    expect(one(answer, 'swhdeposit:deposit_status')).toBe('rejected');
    expect(one(answer, 'swhdeposit:deposit_status_detail')).toMatch(/^- /);
  });

  it('is called what its sender calls it', async () => {
    const served = await serve(yaml);
    const named = (name: string): Record<string, string> => ({
      'Content-Type': 'application/gzip',
      'Content-Disposition': `attachment; filename=${name}`,
    });
    await ask(served, 'POST', '/1/nexus/', named('notes.txt.gz'), gzipSync('quiet'));
    await served.ended('1');
    const [block] = served.sandbox.documents('origdatablocks');
    expect(block?.['dataFileList']).toMatchObject([{ path: 'notes.txt' }]);
    await ask(served, 'POST', '/1/nexus/', named('none.tar'), 'not packed at all');
    await served.ended('2');
    expect(one(await ask(served, 'GET', '/1/nexus/2/status/'), 'swhdeposit:deposit_status_detail')).toBe(
      '- none.tar is not an archive of a kind that is known here.',
    );
  });

  it('of an archive that holds nothing but another one is rejected', async () => {
    const served = await serve(yaml);
    const nested = Buffer.from(zipSync({ 'run/inner.zip': zip }));
    await ask(served, 'POST', '/1/nexus/', binary, nested);
    await served.ended('1');
    const answer = await ask(served, 'GET', '/1/nexus/1/status/');
    expect(one(answer, 'swhdeposit:deposit_status')).toBe('rejected');
    expect(one(answer, 'swhdeposit:deposit_status_detail')).toBe(
      '- run.zip holds nothing but the archive inner.zip; send that one itself.',
    );
    expect(readdirSync(served.storage)).toEqual([]);
    const beside = Buffer.from(zipSync({ 'inner.zip': zip, 'notes.txt': Buffer.from('cold') }));
    await ask(served, 'POST', '/1/nexus/', binary, beside);
    expect((await served.ended('2')).status).toBe('done');
  });

  it('has the identifier that git gives its folder', async () => {
    const served = await serve(yaml);
    await ask(served, 'POST', '/1/nexus/', binary, zip);
    await served.ended('1');
    const blob = createHash('sha1').update('blob 12\0energy 12.5\n').digest();
    const tree = Buffer.concat([Buffer.from('100644 reading.txt\0'), blob]);
    const expected = createHash('sha1').update(`tree ${tree.length}\0`).update(tree).digest('hex');
    const answer = await ask(served, 'GET', '/1/nexus/1/status/');
    expect(one(answer, 'swhdeposit:deposit_swh_id')).toBe(`swh:1:dir:${expected}`);
  });

  it('is listed by pages, whose Link has a capital letter', async () => {
    const served = await serve(yaml);
    for (let index = 0; index < 3; index += 1)
      await ask(served, 'POST', '/1/nexus/', { ...binary, 'In-Progress': 'true' }, zip);
    const { rawHeaders, body } = await ask(served, 'GET', '/1/nexus/?page=2&page_size=1');
    expect(rawHeaders[rawHeaders.indexOf('Link') + 1]).toMatch(/page=3&page_size=1>; rel="next", .*page=1/);
    expect(texts(body).get('swhdeposit:id')).toEqual(['2']);
  });
});
