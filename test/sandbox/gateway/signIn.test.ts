import { chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumProgram } from '../../../scripts/vscodeServer.mjs';
import { audience, clientId, startIssuer } from '../../support/localIssuer.ts';
import type { LocalIssuer } from '../../support/localIssuer.ts';
import { pageFaults, widths } from '../../support/pageFaults.mjs';
import { measurement, serve } from './served.ts';
import type { Served } from './served.ts';

let issuer: LocalIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
beforeEach(() => {
  issuer.signsInAs({ name: 'Ada L.', preferred_username: 'ada' });
});
afterAll(async () => {
  await issuer.close();
});

const served = (more = ''): Promise<Served> =>
  serve(`auth: accounts\noidc: {issuer: '${issuer.address}', audience: ${audience}, client_id: ${clientId}}\n${more}`);

/** A browser without a window: it keeps cookies, and follows nothing by itself. */
class Visitor {
  readonly cookies = new Map<string, string>();
  readonly set: string[] = [];

  async get(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    headers.set('Cookie', cookie);
    const answer = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const each of answer.headers.getSetCookie()) {
      this.set.push(each);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (/max-age=0/i.test(each)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Goes to the issuer's page. @returns the address that its link leads back to */
  async begin(url: string): Promise<string> {
    const sent = await this.get(`${url}/login`);
    expect(sent.status).toBe(302);
    const page = await (await fetch(sent.headers.get('location') ?? '')).text();
    return (/href="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&');
  }

  async signIn(url: string): Promise<Response> {
    return this.get(await this.begin(url));
  }
}

const owner = (): string => `ada@${new URL(issuer.address).host}`;
const status = async (visitor: Visitor, url: string, init?: RequestInit): Promise<number> =>
  (await visitor.get(url, init)).status;

describe('who signs in at the page of the issuer', () => {
  it('has a session that owns what is asked for with it, until it is ended', async () => {
    const place = await served();
    const { service, data, bugs } = place;
    measurement(data, 'run');
    const visitor = new Visitor();
    expect(await status(visitor, `${service.url}/`)).toBe(401);
    const back = await visitor.signIn(service.url);
    expect([back.status, back.headers.get('location')]).toEqual([302, '/']);
    expect(await status(visitor, `${service.url}/`)).toBe(200);
    const body = JSON.stringify({ path: 'run' });
    expect(await status(visitor, `${service.url}/api/v1/jobs`, { method: 'POST', body })).toBe(201);
    expect(await place.ended('1')).toMatchObject({ status: 'done', owner: owner() });
    const about = await visitor.get(`${service.url}/api/v1`);
    expect(await about.json()).toMatchObject({ signedInAs: owner() });
    const who = await visitor.get(`${service.url}/userinfo`);
    expect(await who.json()).toMatchObject({ logged_in: true, name: 'Ada L.', preferred_username: 'ada' });
    const [session = ''] = [...visitor.cookies.values()];
    expect(await status(visitor, `${service.url}/logout`, { method: 'POST' })).toBe(303);
    expect(await status(visitor, `${service.url}/api/v1/jobs`)).toBe(401);
    visitor.cookies.set('imsc_session', session);
    expect(await status(visitor, `${service.url}/api/v1/jobs`)).toBe(401);
    expect(bugs).toEqual([]);
  });

  it('gets cookies that no script reads and no other site sends, and no token', async () => {
    const { service } = await served();
    const visitor = new Visitor();
    const link = await visitor.begin(service.url);
    expect(link).not.toMatch(/eyJ/);
    const back = await visitor.get(link);
    expect(visitor.set.filter((each) => !/max-age=0/i.test(each))).toHaveLength(2);
    for (const each of visitor.set.filter((cookie) => !/max-age=0/i.test(cookie))) {
      expect(each).toMatch(/; HttpOnly/);
      expect(each).toMatch(/; SameSite=Lax/);
      expect(each).not.toMatch(/eyJ/);
    }
    expect(await back.text()).toBe('');
    const others = { Origin: 'https://evil.example', 'Content-Type': 'text/plain' };
    expect(await status(visitor, `${service.url}/api/v1/jobs`, { method: 'POST', body: '{}', headers: others })).toBe(
      403,
    );
    const sites = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' };
    expect(await status(visitor, `${service.url}/api/v1/jobs`, { headers: sites })).toBe(403);
    // Arkivum and SWORD have no pages.
    expect(await status(visitor, `${service.url}/api/arksys/locations?type=INGEST`)).toBe(401);
  });

  it('has a session that no link and no other site can end', async () => {
    const { service } = await served();
    const visitor = new Visitor();
    await visitor.signIn(service.url);
    const out = `${service.url}/logout`;
    for (const method of ['GET', 'HEAD']) {
      const answer = await visitor.get(out, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
    const others = { Origin: 'https://evil.example', 'Content-Type': 'text/plain' };
    expect(await status(visitor, out, { method: 'POST', headers: others })).toBe(403);
    expect(await status(visitor, `${service.url}/`)).toBe(200);
  });

  const astray: readonly (readonly [string, number, (visitor: Visitor, link: string) => string | Promise<string>])[] = [
    ['with a link that another browser has got', 400, (visitor, link) => (visitor.cookies.clear(), link)],
    ['with another state', 400, (_, link) => link.replace(/state=[^&]*/, 'state=other')],
    ['with a code that was never given', 400, (_, link) => link.replace(/code=[^&]*/, 'code=other')],
    ['with a link that was followed before', 400, async (visitor, link) => { await visitor.get(link); return link; }], // prettier-ignore
    ['without having been signed in', 403, (_, link) => link.replace(/code=[^&]*/, 'error=access_denied')],
    ['as nobody', 403, (_, link) => (issuer.signsInAs({ sub: '<b>' }), link)],
    ['with a token for somebody else', 400, (_, link) => (issuer.signsInAs({ aud: 'other' }), link)],
    ['with an answer to another question', 400, (_, link) => (issuer.signsInAs({ nonce: 'other' }), link)],
    ['with what another issuer signs', 400, (_, link) => (issuer.signsInAs({ iss: 'http://127.0.0.1:9' }), link)],
    ['with what is over', 400, (_, link) => (issuer.signsInAs({ exp: 1000 }), link)],
  ];

  it.each(astray)('is not signed in who comes back %s: %i', async (_, expected, change) => {
    const { service, bugs } = await served();
    const visitor = new Visitor();
    const link = await change(visitor, await visitor.begin(service.url));
    visitor.cookies.delete('imsc_session');
    const answer = await visitor.get(link);
    expect([answer.status, visitor.cookies.has('imsc_session')]).toEqual([expected, false]);
    expect(await answer.text()).not.toMatch(/eyJ|\n.+\n/);
    expect(bugs).toEqual([]);
  });

  it('is told to try again later while the issuer does not answer', async () => {
    const { service } = await served();
    const visitor = new Visitor();
    issuer.answersWith(500);
    expect(await status(visitor, `${service.url}/login`)).toBe(503);
    issuer.answersWith(200);
    const link = await visitor.begin(service.url);
    issuer.answersWith(500);
    expect(await status(visitor, link)).toBe(503);
    issuer.answersWith(200);
    expect((await visitor.signIn(service.url)).status).toBe(302);
  });

  it('goes nowhere where the service is no client of the issuer', async () => {
    const { service } = await serve(`auth: accounts\noidc: {issuer: '${issuer.address}', audience: ${audience}}\n`);
    const statuses = ['/login', '/callback', '/logout'].map(async (path) => status(new Visitor(), service.url + path));
    expect(await Promise.all(statuses)).toEqual([404, 404, 404]);
  });
});

const program = chromiumProgram();
if (program === undefined) console.warn('Signing in at the page is not tried here: there is no Chromium.');

it.skipIf(program === undefined)(
  'a person signs in at the page, sees what is theirs, and signs out',
  { timeout: 120_000 },
  async () => {
    const { service, data } = await served();
    measurement(data, 'run');
    const browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const page = await browser.newPage();
      // The other name of this computer: one is led to that to which the issuer sends back.
      await page.goto(service.url.replace('127.0.0.1', 'localhost'));
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        expect(await pageFaults(page), `${width} px`).toEqual([]);
      }
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'Sign in here' }).click();
      await page.getByText(`Signed in as ${owner()}`).waitFor();
      expect(page.url()).toBe(`${service.url}/`);
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.evaluate(`fetch('/api/v1/jobs', { method: 'POST', body: '{"path": "run"}' })`);
      await page.getByText('done: ingested', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('link', { name: 'Sign in' }).waitFor();
      expect(await page.getByText('done: ingested').count()).toBe(0);
    } finally {
      await browser.close();
    }
  },
);
