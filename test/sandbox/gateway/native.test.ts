import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { measurement, send, serve } from './served.ts';
import type { Answered, Served } from './served.ts';

const parsed = (answer: Answered): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;

function ask({ service }: Served, method: string, target: string, document?: unknown): Promise<Answered> {
  const body = document === undefined ? undefined : Buffer.from(JSON.stringify(document));
  const headers = { ...(method === 'POST' && { 'Content-Length': String(body?.length ?? 0) }) };
  return send(service.url, { method, path: target, headers, body });
}

describe('what a body says that is not known', () => {
  it.each([
    ['/api/v1/jobs', { path: 'run', dryrun: true }, '“dryrun” is not known here. Did you mean dryRun?'],
    ['/api/v1/jobs', { path: 'run', options: { dryRun: true } }, '“options” is not known here. There are location, '],
    ['/api/v1/jobs', { path: 'run', location: 5 }, 'location must be a text.'],
    ['/api/v1/jobs', { path: 5 }, 'path must be a text.'],
    ['/api/v1/jobs', { path: 'run', tag: ['x'] }, 'tag must be a text.'],
    ['/api/v1/jobs', { upload: true, metadata: 'x' }, 'metadata must be an object.'],
    ['/api/v1/jobs/1/amend', { pid: 'x', metdata: {} }, '“metdata” is not known here. Did you mean metadata?'],
  ])('is refused, and nothing is done: %s %j', async (target, body, said) => {
    const served = await serve();
    measurement(served.data, 'run');
    if (target.includes('amend')) await ask(served, 'POST', '/api/v1/jobs', { upload: true });
    const answer = await ask(served, 'POST', target, body);
    expect([answer.status, parsed(answer)['error']]).toEqual([400, expect.stringContaining(said)]);
    const all = parsed(await ask(served, 'GET', '/api/v1/jobs'));
    expect(all).toMatchObject({ total: target.includes('amend') ? 1 : 0 });
  });

  it('is refused in a form and in a change of a draft, too', async () => {
    const served = await serve();
    const form = '--b\r\nContent-Disposition: form-data; name="job"\r\n\r\n{"dryrun":true}\r\n--b--\r\n';
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b', 'Content-Length': String(form.length) };
    const sent = await send(served.service.url, {
      method: 'POST',
      path: '/api/v1/jobs',
      headers,
      body: Buffer.from(form),
    });
    expect([sent.status, parsed(sent)['error']]).toEqual([400, expect.stringContaining('Did you mean dryRun?')]);
    await ask(served, 'POST', '/api/v1/jobs', { upload: true });
    const patched = await ask(served, 'PATCH', '/api/v1/jobs/1', { metadata: {}, tag: 'x' });
    expect([patched.status, parsed(patched)['error']]).toEqual([
      400,
      expect.stringContaining('“tag” is not known here'),
    ]);
  });
});

describe('the API', () => {
  it('ingests a folder of a location, with what is given, and tells its news to the end', async () => {
    const served = await serve();
    measurement(served.data, 'run');
    const made = await ask(served, 'POST', '/api/v1/jobs', {
      path: 'run',
      metadata: { datasetName: 'Mine' },
      tag: 'x',
    });
    expect([made.status, made.headers['location']]).toEqual([201, `${served.service.url}/api/v1/jobs/1`]);
    const news = await ask(served, 'GET', '/api/v1/jobs/1/events');
    expect(news.headers['content-type']).toContain('text/event-stream');
    const last = [...news.body.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? '{}';
    expect(JSON.parse(last)).toMatchObject({ id: '1', status: 'done', outcome: 'ingested', tag: 'x' });
    expect(parsed(await ask(served, 'GET', '/api/v1/jobs/1'))).toMatchObject({ provenance: { datasetName: 'user' } });
    expect(parsed(await ask(served, 'GET', '/api/v1/jobs?status=done'))).toMatchObject({ total: 1 });
    expect(parsed(await ask(served, 'GET', '/api/v1/jobs?status=failed'))).toMatchObject({ total: 0 });
    expect(served.sandbox.documents('datasets').map(({ datasetName }) => datasetName)).toEqual(['Mine']);
    const again = await ask(served, 'POST', '/api/v1/jobs/1/cancel');
    expect(again.status).toBe(409);
    expect(served.bugs).toEqual([]);
  });

  it('lists what lies in a location, and nothing outside of it', async () => {
    const served = await serve();
    const folder = measurement(served.data, 'run');
    for (const name of ['run 10', 'run 9']) mkdirSync(path.join(served.data, name));
    writeFileSync(path.join(served.data, 'ä notes.txt'), 'notes');
    writeFileSync(path.join(served.data, '.hidden'), '');
    symlinkSync('/etc', path.join(served.data, 'leads-out'));
    symlinkSync(path.join(folder, 'raw'), path.join(served.data, 'link'));
    const list = async (query: string): Promise<unknown> =>
      parsed(await ask(served, 'GET', `/api/v1/locations/data/files${query}`))['entries'];
    const named = (entries: unknown): unknown => (entries as { name: string }[]).map(({ name }) => name);
    expect(named(await list(''))).toEqual(['link', 'run', 'run 9', 'run 10', 'ä notes.txt']);
    expect(await list('?path=run/raw/')).toEqual([
      { name: '443604_00001017.nxs', path: 'run/raw/443604_00001017.nxs', folder: false, size: expect.any(Number) as number, changed: expect.any(String) as string, data: true }, // prettier-ignore
    ]);
    expect(named(await list('?page=2'))).toEqual([]);
    const statuses = [
      'data/files?path=..',
      'data/files?path=leads-out',
      'data/files?path=none',
      'none/files',
      'data/files?page=x',
    ].map(
      // prettier-ignore
      async (target) => (await ask(served, 'GET', `/api/v1/locations/${target}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([400, 400, 404, 404, 400]);
  });

  it('ingests a file of a location where it lies', async () => {
    const served = await serve('', { withStorage: false });
    const folder = measurement(served.data, 'run');
    await ask(served, 'POST', '/api/v1/jobs', { path: 'run/raw/443604_00001017.nxs' });
    expect((await served.ended('1')).status).toBe('done');
    expect(served.sandbox.documents('datasets').map(({ sourceFolder }) => sourceFolder)).toEqual([folder]);
  });

  it.each([
    ['POST', '/api/v1/jobs', { path: '../x' }, 400],
    ['POST', '/api/v1/jobs', { path: 'none' }, 404],
    ['POST', '/api/v1/jobs', { path: 'run', location: 'none' }, 400],
    ['POST', '/api/v1/jobs', { path: 'run', dryRun: 'yes' }, 400],
    ['POST', '/api/v1/jobs', [], 400],
    ['GET', '/api/v1/jobs?status=odd', undefined, 400],
    ['GET', '/api/v1/jobs?page=0', undefined, 400],
    ['GET', '/api/v1/jobs/99', undefined, 404],
    ['DELETE', '/api/v1/jobs', undefined, 405],
    ['GET', '/api/v1/nothing', undefined, 404],
  ])('%s %s with %j: %d', async (method, target, body, status) => {
    const served = await serve();
    measurement(served.data, 'run');
    const answer = await ask(served, method, target, body);
    expect(answer.status).toBe(status);
    expect(parsed(answer)).toMatchObject({ message: expect.any(String) as string });
  });

  it('says what can be done with a job, as it is now', async () => {
    const served = await serve('', { withToken: false });
    const folder = measurement(served.data, 'run');
    const request = { folder, include: [], host: served.sandbox.baseUrl, options: { dryRun: false } };
    await served.jobs.create({ protocol: 'native', owner: 'local', isComplete: false, request });
    await ask(served, 'POST', '/api/v1/jobs', { path: 'run' });
    await expect.poll(async () => (await served.jobs.show('2'))?.hold?.for).toBe('credentials');
    const can = async (method: string, target: string): Promise<unknown> =>
      parsed(await ask(served, method, `/api/v1/jobs/${target}`))['can'];
    expect(await can('GET', '1')).toEqual(['change', 'submit', 'cancel']);
    expect(await can('POST', '1/cancel')).toEqual(['drop']);
    expect(await can('GET', '2')).toEqual(['cancel', 'approve']);
    expect(await can('POST', '2/cancel')).toEqual(['resume', 'drop']);
  });

  it('is described as it is', async () => {
    const served = await serve();
    const { paths } = parsed(await ask(served, 'GET', '/api/v1/openapi.json')) as { paths: Record<string, object> };
    expect(Object.keys(paths)).toContain('/api/v1/jobs/{id}/events');
    for (const [name, verbs] of Object.entries(paths)) {
      const answer = await ask(served, 'OPTIONS', name.replace(/\{\w+\}/g, '1'));
      const allowed = String(answer.headers['allow']).split(', ');
      expect(allowed.filter((each) => each !== 'HEAD').sort(), name).toEqual(
        Object.keys(verbs).map((each) => each.toUpperCase()).sort(), // prettier-ignore
      );
    }
  });

  it('shows others nothing where accounts sign in', async () => {
    const served = await serve('auth: accounts\naccounts_file: ACCOUNTS');
    const { id } = await served.jobs.create({
      protocol: 'native',
      owner: 'somebody else',
      isComplete: false,
      request: { include: [], host: '', options: { dryRun: false } },
    });
    const headers = { Authorization: `Bearer eprints.${served.secret}` };
    const list = await send(served.service.url, { method: 'GET', path: '/api/v1/jobs', headers });
    expect(parsed(list)).toMatchObject({ total: 0 });
    const one = await send(served.service.url, { method: 'GET', path: `/api/v1/jobs/${id}`, headers });
    expect(one.status).toBe(404);
    expect((await ask(served, 'GET', '/')).status).toBe(401);
  });
});

it('the page runs nothing but its own script', async () => {
  const served = await serve();
  const page = await ask(served, 'GET', '/');
  expect(page.status).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(page.body).not.toMatch(/<script>| on\w+=/);
});
