import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';

/**
 * An OpenID Connect issuer on this computer, as far as those need it who look at its tokens, or send people to its page:
 * there one is signed in by following a link.
 */
export interface LocalIssuer {
  readonly address: string;
  /** How often it was asked for its keys. */
  readonly asked: () => number;
  /** A token that is good for ten minutes, unless the claims say otherwise; signed with its newest key. */
  token(claims?: JWTPayload, more?: TokenOptions): Promise<string>;
  /** Signs with a new key from now on, and shows only that one. */
  rotate(): Promise<void>;
  /** Answers with this status to everything; 200: as it should. */
  answersWith(status: number): void;
  /** Claims of those who sign in at its page from now on. */
  signsInAs(claims: JWTPayload): void;
  /** Answers with this text instead of its keys; undefined: with its keys. */
  showsInstead(text: string | undefined): void;
  close(): Promise<void>;
}

export interface TokenOptions {
  /** The key that it says that it is signed with. */
  readonly kid?: string;
  /** Claims that are left out. */
  readonly without?: readonly string[];
}

export const audience = 'imsc';
/** The client that it knows, which may send people to its page. */
export const clientId = 'imsc-page';

export async function startIssuer(): Promise<LocalIssuer> {
  let status = 200;
  let page: string | undefined;
  let asked = 0;
  let number = 0;
  let pair = await generateKeyPair('RS256');
  let person: JWTPayload = {};
  const codes = new Map<string, URLSearchParams>();
  /** The page of the issuer: who follows its link is signed in. */
  const authorize = (asked: URLSearchParams, response: ServerResponse): void => {
    const [back, code] = [new URL(asked.get('redirect_uri') ?? ''), randomUUID()];
    codes.set(code, asked);
    for (const [name, value] of [['code', code], ['state', asked.get('state') ?? '']] as const) back.searchParams.set(name, value); // prettier-ignore
    response.setHeader('Content-Type', 'text/html');
    response.end(`<title>Issuer</title><a href="${back.href.replaceAll('&', '&amp;')}">Sign in here</a>`);
  };
  /** Gives a token for a code, once, and to who has made its challenge. */
  const exchange = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const sent = new URLSearchParams(body);
    const asked = codes.get(sent.get('code') ?? '');
    codes.delete(sent.get('code') ?? '');
    const challenge = createHash('sha256').update(sent.get('code_verifier') ?? '').digest('base64url'); // prettier-ignore
    const isRight =
      asked?.get('code_challenge') === challenge &&
      asked.get('code_challenge_method') === 'S256' &&
      asked.get('redirect_uri') === sent.get('redirect_uri') &&
      sent.get('client_id') === clientId;
    response.setHeader('Content-Type', 'application/json');
    if (!isRight) {
      response.statusCode = 400;
      response.end(JSON.stringify({ error: 'invalid_grant' }));
      return;
    }
    const claims = { aud: clientId, nonce: asked.get('nonce') ?? '', ...person };
    response.end(JSON.stringify({ token_type: 'Bearer', access_token: randomUUID(), id_token: await token(claims) }));
  };
  const server = createServer((request, response) => {
    response.statusCode = status;
    const { pathname, searchParams } = new URL(request.url ?? '/', address());
    if (pathname === '/.well-known/openid-configuration') {
      response.setHeader('Content-Type', 'application/json');
      const [authorization, tokens] = [`${address()}/authorize`, `${address()}/token`];
      response.end(JSON.stringify({ issuer: address(), jwks_uri: `${address()}/keys`, authorization_endpoint: authorization, token_endpoint: tokens })); // prettier-ignore
      return;
    }
    if (pathname === '/authorize') {
      authorize(searchParams, response);
      return;
    }
    if (pathname === '/token') {
      void exchange(request, response);
      return;
    }
    asked += 1;
    if (page !== undefined) {
      response.end(page);
      return;
    }
    void exportJWK(pair.publicKey).then((key) => {
      response.end(JSON.stringify({ keys: [{ ...key, kid: `key-${number}`, alg: 'RS256', use: 'sig' }] }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = (): string => {
    const bound = server.address();
    return `http://127.0.0.1:${typeof bound === 'object' ? (bound?.port ?? 0) : 0}`;
  };
  const token: LocalIssuer['token'] = (claims = {}, { kid = `key-${number}`, without = [] } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: address(), aud: audience, sub: 'ada', iat: now, exp: now + 600 };
    const all = Object.entries({ ...usual, ...claims }).filter(([name]) => !without.includes(name));
    return new SignJWT(Object.fromEntries(all)).setProtectedHeader({ alg: 'RS256', kid }).sign(pair.privateKey);
  };
  return {
    address: address(),
    asked: () => asked,
    token,
    signsInAs: (claims) => {
      person = claims;
    },
    rotate: async () => {
      number += 1;
      pair = await generateKeyPair('RS256');
    },
    showsInstead: (text) => {
      page = text;
    },
    answersWith: (next) => {
      status = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
