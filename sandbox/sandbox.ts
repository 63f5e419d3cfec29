import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import writeFileAtomic from 'write-file-atomic';
import { knowCapitals } from '../core/http/ownAddress.ts';
import type { SandboxAccount } from './accounts.ts';
import { defaultAccounts, TokenIssuer } from './accounts.ts';
import { createApp } from './app.ts';
import type { Fault } from './faults.ts';
import { Faults } from './faults.ts';
import { faultyFetch } from './faultyFetch.ts';
import { guarded } from './guard.ts';
import type { JobConfiguration } from './jobTypes.ts';
import { addProposals, seed } from './seed.ts';
import type { SandboxState } from './state.ts';
import type { Document, Store } from './store.ts';
import { openStore } from './store.ts';
import { BodyValidation } from './validation.ts';
import type { SandboxVersion, VersionTraits } from './versions.ts';
import { versions } from './versions.ts';

export type { SandboxAccount } from './accounts.ts';
export type { Fault, FaultKind } from './faults.ts';
export type { SandboxVersion } from './versions.ts';

export interface SandboxOptions {
  /** Any free one if absent or 0. */
  readonly port?: number;
  /** Where everything is kept as JSON files, and read at the start; in memory if absent. */
  readonly dataDirectory?: string;
  /** Which SciCat to behave like; the newest if absent. */
  readonly version?: SandboxVersion;
  /** Single differences from that version. */
  readonly traits?: Partial<VersionTraits>;
  readonly faults?: readonly Fault[];
  /** Those of `defaultAccounts` if absent; the token is that of the first. */
  readonly accounts?: readonly SandboxAccount[];
  /** Types of jobs that can be asked for; none if absent. */
  readonly jobs?: JobConfiguration;
  /** How long a token from a login lasts; 3600 if absent. */
  readonly tokenSeconds?: number;
  readonly pidPrefix?: string;
  /** Bytes that a request may have; 16 MB if absent. */
  readonly bodyLimit?: number;
  /** Starts with a few proposals, instruments and samples; true if absent. */
  readonly seeded?: boolean;
  /** Ids of proposals that there are besides; one that is there already stays as it is. */
  readonly proposals?: readonly string[];
  /** Exact origins of pages that may ask it; those of this computer's own port alone if absent. */
  readonly allowOrigins?: readonly string[];
}

export interface Sandbox {
  /** A page for people. */
  readonly url: string;
  /** Address of the API, as `scicat.host` wants it. */
  readonly baseUrl: string;
  /** A token of the first account, good for a year. */
  readonly token: string;
  readonly faults: Faults;
  /** A token of another account. */
  tokenOf(username: string, seconds?: number): string;
  /** What is stored; `datasets` and `origdatablocks` in the form of v4. */
  documents(collection: keyof Store): readonly Document[];
  close(): Promise<void>;
}

const year = 365 * 24 * 3600;

/**
 * Starts a SciCat for one person, reachable from this computer only. It answers as the version that is asked for does,
 * with its statuses, shapes and quirks.
 * @throws an error of the system if the port is taken or the folder cannot be written
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const accounts = options.accounts ?? defaultAccounts;
  const [first] = accounts;
  if (!first) throw new Error('The sandbox needs at least one account.');
  const traits: VersionTraits = { ...versions[options.version ?? 'master'], ...options.traits };
  const store = await openStore(options.dataDirectory);
  if (options.seeded !== false) await seed(store);
  await addProposals(store, options.proposals ?? []);
  const tokens = new TokenIssuer(accounts, options.dataDirectory && (await signingSecret(options.dataDirectory)));
  const state: SandboxState = {
    store,
    traits,
    tokens,
    accounts,
    jobs: options.jobs ?? { configVersion: '', jobs: [] },
    validation: new BodyValidation(traits),
    tokenSeconds: options.tokenSeconds ?? 3600,
    pidPrefix: options.pidPrefix ?? '20.500.12269',
    bodyLimit: options.bodyLimit ?? 16 * 1024 * 1024,
    startedAt: new Date().toISOString(),
  };
  const faults = new Faults(options.faults);
  const app = createApp(state);
  const answer = faultyFetch((request, bindings) => app.fetch(request, bindings), faults, tokens);
  let port = 0;
  const server = createAdaptorServer({
    fetch: guarded(answer, () => port, options.allowOrigins ?? []),
    overrideGlobalObjects: false,
  });
  server.prependListener('request', ({ headers }: IncomingMessage) => {
    knowCapitals(headers);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox has no port.');
  ({ port } = address);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    baseUrl: `${url}/api/v3`,
    token: tokens.issue(first, year),
    faults,
    tokenOf(username, seconds = year) {
      const account = accounts.find((item) => item.username === username);
      if (!account) throw new Error(`The sandbox has no account ${username}.`);
      return tokens.issue(account, seconds);
    },
    documents: (collection) => store[collection].all,
    async close() {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** Kept with the data, so that a token outlives a restart. */
async function signingSecret(folder: string): Promise<string> {
  const file = path.join(folder, 'signing-key.txt');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const secret = randomBytes(32).toString('hex');
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
