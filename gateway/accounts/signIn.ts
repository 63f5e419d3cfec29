import { randomBytes } from 'node:crypto';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type * as OpenId from 'openid-client';
import { boundedBody } from '../../core/http/boundedBody.ts';
import { budget } from '../../core/limits/budget.ts';
import type { GatewayContext } from '../http/environment.ts';
import { HttpRefusal } from '../http/refusal.ts';
import type { Account } from './accounts.ts';
import { answerMs, silent } from './issuer.ts';
import type { Issuer } from './issuer.ts';
import { Tokens } from './tokens.ts';

export interface SignInOptions {
  readonly issuer: Issuer;
  /** Address of the issuer, as it calls itself. */
  readonly address: string;
  /** What the service is called there. It has no secret: PKCE stands in its place. */
  readonly clientId: string;
  /** Where browsers reach the service, without a slash at its end. */
  readonly own: () => string;
  /** Whether that is the only address of it. */
  readonly isPublic: boolean;
  readonly now?: () => number;
}

/** What is remembered of a person who was sent to the issuer. */
interface Begun {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly until: number;
}

const sessionCookie = 'imsc_session';
const begunCookie = 'imsc_sign_in';
export const callbackPath = '/callback';
/** A working day. */
const sessionSeconds = 8 * 3600;
/** How long a person may take at the issuer's page. */
const begunSeconds = 600;
const mostBegun = 10_000;

/**
 * Signs people in by the page of an OpenID Connect issuer: authorization code with PKCE. What the issuer gives is looked
 * at once and dropped; the browser has a session of ours, which no script can read and no page of another site can use.
 */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #now: () => number;
  readonly #sessions: Tokens;
  readonly #begun = new Map<string, Begun>();
  #known: Promise<OpenId.Configuration> | undefined;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#sessions = new Tokens(this.#now, sessionSeconds);
  }

  /** Whose session a request has. */
  account(context: GatewayContext): Account | undefined {
    const session = getCookie(context, sessionCookie);
    return session === undefined ? undefined : this.#sessions.find(session);
  }

  /** Sends the person to the issuer. @throws HttpRefusal 503 while that does not answer */
  async begin(context: GatewayContext): Promise<Response> {
    const own = this.#options.own();
    // A session belongs to one name of this computer: that to which the issuer sends back.
    if (!this.#options.isPublic && new URL(context.req.url).host !== new URL(own).host)
      return context.redirect(`${own}/login`);
    const openId = await import('openid-client');
    const configuration = await this.#configuration(openId);
    const verifier = openId.randomPKCECodeVerifier();
    const begun = {
      verifier,
      state: openId.randomState(),
      nonce: openId.randomNonce(),
      until: this.#now() + begunSeconds * 1000,
    };
    const id = randomBytes(32).toString('base64url');
    for (const [old, { until }] of this.#begun) {
      if (until > this.#now() && this.#begun.size < mostBegun) break;
      this.#begun.delete(old);
    }
    this.#begun.set(id, begun);
    this.#setCookie(context, begunCookie, id, begunSeconds, callbackPath);
    const address = openId.buildAuthorizationUrl(configuration, {
      redirect_uri: own + callbackPath,
      scope: 'openid profile email',
      code_challenge: await openId.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: begun.state,
      nonce: begun.nonce,
    });
    return context.redirect(address.href);
  }

  /** The person comes back from the issuer. @throws HttpRefusal 400, 403; 503 while the issuer does not answer */
  async complete(context: GatewayContext): Promise<Response> {
    const id = getCookie(context, begunCookie) ?? '';
    const begun = this.#begun.get(id);
    this.#begun.delete(id);
    deleteCookie(context, begunCookie, { path: callbackPath });
    if (!begun || begun.until <= this.#now())
      throw new HttpRefusal(400, 'This sign-in was not begun here, or is over; begin again at /login.');
    const token = await this.#idToken(new URL(context.req.url).search, begun);
    const account = await this.#options.issuer.account(token, this.#options.clientId);
    if (!account) throw new HttpRefusal(403, 'The issuer does not say who you are in a form that is taken here.');
    this.#sessions.end(getCookie(context, sessionCookie) ?? '');
    this.#setCookie(context, sessionCookie, this.#sessions.give(account), sessionSeconds, '/');
    return context.redirect('/');
  }

  /** Ends the session of a request, and no other one of the person. */
  end(context: GatewayContext): Response {
    this.#sessions.end(getCookie(context, sessionCookie) ?? '');
    deleteCookie(context, sessionCookie, { path: '/' });
    return context.redirect('/', 303);
  }

  #setCookie(context: GatewayContext, name: string, value: string, maxAge: number, path: string): void {
    const secure = this.#options.own().startsWith('https:');
    // Not Strict: the issuer's page leads back here.
    setCookie(context, name, value, { httpOnly: true, sameSite: 'Lax', secure, maxAge, path });
  }

  /** @throws HttpRefusal */
  async #idToken(answer: string, { verifier, state, nonce }: Begun): Promise<string> {
    const openId = await import('openid-client');
    const configuration = await this.#configuration(openId);
    try {
      const given = await openId.authorizationCodeGrant(
        configuration,
        new URL(this.#options.own() + callbackPath + answer),
        { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
      );
      if (given.id_token !== undefined) return given.id_token;
    } catch (error) {
      if (error instanceof openId.AuthorizationResponseError && error.error === 'access_denied')
        throw new HttpRefusal(403, 'The issuer has not signed you in.');
      if (isSilence(error)) throw silent('the issuer of the accounts does not answer');
    }
    throw new HttpRefusal(400, 'The issuer has not confirmed this sign-in; begin again at /login.');
  }

  /** What the issuer says of itself is asked once; if that fails, again the next time. */
  async #configuration(openId: typeof OpenId): Promise<OpenId.Configuration> {
    const { address, clientId } = this.#options;
    const found = (this.#known ??= openId.discovery(new URL(address), clientId, undefined, openId.None(), {
      timeout: answerMs / 1000,
      // Only an issuer on this computer may be asked without TLS, which the settings have checked.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- called so only to make it stand out
      ...(address.startsWith('http:') && { execute: [openId.allowInsecureRequests] }),
      [openId.customFetch]: bounded,
    }));
    try {
      return await found;
    } catch {
      if (this.#known === found) this.#known = undefined;
      throw silent('the issuer of the accounts does not answer');
    }
  }
}

/** Whether it is the issuer that failed, and not what the person brought. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { cause } = error;
  const status = cause instanceof Response ? cause.status : 0;
  return error instanceof TypeError || error.name === 'TimeoutError' || status >= 500;
}

/** Asks, and reads no more of the answer than such an answer may have. */
async function bounded(url: string, options: OpenId.CustomFetchOptions): Promise<Response> {
  const { body, headers, method, signal } = options;
  const answer = await fetch(url, { body: body ?? null, headers, method, redirect: 'error', signal: signal ?? null });
  const bytes = await boundedBody(answer.body, budget.textFile);
  return new Response(new Uint8Array(bytes), { status: answer.status, headers: answer.headers });
}
