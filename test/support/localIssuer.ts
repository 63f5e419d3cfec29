import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';

/** An OpenID Connect issuer on this computer, as far as those need it who only look at its tokens. */
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

export async function startIssuer(): Promise<LocalIssuer> {
  let status = 200;
  let page: string | undefined;
  let asked = 0;
  let number = 0;
  let pair = await generateKeyPair('RS256');
  const server = createServer((request, response) => {
    response.statusCode = status;
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: address(), jwks_uri: `${address()}/keys` }));
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
  return {
    address: address(),
    asked: () => asked,
    token: (claims = {}, { kid = `key-${number}`, without = [] } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: address(), aud: audience, sub: 'ada', iat: now, exp: now + 600 };
      const all = Object.entries({ ...usual, ...claims }).filter(([name]) => !without.includes(name));
      return new SignJWT(Object.fromEntries(all)).setProtectedHeader({ alg: 'RS256', kid }).sign(pair.privateKey);
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
