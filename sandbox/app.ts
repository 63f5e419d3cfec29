import { Hono } from 'hono';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { jsonResponse, Refusal, refusal } from './answers.ts';
import { addAttachmentRoutes } from './attachmentRoutes.ts';
import { addAuthRoutes } from './authRoutes.ts';
import { addCatalogueRoutes } from './catalogueRoutes.ts';
import { addDatasetRoutes } from './datasetRoutes.ts';
import { addJobRoutes } from './jobRoutes.ts';
import { addOrigDatablockRoutes } from './origDatablockRoutes.ts';
import { addPages } from './page.ts';
import type { App, SandboxEnvironment, SandboxState } from './state.ts';
import { ServerDied } from './state.ts';

const literals = new Set(
  'api v3 v4 jobs datasetlifecycle fullquery files attachments public auth login ldap msad logout whoami users my self health datasets isvalid count findone origdatablocks proposals instruments samples'.split(
    ' ',
  ),
);

/** SciCat takes the fixed parts of a path in any case, and a slash at its end. */
function normalisedPath(request: Request): string {
  const { pathname } = new URL(request.url);
  const parts = pathname.split('/').map((part) => (literals.has(part.toLowerCase()) ? part.toLowerCase() : part));
  const path = parts.join('/');
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The application that answers as SciCat. */
export function createApp(state: SandboxState): App {
  const app: App = new Hono<SandboxEnvironment>({ getPath: normalisedPath });
  app.use(async (context, next) => {
    const header = context.req.header('authorization') ?? context.req.query('access_token');
    const { account, isExpired } = state.tokens.read(header);
    if (isExpired && state.traits.sessionExpired) throw refusal(401, 'SESSION_EXPIRED');
    context.set('asker', account);
    const { proposals, instruments, samples } = state.store;
    // What a person adds to the folder is there at once.
    await Promise.all([proposals, instruments, samples].map((each) => each.takeAdded()));
    await next();
  });
  addAuthRoutes(app, state);
  // Before the datasets, for what is below one.
  addAttachmentRoutes(app, state);
  addJobRoutes(app, state);
  addDatasetRoutes(app, state);
  addOrigDatablockRoutes(app, state);
  addCatalogueRoutes(app, state);
  addPages(app, state);
  app.notFound((context) => {
    const { pathname, search } = new URL(context.req.url);
    const { status, body } = refusal(404, `Cannot ${context.req.method} ${pathname}${search}`);
    return jsonResponse(status, body);
  });
  app.onError((error, context) => {
    if (error instanceof Refusal) return jsonResponse(error.status, error.body);
    if (error instanceof ServerDied) {
      context.env.outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    return jsonResponse(500, 'Internal server error');
  });
  return app;
}
