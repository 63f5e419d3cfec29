import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JWTPayload } from 'jose';
import { Gatekeeper } from '../../../gateway/accounts/gatekeeper.ts';
import { Issuer } from '../../../gateway/accounts/issuer.ts';
import { Tokens } from '../../../gateway/accounts/tokens.ts';
import { HttpRefusal } from '../../../gateway/http/refusal.ts';
import { audience, startIssuer } from '../../support/localIssuer.ts';
import type { LocalIssuer } from '../../support/localIssuer.ts';

let issuer: LocalIssuer;
beforeEach(async () => {
  issuer = await startIssuer();
});
afterEach(async () => {
  await issuer.close();
});

const ours = (more: { readonly nameClaim?: string; readonly admins?: readonly string[] } = {}): Issuer =>
  new Issuer({ issuer: issuer.address, audience, nameClaim: 'sub', admins: [], cooldownMs: 0, ...more });
const host = (): string => new URL(issuer.address).host;
const seconds = (ahead: number): number => Math.floor(Date.now() / 1000) + ahead;
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token of the issuer', () => {
  it('is an account of its own name, with what the issuer says of the person', async () => {
    const person = { name: 'Ada L.', preferred_username: 'ada', email: 'ada@example.org' };
    const token = await issuer.token({ ...person, exp: 4_000_000_000 });
    expect(await ours().account(token)).toEqual({
      name: `ada@${host()}`,
      isAdmin: false,
      person: { name: 'Ada L.', username: 'ada', email: 'ada@example.org', expiresAt: '2096-10-02T07:06:40.000Z' },
    });
  });

  it.each<[string, JWTPayload, { readonly nameClaim?: string; readonly admins?: readonly string[] }, object]>([
    ['of one who sees all', { sub: 'boss' }, { admins: ['boss'] }, { isAdmin: true }],
    ['for several, us among them', { aud: ['others', audience] }, {}, { isAdmin: false }],
    ['known by another claim', { email: 'a@b.org' }, { nameClaim: 'email', admins: ['ada'] }, { isAdmin: false }],
    ['that is over since a moment, by clocks that differ', { exp: seconds(-10) }, {}, { isAdmin: false }],
  ])('%s is let in', async (_, claims, options, expected) => {
    expect(await ours(options).account(await issuer.token(claims))).toMatchObject(expected);
  });

  it.each<[string, JWTPayload, { readonly nameClaim?: string; readonly without?: readonly string[] }?]>([
    ['that is over', { exp: seconds(-60) }],
    ['that never ends', {}, { without: ['exp'] }],
    ['that is not good yet', { nbf: seconds(120) }],
    ['of another issuer', { iss: 'https://login.example.org' }],
    ['for somebody else', { aud: 'others' }],
    ['for nobody', {}, { without: ['aud'] }],
    ['of nobody', {}, { without: ['sub'] }],
    ['of a name that would be two lines of the log', { sub: 'ada\nboss' }],
    ['of a name that is no text', { number: 3 }, { nameClaim: 'number' }],
  ])('%s is refused', async (_, claims, options) => {
    expect(await ours(options).account(await issuer.token(claims, options))).toBeUndefined();
  });

  it.each<[string, (good: string) => Promise<string> | string]>([
    ['without a signature', (good) => `${part({ alg: 'none' })}.${good.split('.')[1] ?? ''}.`],
    [
      'signed with what everybody knows',
      async (good) => {
        const keys = await (await fetch(`${issuer.address}/keys`)).text();
        const text = `${part({ alg: 'HS256', kid: 'key-0' })}.${good.split('.')[1] ?? ''}`;
        return `${text}.${createHmac('sha256', keys).update(text).digest('base64url')}`;
      },
    ],
    ['with other claims than those that were signed', (good) => good.replace(/\..*\./, `.${part({ iss: issuer.address, aud: audience, sub: 'boss', exp: seconds(60) })}.`)], // prettier-ignore
    ['of a key that the issuer does not have', async () => issuer.token({}, { kid: 'other' })],
    ['that is none', () => 'a.b.c'],
  ])('%s is refused', async (_, forge) => {
    const own = ours();
    const good = await issuer.token();
    expect(await own.account(good)).toBeDefined();
    expect(await own.account(await forge(good))).toBeUndefined();
  });

  it('of a new key is let in, and one of a key that was taken back is not', async () => {
    const own = ours();
    const old = await issuer.token();
    expect(await own.account(old)).toBeDefined();
    await issuer.rotate();
    expect(await own.account(await issuer.token())).toBeDefined();
    expect(await own.account(old)).toBeUndefined();
  });

  it('costs the issuer a question once, and not for each request', async () => {
    const own = ours();
    const token = await issuer.token();
    for (let asked = 0; asked < 20; asked += 1) await own.account(token);
    expect(issuer.asked()).toBe(1);
  });
});

describe('an issuer that does not answer', () => {
  const admit = (keeper: Gatekeeper, token: string): Promise<unknown> =>
    keeper
      .admit('accounts', `Bearer ${token}`, '::1', 'Bearer realm="imsc"')
      .catch((error: unknown) => (error instanceof HttpRefusal ? error.status : error));

  it('is told as that, is no failure of whoever signs in, and is asked again', async () => {
    const keeper = new Gatekeeper({ issuer: ours() }, new Tokens(), 3);
    const token = await issuer.token();
    issuer.answersWith(500);
    for (let tried = 0; tried < 5; tried += 1) expect(await admit(keeper, token)).toBe(503);
    issuer.answersWith(200);
    expect(await admit(keeper, token)).toMatchObject({ name: `ada@${host()}` });
  });

  it.each(['<html>Back soon</html>', '{"error":"maintenance"}'])('shows %s instead of its keys', async (text) => {
    const keeper = new Gatekeeper({ issuer: ours() }, new Tokens(), 3);
    const token = await issuer.token();
    issuer.showsInstead(text);
    for (let tried = 0; tried < 5; tried += 1) expect(await admit(keeper, token)).toBe(503);
    issuer.showsInstead(undefined);
    expect(await admit(keeper, token)).toMatchObject({ name: `ada@${host()}` });
  });

  it('does not hide who guesses', async () => {
    const keeper = new Gatekeeper({ issuer: ours() }, new Tokens(), 3);
    const forged = `${await issuer.token()}x`;
    const answers: unknown[] = [];
    for (let tried = 0; tried < 4; tried += 1) answers.push(await admit(keeper, forged));
    expect(answers).toEqual([401, 401, 401, 429]);
  });
});
