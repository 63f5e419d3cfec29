import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filledIn, recordings } from './recordings.ts';
import { measurement, send, serve } from './served.ts';
import type { Sent } from './served.ts';

/** More where somebody looks for what these do not find. */
const runs = Number(process.env['IMSC_FUZZ_RUNS'] ?? 300);

const text = fc.oneof(
  fc.constantFrom(
    '',
    '/',
    '..',
    '1',
    '0',
    '-1',
    '99',
    'data',
    'run',
    'deposits',
    'true',
    'x',
    '%',
    '%00',
    '%2e%2e%2f',
    'null',
    '{}',
    '[]',
  ),
  fc.string({ maxLength: 8 }).map(encodeURIComponent),
);
const words: Readonly<Record<string, readonly string[]>> = {
  openem: [
    'version',
    'health',
    'userinfo',
    'extractor',
    'metadata',
    'dataset',
    'browse',
    'transfer',
    'schemas',
    'x.schema.json',
  ],
  arkivum: [
    'api/arksys',
    'ingest',
    'report',
    'summary',
    'download',
    'job',
    'id',
    'tag',
    'locations',
    'datapool',
    'oauth',
    'token',
  ],
  sword: ['1', 'servicedocument', 'deposits', 'atom', 'media', 'metadata', 'status', 'statement', 'content'],
  native: [
    'api/v1',
    'jobs',
    'openapi.json',
    'cancel',
    'resume',
    'approve',
    'reopen',
    'submit',
    'amend',
    'files',
    'a.nxs',
  ],
};
const names = ['page', 'pageSize', 'page_size', 'path', 'filePath', 'methodName', 'ingestPath', 'metadataPath', 'unpack', 'jobTag', 'status', 'transferId', 'extractionJobId']; // prettier-ignore
const bodies = [
  ...['openem', 'swh', 'sword2', 'sword-php'].flatMap((name) =>
    recordings(name).flatMap(({ request: { bodyText, bodyBase64 } }) =>
      bodyText !== undefined
        ? [Buffer.from(bodyText)]
        : bodyBase64 !== undefined
          ? [Buffer.from(bodyBase64, 'base64')]
          : [],
    ),
  ),
  Buffer.from('{"transferId":"1"}'),
  Buffer.from('{"path":"run","metadata":{"a.b":1}}'),
  Buffer.from('{"upload":true}'),
  Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n--x--\r\n'),
];
const types = ['application/json', 'application/zip', 'application/atom+xml;type=entry', 'multipart/form-data; boundary=x', 'multipart/related; boundary="===============SWORDPARTS=="', 'application/octet-stream', 'a', '']; // prettier-ignore

const body = fc
  .tuple(fc.constantFrom(...bodies), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
  .map(([whole, changes]) => {
    const changed = Buffer.from(whole);
    for (const [at, byte] of changes) if (changed.length > 0) changed[at % changed.length] = byte;
    return changed;
  });

function requests(protocol: string): fc.Arbitrary<Sent> {
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(words[protocol] ?? [])) },
    { weight: 1, arbitrary: text },
  );
  return fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'),
      parts: fc.array(word, { maxLength: 5 }),
      query: fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 3 }),
      type: fc.constantFrom(...types),
      more: fc.dictionary(
        fc.constantFrom(
          'In-Progress',
          'Content-MD5',
          'Packaging',
          'Slug',
          'X-Check-SWHID',
          'Content-Disposition',
          'Authorization',
          'Cookie',
        ),
        fc.oneof(
          fc.constantFrom(
            'true',
            'attachment; filename=a.zip',
            'Basic YTpi',
            'http://purl.org/net/sword/package/SimpleZip',
          ),
          fc.string({ maxLength: 10 }).map((value) => value.replace(/[^ -~]/g, '')),
        ),
        { maxKeys: 4 },
      ),
      body: fc.option(body, { nil: undefined }),
    })
    .map(({ method, parts, query, type, more, body: sent }) => ({
      method,
      path: `/${parts.join('/')}${query.length > 0 ? `?${query.map(([name, value]) => `${name}=${value}`).join('&')}` : ''}`,
      headers: { Authorization: 'Basic YTpi', ...(type !== '' && { 'Content-Type': type }), ...more, ...(sent && { 'Content-Length': String(sent.length) }) }, // prettier-ignore
      body: sent,
    }));
}

/** Requests of real clients with a few characters changed: of the path, of headers, of the body. */
function mutatedRecordings(): fc.Arbitrary<Sent> {
  const all = ['openem', 'swh', 'sword2', 'sword-php', 'arkivum'].flatMap((name) => recordings(name));
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(93).map((code) => String.fromCharCode(33 + code))), { maxLength: 3 }); // prettier-ignore
  const changed = (text: string, places: readonly (readonly [number, string])[]): string =>
    places.reduce((now, [at, by]) => {
      const place = at % Math.max(1, now.length);
      return now.slice(0, place) + by + now.slice(place + 1);
    }, text);
  return fc.tuple(fc.constantFrom(...all), changes, changes, changes).map(([recorded, inPath, inHeaders, inBody]) => {
    const { request } = recorded;
    const headers = { ...request.headers };
    const names = Object.keys(headers).filter((name) => !/^host$|^origin$|^sec-/i.test(name));
    for (const [at, by] of inHeaders) {
      const name = names[at % Math.max(1, names.length)];
      if (name !== undefined) headers[name] = changed(headers[name] ?? '', [[at, by]]);
    }
    const text = request.bodyText === undefined ? undefined : changed(request.bodyText, inBody);
    const target = `/${changed(request.path, inPath)
      .replace(/^\/|[ #]/g, '')
      .replaceAll('{', '%7B')}`;
    const sent = filledIn(
      { ...recorded, request: { ...request, path: target, headers, ...(text !== undefined && { bodyText: text }) } },
      { '{CREDENTIALS}': 'YTpi', '{WRONG_CREDENTIALS}': 'YTpj' },
    );
    const own = Object.fromEntries(
      Object.entries(sent.headers).filter(([name]) => !/^host$|^origin$|^sec-/i.test(name)),
    );
    return { ...sent, headers: own };
  });
}

const kinds: Readonly<Record<string, () => fc.Arbitrary<Sent>>> = {
  ...Object.fromEntries(Object.keys(words).map((protocol) => [protocol, () => requests(protocol)])),
  'what real clients sent, changed': mutatedRecordings,
};

describe('whatever is sent', () => {
  it.each(Object.keys(kinds))('to %s is answered, and is no mistake of ours', { timeout: 3_600_000 }, async (kind) => {
    const served = await serve('', { withToken: false });
    measurement(served.data, 'run');
    mkdirSync(path.join(served.store, 'incoming'), { recursive: true });
    const root = path.dirname(served.store);
    const before = filesOutside(root);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(kinds[kind]?.() ?? fc.constant({ method: 'GET', path: '/', headers: {} }), async (sent) => {
        // What follows a job has no end while the job waits.
        fc.pre(!/\/events|metadata\?|\/metadata\/*$/.test(sent.path) || sent.method !== 'GET');
        const answer = await send(served.service.url, sent);
        count += 1;
        expect([answer.status, served.bugs]).toEqual([expect.any(Number), []]);
        expect(answer.status).not.toBe(500);
        expect(answer.body).not.toMatch(/\n\s+at |node:internal/);
      }),
      { numRuns: runs, ...(process.env['IMSC_FUZZ_SEED'] && { seed: Number(process.env['IMSC_FUZZ_SEED']) }) },
    );
    expect(filesOutside(root)).toEqual(before);
    expect(readdirSync(path.join(served.store, 'incoming'))).toEqual([]);
    if (runs > 1000) console.log(`${kind}: ${count} requests`);
  });
});

/** What lies where the service has nothing to write: beside its folders, and among the data. */
function filesOutside(root: string): readonly string[] {
  const data = readdirSync(path.join(root, 'data'), { recursive: true, encoding: 'utf8' });
  return [...readdirSync(root), ...data].sort();
}
