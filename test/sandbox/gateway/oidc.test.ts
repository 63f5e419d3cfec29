import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audience, startIssuer } from '../../support/localIssuer.ts';
import type { LocalIssuer } from '../../support/localIssuer.ts';
import { measurement, send, serve } from './served.ts';
import type { Answered, Served } from './served.ts';

let issuer: LocalIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(async () => {
  await issuer.close();
});

const served = (more = ''): Promise<Served> =>
  serve(`auth: accounts\noidc: {issuer: '${issuer.address}', audience: ${audience}, admins: [boss]}\n${more}`);
const ask = (
  { service }: Served,
  method: string,
  path: string,
  token: string | undefined,
  body?: object,
): Promise<Answered> => {
  const bytes = body && Buffer.from(JSON.stringify(body));
  const headers = {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(bytes && { 'Content-Length': String(bytes.length) }),
  };
  return send(service.url, { method, path, headers, ...(bytes && { body: bytes }) });
};
const parsed = ({ body }: Answered): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

describe('accounts of an issuer', () => {
  it('own what they ask for: nobody else sees it but who sees all', async () => {
    const place = await served();
    measurement(place.data, 'run');
    const [ada, eve, boss] = await Promise.all(['ada', 'eve', 'boss'].map((sub) => issuer.token({ sub })));
    const made = await ask(place, 'POST', '/api/v1/jobs', ada, { path: 'run' });
    expect(made.status).toBe(201);
    const owner = `ada@${new URL(issuer.address).host}`;
    expect(await place.ended('1')).toMatchObject({ status: 'done', owner });
    const statuses = [ada, eve, boss, undefined, `${ada ?? ''}x`].map(async (token) => {
      const { status } = await ask(place, 'GET', '/api/v1/jobs/1', token);
      return status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 404, 200, 401, 401]);
    // The token is in no record.
    expect(JSON.stringify(await place.jobs.show('1'))).not.toContain(ada);
  });

  it.each([
    ['/userinfo', { logged_in: true, name: 'Ada L.', preferred_username: 'ada', email: 'ada@example.org', roles: [] }],
    ['/api/arksys/locations?type=INGEST', {}],
    ['/api/v1/jobs', { total: 0 }],
  ])('are let in to %s', async (path, expected) => {
    const place = await served();
    const token = await issuer.token({ name: 'Ada L.', preferred_username: 'ada', email: 'ada@example.org' });
    const answer = await ask(place, 'GET', path, token);
    expect(answer.status).toBe(200);
    expect(parsed(answer)).toMatchObject(expected);
  });

  it('stand beside those of the file, which have other names', async () => {
    const place = await served('accounts_file: ACCOUNTS');
    measurement(place.data, 'run');
    expect((await ask(place, 'POST', '/api/v1/jobs', `eprints.${place.secret}`, { path: 'run' })).status).toBe(201);
    const other = await issuer.token({ sub: 'eprints' });
    expect((await ask(place, 'GET', '/api/v1/jobs/1', other)).status).toBe(404);
    expect((await ask(place, 'GET', '/api/v1/jobs/1', `eprints.${place.secret}`)).status).toBe(200);
  });
});
