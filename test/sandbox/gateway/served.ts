import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { Jobs } from '../../../core/jobs/jobs.ts';
import type { Job } from '../../../core/jobs/jobs.ts';
import { addAccount } from '../../../gateway/accounts/accounts.ts';
import { startService } from '../../../gateway/service.ts';
import type { Service } from '../../../gateway/service.ts';
import { loadServeSettings, protocolNames } from '../../../gateway/settings/serveSettings.ts';
import { usualJobTypes } from '../../../sandbox/jobTypes.ts';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';

export const samples = path.resolve(import.meta.dirname, '../../../samples');

/** A service on data and a SciCat of its own. */
export interface Served {
  readonly service: Service;
  readonly sandbox: Sandbox;
  readonly jobs: Jobs;
  /** Its only location, `data`. */
  readonly data: string;
  readonly store: string;
  readonly storage: string;
  /** The secret of the account `eprints`. */
  readonly secret: string;
  /** Mistakes of ours; there should be none. */
  readonly bugs: unknown[];
  ended(id: string): Promise<Job>;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

export interface ServeOptions {
  /** Whether the configuration has a token of SciCat; default true. */
  readonly withToken?: boolean;
  /** Whether there is a folder for what is deposited; default true. */
  readonly withStorage?: boolean;
  /** Those that are spoken; default: all. */
  readonly protocols?: readonly string[];
  /** Options of the ingestor's configuration. */
  readonly config?: Readonly<Record<string, string>>;
  /** Whether SciCat takes jobs of the usual types, such as `archive`; default: none. */
  readonly withJobTypes?: boolean;
}

/** @param yaml what stands in imsc-serve.yml besides location, store and storage; ACCOUNTS is the accounts file */
export async function serve(
  yaml = '',
  { withToken = true, withStorage = true, protocols, config: more = {}, withJobTypes = false }: ServeOptions = {},
): Promise<Served> {
  const root = mkdtempSync(path.join(tmpdir(), 'imsc-serve-'));
  const [data, store, storage] = ['data', 'store', 'storage'].map((name) => path.join(root, name));
  if (data === undefined || store === undefined || storage === undefined) throw new Error('no folders');
  for (const folder of [data, store, storage]) mkdirSync(folder);
  const sandbox = await startSandbox(withJobTypes ? { jobs: usualJobTypes } : {});
  const accounts = path.join(root, 'accounts');
  const secret = await addAccount(accounts, 'eprints');
  const { config } = loadConfig({
    file: path.join(samples, 'config.yml'),
    overrides: { 'scicat.host': sandbox.baseUrl, 'ingestion.file_handling.save_file_hash': 'false', ...more },
    env: withToken ? { SCICAT_TOKEN: sandbox.token } : {},
  });
  const text = `${withStorage ? `storage: ${storage}\n` : ''}store: ${store}\nport: 0\nlocations: [{name: data, path: ${data}}]\n${yaml.replaceAll('ACCOUNTS', accounts)}`;
  const spoken = protocolNames.filter((name) => protocols?.includes(name) === true);
  const overrides = protocols ? { protocols: spoken } : {};
  const { settings, problems } = loadServeSettings({ text, overrides });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const bugs: unknown[] = [];
  const service = await startService({
    settings,
    jobs: new Jobs({ folder: store }),
    config,
    version: '0.0.0',
    onBug: (error) => bugs.push(error),
  });
  open.push(async () => {
    await service.close(5000);
    await sandbox.close();
    rmSync(root, { recursive: true, force: true });
  });
  const jobs = new Jobs({ folder: store });
  return {
    service,
    sandbox,
    jobs,
    data,
    store,
    storage,
    secret,
    bugs,
    async ended(id) {
      let last: Job | undefined;
      for await (const { job } of jobs.watch(id, AbortSignal.timeout(20_000))) last = job;
      if (!last) throw new Error(`There is no job ${id}.`);
      return last;
    },
  };
}

/** A folder in the location with a measurement of CODA in it. */
export function measurement(data: string, name: string): string {
  const folder = path.join(data, name);
  cpSync(path.join(samples, 'data/coda/2025/443604/raw'), path.join(folder, 'raw'), { recursive: true });
  rmSync(path.join(folder, 'raw', '443604_00001018.nxs'));
  return folder;
}

export interface Answered {
  readonly status: number;
  /** Names as they were on the wire. */
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request with exactly these headers. */
export function send(url: string, { method, path: target, headers, body }: Sent): Promise<Answered> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path: target, headers, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const { statusCode: status = 0, rawHeaders } = answer;
        resolve({ status, rawHeaders, headers: answer.headers, body: Buffer.concat(pieces).toString('utf8') });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}
