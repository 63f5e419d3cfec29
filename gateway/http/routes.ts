import { Hono } from 'hono';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { failureCode } from '../../core/files/failureReason.ts';
import { FileError } from '../../core/files/fileError.ts';
import { BodyTooLarge } from '../../core/http/boundedBody.ts';
import type { Answer, Environment, GatewayContext } from './environment.ts';
import { MultipartError } from './multipart.ts';
import { HttpRefusal } from './refusal.ts';

export type Handler = (context: GatewayContext) => Response | Promise<Response>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What can be done at a path (of Hono, with `:name` for what varies). */
export interface Route {
  readonly path: string;
  readonly on: Readonly<Partial<Record<Method, Handler>>>;
  /** Whoever asks needs no account. */
  readonly isOpen?: boolean;
}

export interface Application {
  readonly routes: readonly Route[];
  /** Finds out who asks. @throws HttpRefusal */
  readonly admit: (
    context: GatewayContext,
  ) => Environment['Variables']['account'] | Promise<Environment['Variables']['account']>;
  /** How a refusal is printed. */
  readonly refuse: (refusal: HttpRefusal) => Response;
  /** Told of a mistake of ours; its client only learns that there was one. */
  readonly onBug: (error: unknown) => void;
}

/** A handler whose refusals a person reads as they are: they get the code `text`, by which a protocol prints them. */
export function refusedAsText(handler: Handler): Handler {
  return async (context) => {
    try {
      return await handler(context);
    } catch (error) {
      const { status, message, headers } = refusalFor(error);
      // A mistake of ours is told by its log.
      if (status === 500) throw error;
      throw new HttpRefusal(status, message, { headers, code: 'text' });
    }
  };
}

/** What answers at some routes: unknown paths, other verbs and every failure in the form of their protocol. */
export function application({ routes, admit, refuse, onBug }: Application): Answer {
  const app = new Hono<Environment>({ strict: false });
  for (const { path, on, isOpen = false } of routes) {
    for (const [method, handler] of Object.entries(on)) {
      app.on(method, path, async (context) => {
        if (!isOpen) {
          const account = await admit(context);
          context.set('account', account);
          if (context.env.about) context.env.about.account = account.name;
        }
        return handler(context);
      });
    }
    const allowed = Object.keys(on).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    app.all(path, ({ req }) => {
      throw new HttpRefusal(405, `${req.method} is not possible here.`, { headers: { Allow: allowed.join(', ') } });
    });
  }
  app.notFound((context) => {
    const response = refuse(new HttpRefusal(404, `There is nothing at ${context.req.path}.`));
    return response;
  });
  app.onError((error, { env }) => {
    // Nobody is there to read an answer.
    if (env.incoming?.destroyed === true && !env.incoming.complete) {
      env.outgoing?.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    const refusal = refusalFor(error);
    if (refusal.status === 500) onBug(error);
    return refuse(refusal);
  });
  return async (request, bindings) => app.fetch(request, bindings);
}

const fullDisk: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a client is told of a failure: of a mistake of ours only that there was one. */
function refusalFor(error: unknown): HttpRefusal {
  if (error instanceof HttpRefusal) return error;
  if (error instanceof BodyTooLarge || (error instanceof Error && error.name === 'TooLarge'))
    return new HttpRefusal(413, 'This is more than the service takes.');
  if (error instanceof MultipartError) return new HttpRefusal(400, `The body cannot be read: ${error.message}.`);
  if (fullDisk.has(failureCode(error)))
    return new HttpRefusal(507, 'The disk of the service is full; nothing was kept.');
  if (error instanceof FileError && error.code === 'journal-unwritable')
    return new HttpRefusal(507, 'The service cannot write its records now; nothing was kept.');
  if (error instanceof FileError && error.code === 'journal-busy')
    return new HttpRefusal(409, 'Something else is being done with this now; try again.');
  return new HttpRefusal(500, 'The service has made a mistake; its log says more.');
}
