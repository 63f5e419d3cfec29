import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { boundedBody } from '../../core/http/boundedBody.ts';
import { isSafeToAsk } from '../../core/http/ownAddress.ts';
import { budget } from '../../core/limits/budget.ts';
import { jsonIn, textAt } from '../../core/scicat/json.ts';
import { HttpRefusal } from '../http/refusal.ts';
import type { Account } from './accounts.ts';

export interface IssuerOptions {
  /** As it calls itself in `iss`: an address with https, or one of this computer. */
  readonly issuer: string;
  /** What its tokens must be for (`aud`). */
  readonly audience: string;
  /** The claim that an account is known by. */
  readonly nameClaim: string;
  /** Values of that claim: those who see the jobs of all. */
  readonly admins: readonly string[];
  /** How long it is not asked again for a key that it does not have, in milliseconds. */
  readonly cooldownMs?: number;
}

/** Milliseconds that the issuer may take to answer. */
export const answerMs = 5_000;
const usualCooldownMs = 30_000;
/** Only keys of which it gives us the public half: with any other whoever checks a token could make one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** What an account can be called; it stands in records and in the log. */
const claimForm = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,127}$/u;

/** The issuer has not answered, or not with what it should. */
class IssuerSilent extends Error {
  override readonly name = 'IssuerSilent';
}

/** Whether it is the keys that are wrong, and not the token: a page of maintenance, or no set of keys. */
function isOfIssuer(error: unknown): boolean {
  return (
    error instanceof errors.JWKSInvalid || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC')
  );
}

export function silent(why: string): HttpRefusal {
  return new HttpRefusal(503, `Signing in does not work now: ${why}.`, { headers: { 'Retry-After': '30' } });
}

/** Whether a text has the form of a token of an issuer: three parts, as no token of ours has them. */
export function isIssued(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** Accounts of an OpenID Connect issuer, known by the tokens that it has signed. It is asked for its keys only. */
export class Issuer {
  readonly #options: IssuerOptions;
  readonly #host: string;
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(options: IssuerOptions) {
    this.#options = options;
    this.#host = new URL(options.issuer).host;
  }

  /**
   * Whose a token is: `CLAIM@HOST` of the issuer, so that it is nobody of the accounts file.
   * @param audience whom it must be for; default: the service, as scripts show it
   * @returns undefined for one that is forged, over, or for somebody else
   * @throws HttpRefusal 503 while the issuer cannot be asked for its keys
   */
  async account(token: string, audience = this.#options.audience): Promise<Account | undefined> {
    const { issuer, nameClaim } = this.#options;
    try {
      const { payload } = await jwtVerify(token, await this.#knownKeys(), {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', nameClaim],
        clockTolerance: 30,
      });
      return this.#accountOf(payload);
    } catch (error) {
      if (error instanceof IssuerSilent) throw silent(error.message);
      if (isOfIssuer(error)) throw silent('the issuer does not answer with keys');
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  #accountOf(payload: JWTPayload): Account | undefined {
    const name = payload[this.#options.nameClaim];
    if (typeof name !== 'string' || !claimForm.test(name)) return undefined;
    return {
      name: `${name}@${this.#host}`,
      isAdmin: this.#options.admins.includes(name),
      person: {
        name: textAt(payload, 'name'),
        username: textAt(payload, 'preferred_username'),
        email: textAt(payload, 'email'),
        expiresAt: payload.exp === undefined ? undefined : new Date(payload.exp * 1000).toISOString(),
      },
    };
  }

  /** Where its keys are is asked once; if that fails, again the next time. */
  async #knownKeys(): Promise<JWTVerifyGetKey> {
    const found = (this.#keys ??= this.#findKeys());
    try {
      return await found;
    } catch (error) {
      if (this.#keys === found) this.#keys = undefined;
      throw error;
    }
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const { issuer, cooldownMs = usualCooldownMs } = this.#options;
    const answer = await asked(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const said = jsonIn(await answer.text());
    const address = textAt(said, 'jwks_uri');
    if (textAt(said, 'issuer') !== issuer || address === undefined || !isSafeToAsk(address))
      throw new IssuerSilent('the issuer does not say where its keys are');
    return createRemoteJWKSet(new URL(address), {
      timeoutDuration: answerMs,
      cooldownDuration: cooldownMs,
      [customFetch]: (url) => asked(url),
    });
  }
}

/** @throws IssuerSilent */
async function asked(url: string): Promise<Response> {
  try {
    const answer = await fetch(url, {
      headers: { Accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(answerMs),
    });
    const body = await boundedBody(answer.body, budget.textFile);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return new Response(new Uint8Array(body), { status: 200 });
  } catch (error) {
    throw new IssuerSilent('the issuer of the accounts does not answer', { cause: error });
  }
}
