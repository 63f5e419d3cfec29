import type { Config } from '../core/config/config.ts';
import type { Jobs } from '../core/jobs/jobs.ts';
import type { JobTokens } from './engine.ts';
import type { Gatekeeper } from './accounts/gatekeeper.ts';
import type { SignIn } from './accounts/signIn.ts';
import type { Tokens } from './accounts/tokens.ts';
import type { HttpRefusal } from './http/refusal.ts';
import type { Route } from './http/routes.ts';
import type { ProtocolName, ServeSettings } from './settings/serveSettings.ts';

/** What protocols translate to and from. They keep nothing themselves. */
export interface Services {
  readonly settings: ServeSettings;
  /** The ingestor's configuration, without a token. */
  readonly config: Config;
  readonly jobs: Jobs;
  /** Tokens of those who ask, for the jobs that are carried out with them. */
  readonly jobTokens: JobTokens;
  readonly gatekeeper: Gatekeeper;
  /** Where people sign in by a page of an issuer. */
  readonly signIn: SignIn | undefined;
  readonly tokens: Tokens;
  /** Where clients reach the service, without a slash at its end. */
  readonly address: () => string;
  readonly version: string;
  /** Aborted when the service ends: what follows a job lets go. */
  readonly ending: AbortSignal;
}

/** A way in by http. */
export interface Protocol {
  readonly name: ProtocolName;
  /** What it is, in a line. */
  readonly title: string;
  /** The paths that are its own, each with all below; the empty one is whatever is left. */
  readonly prefixes: readonly string[];
  /** Where a client begins. */
  readonly entry: string;
  /** How clients are asked to sign in. */
  readonly challenge: string;
  /** Where nobody needs to sign in, clients say a name all the same, and see what is of that name. */
  readonly wantsName?: boolean;
  /** Pages use it, with the session of a person who has signed in. */
  readonly hasPage?: boolean;
  readonly refuse: (refusal: HttpRefusal) => Response;
  readonly routes: (services: Services) => readonly Route[];
}

/** The protocol that a path belongs to. */
export function protocolOf(protocols: readonly Protocol[], path: string): Protocol | undefined {
  const below = (prefix: string): boolean => prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
  return protocols
    .flatMap((protocol) => protocol.prefixes.filter(below).map((prefix) => ({ protocol, length: prefix.length })))
    .sort((one, other) => other.length - one.length)[0]?.protocol;
}

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  });
}
