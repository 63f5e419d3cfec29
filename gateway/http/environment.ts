import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'hono';
import type { Account } from '../accounts/accounts.ts';

/** The connection of a request; nothing where there is none, as in tests without a socket. */
export interface Bindings {
  readonly incoming?: IncomingMessage | undefined;
  readonly outgoing?: ServerResponse | undefined;
  /** What the log says of the request besides. */
  readonly about?: RequestAbout | undefined;
}

/** Filled in while a request is handled. */
export interface RequestAbout {
  account?: string;
  job?: string;
}

/** What goes with a request through the handlers of a protocol. */
export interface Environment {
  Bindings: Bindings;
  Variables: {
    /** Who asks. */
    account: Account;
  };
}

export type GatewayContext = Context<Environment>;

/** What answers requests. */
export type Answer = (request: Request, bindings: Bindings) => Promise<Response>;

/** The body of a request as it comes in. What is not read is left to whoever ends the request. */
export function bodyOf({ env, req }: GatewayContext): AsyncIterable<Uint8Array> {
  const { incoming } = env;
  if (incoming) return incoming.iterator({ destroyOnReturn: false });
  const body: AsyncIterable<Uint8Array> | null = req.raw.body;
  return body ?? emptyBody();
}

async function* emptyBody(): AsyncGenerator<Uint8Array, void> {
  // There is nothing to give.
}

/** Where a request comes from, for counting; one place for all where it is not known. */
export function addressOf({ env }: GatewayContext): string {
  return env.incoming?.socket.remoteAddress ?? '';
}

/** Notes for the log which job a request is about. */
export function noteJob({ env }: GatewayContext, id: string): void {
  if (env.about) env.about.job = id;
}
