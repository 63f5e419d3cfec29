import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Asker, SandboxAccount, TokenIssuer } from './accounts.ts';
import { mayCreateSome } from './accounts.ts';
import { internalError, readBody, refusal } from './answers.ts';
import type { JobConfiguration } from './jobTypes.ts';
import type { Document, Store } from './store.ts';
import type { BodyValidation } from './validation.ts';
import type { VersionTraits } from './versions.ts';
import { isJsonObject, isList } from '../core/scicat/json.ts';
import type { JsonObject } from '../core/scicat/json.ts';

/** What all routes of one sandbox share. */
export interface SandboxState {
  readonly store: Store;
  readonly traits: VersionTraits;
  readonly validation: BodyValidation;
  readonly accounts: readonly SandboxAccount[];
  readonly jobs: JobConfiguration;
  readonly tokens: TokenIssuer;
  /** Seconds that a token from a login lasts. */
  readonly tokenSeconds: number;
  readonly pidPrefix: string;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly startedAt: string;
}

export interface SandboxEnvironment {
  Bindings: HttpBindings | Http2Bindings;
  Variables: { asker: Asker };
}

export type App = Hono<SandboxEnvironment>;
export type Request = Context<SandboxEnvironment>;

/** The process of SciCat ends while it answers. */
export class ServerDied extends Error {}

/** The asker, if it may create something. @throws Refusal 403 */
export function requireCreator(context: Request): SandboxAccount {
  const asker = context.get('asker');
  if (!mayCreateSome(asker)) throw refusal(403, 'Forbidden resource');
  return asker;
}

/** An administrator. @throws Refusal 403 */
export function requireAdmin(context: Request): SandboxAccount {
  const asker = context.get('asker');
  if (asker?.profile !== 'admin') throw refusal(403, 'Forbidden resource');
  return asker;
}

/** The body as an object. @throws Refusal 500 if there is none, as SciCat does */
export async function objectBody(context: Request, state: SandboxState): Promise<JsonObject> {
  const body = await readBody(context.req.raw, state.bodyLimit);
  if (!isJsonObject(body)) throw internalError();
  return body;
}

/** Who and when, as SciCat adds to everything that it stores. */
export function authorship(asker: SandboxAccount): {
  createdBy: string;
  updatedBy: string;
  createdAt: string;
  updatedAt: string;
} {
  const now = new Date().toISOString();
  return { createdBy: asker.username, updatedBy: asker.username, createdAt: now, updatedAt: now };
}

/** A block in a list of v4, which has no `id` beside `_id`, nor have its files. */
export function listedBlock(block: Document): Document {
  const withoutId = (document: unknown): Document =>
    Object.fromEntries(Object.entries(isJsonObject(document) ? document : {}).filter(([key]) => key !== 'id'));
  const files = isList(block['dataFileList']) ? block['dataFileList'] : [];
  return { ...withoutId(block), dataFileList: files.map(withoutId) };
}

/** Every block of a dataset, in the order in which they came. */
export function blocksOf({ store }: SandboxState, pid: string): Document[] {
  return store.origdatablocks.all.filter((block) => block['datasetId'] === pid);
}
