import { isJsonObject } from '../core/scicat/json.ts';
import { userDocument, userId } from './accounts.ts';
import { bareRefusal, emptyResponse, internalError, jsonResponse, readBody, refusal } from './answers.ts';
import type { App, Request, SandboxState } from './state.ts';

/** Signing in, and who one is. There is no LDAP, which SciCat answers with 500. */
export function addAuthRoutes(app: App, state: SandboxState): void {
  app.post('/api/v3/auth/login', (context) => login(context, state));
  app.post('/api/v3/users/login', () => new Response('', { status: 201 }));
  for (const name of ['ldap', 'msad']) {
    app.post(`/api/v3/auth/${name}`, () => {
      throw internalError();
    });
  }
  // A token stays valid after this, as in SciCat.
  app.post('/api/v3/auth/logout', () => jsonResponse(200, { logout: 'successful' }));
  app.get('/api/v3/auth/whoami', (context) => {
    const asker = context.get('asker');
    if (!asker) return emptyResponse();
    const { username, email, authStrategy, _id } = userDocument(asker);
    return jsonResponse(200, { username, email, authStrategy, _id, currentGroups: asker.groups });
  });
  app.get('/api/v3/users/my/self', (context) => {
    const asker = context.get('asker');
    if (!asker) throw refusal(401, 'Unauthenticated');
    return jsonResponse(200, userDocument(asker));
  });
  app.get('/api/v3/admin/config', () => jsonResponse(200, { facility: 'SciCat sandbox', ingestManual: false }));
  app.get('/api/v3/health', () => {
    const mongodb = { status: 'up' };
    return jsonResponse(200, { status: 'ok', info: { mongodb }, error: {}, details: { mongodb } });
  });
}

async function login(context: Request, { accounts, tokens, tokenSeconds, bodyLimit }: SandboxState): Promise<Response> {
  const body = await readBody(context.req.raw, bodyLimit);
  const given = isJsonObject(body) ? body : {};
  const account = accounts.find(
    ({ username, password }) => username === given['username'] && password === given['password'],
  );
  if (!account) throw bareRefusal(401);
  const token = tokens.issue(account, tokenSeconds);
  return jsonResponse(201, {
    access_token: token,
    id: token,
    expires_in: tokenSeconds,
    ttl: tokenSeconds,
    created: new Date().toISOString(),
    userId: userId(account.username),
    user: userDocument(account),
  });
}
