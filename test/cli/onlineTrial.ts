import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { PostgresStore } from '../../core/jobs/store/postgres/postgresStore.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { startImsc } from './imsc.ts';
import type { Running, Starter } from './imsc.ts';

export const samples = path.resolve(import.meta.dirname, '../../samples');

/** What `imsc online` is tried with: a SciCat, a store of jobs, and configurations that name them. */
export class OnlineTrial {
  readonly root = mkdtempSync(path.join(tmpdir(), 'imsc-online-'));
  readonly jobs: Jobs;
  /** As `--store` has it. */
  readonly store: string;
  readonly #running: Running[] = [];
  readonly #database: PostgresStore | undefined;

  readonly sandbox: Sandbox;

  private constructor(
    sandbox: Sandbox,
    database: { readonly address: string; readonly store: PostgresStore } | undefined,
  ) {
    this.sandbox = sandbox;
    this.#database = database?.store;
    this.store = database?.address ?? mkdtempSync(path.join(this.root, 'store-'));
    this.jobs = new Jobs(database ? { store: database.store } : { folder: this.store });
  }

  /** @param address of an empty database for the jobs; otherwise they are in a folder */
  static async begin(address?: string): Promise<OnlineTrial> {
    const files = path.join(tmpdir(), 'imsc-online-files');
    const store = address === undefined ? undefined : await PostgresStore.open(address, { folder: files });
    return new OnlineTrial(await startSandbox({}), address !== undefined && store ? { address, store } : undefined);
  }

  async end(): Promise<void> {
    for (const { child, finished } of this.#running) {
      child.kill('SIGKILL');
      await finished;
    }
    await this.#database?.close();
    await this.sandbox.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A data file of its own below a folder of its own; there are two pids, which take turns. */
  measured(index: number): string {
    const folder = path.join(this.root, `data-${index}`, 'coda/2025/443604/raw');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `443604_0000${1017 + (index % 2)}.nxs`);
    cpSync(path.join(samples, 'data/coda/2025/443604/raw', path.basename(file)), file);
    return file;
  }

  /** @param sections lines at its top level @param delay seconds between looks for a file that is not there @param member a header of all its requests */
  configFile(sections: string, { healthPort = 0, delay = 1, host = this.sandbox.baseUrl, member = '' } = {}): string {
    const file = path.join(mkdtempSync(path.join(this.root, 'config-')), 'config.yml');
    const own = readFileSync(path.join(samples, 'config.yml'), 'utf8')
      .replace('http://127.0.0.1:3000/api/v3', host)
      .replace('scicat:\n', `scicat:\n  additional_headers: { X-Member: "${member}" }\n`)
      .replace('schemas_directory: schemas', `schemas_directory: ${path.join(samples, 'schemas')}`)
      .replace('schemas/fallback', `${path.join(samples, 'schemas')}/fallback`)
      .replace(
        '    compute_file_stats: true',
        `    data_file_open_retry_delay: [${delay}]\n    data_file_open_max_tries: 1\n    compute_file_stats: true`,
      ) // prettier-ignore
      .replace('health_check: {}', `health_check: {host: 127.0.0.1, port: ${healthPort}}`)
      .replace('kafka: {}', sections);
    writeFileSync(file, own);
    return file;
  }

  /** @param store where the configuration does not say it @param starter on what computer */
  online(
    file: string,
    { token = this.sandbox.token, options = [] as readonly string[], store = this.store, env = {} } = {},
    starter?: Starter,
  ): Running {
    const stored = store === '' ? [] : ['--store', store];
    const started = startImsc(['online', '-c', file, ...stored, ...options], { SCICAT_TOKEN: token, ...env }, undefined, starter); // prettier-ignore
    this.#running.push(started);
    return started;
  }

  /** Until so many jobs have come to an end. */
  async ended(count: number, timeout = 60_000): Promise<void> {
    await vi.waitFor(
      async () => {
        const { jobs: all } = await this.jobs.list({ status: ['done', 'rejected', 'failed'] });
        if (all.length < count)
          throw new Error(JSON.stringify((await this.jobs.list()).jobs.map((each) => each.status)));
      },
      { timeout, interval: 200 },
    );
  }

  /** The names of the files in SciCat's lists. */
  listed(): string[] {
    return this.sandbox
      .documents('origdatablocks')
      .flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((each) => path.basename(each.path)));
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Until a process has said something. */
export function says({ child }: Running, text: string): Promise<void> {
  return new Promise((resolve) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
  });
}
