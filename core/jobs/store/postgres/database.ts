import { setTimeout as wait } from 'node:timers/promises';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { failureReason } from '../../../files/failureReason.ts';
import { FileError } from '../../../files/fileError.ts';
import type { ConnectionOptions } from './pgPool.ts';

/** How often it is tried to reach a database, and the pause between two tries in milliseconds. */
const tries = 4;
const pauseMs = 500;
/** Milliseconds for one that says that it is starting: after a crash it reads first what it had written. */
const startingMs = 30_000;

/** Whether a text is the address of a PostgreSQL database. */
export function isDatabaseAddress(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text);
}

/** Whether the address of a database says a password. */
export function hasPassword(address: string): boolean {
  return isDatabaseAddress(address) && /^[a-z]+:\/\/[^/@]*:[^/@]|[?&]password=./.test(address);
}

/** An address as it may be shown: where, which, and as whom; nothing else of it. */
function shownAddress(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'postgres://…';
  }
  const host = url.host === '' ? (url.searchParams.get('host') ?? '') : url.host;
  return `postgres://${url.username === '' ? '' : `${url.username}@`}${host}${url.pathname}`;
}

/** A database, and what goes wrong with it in words for a person. */
export class Database {
  /** Without a password. */
  readonly name: string;
  readonly #address: string;
  readonly #options: ConnectionOptions;
  #pool: Promise<Pool> | undefined;

  constructor(address: string, options: ConnectionOptions) {
    this.#address = address;
    this.name = shownAddress(address);
    this.#options = options;
  }

  /** Asks it one thing, which is done as a whole or not at all. @throws FileError `journal-unwritable` */
  async rows<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.work(async (client) => (await client.query<Row>(text, [...values])).rows);
  }

  /** Does several things in one transaction. @throws FileError `journal-unwritable`; what `steps` throws */
  async transaction<T>(steps: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.work(async (client) => {
      await client.query('BEGIN');
      try {
        const result = await steps(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Uses a connection of its own. @throws FileError `journal-unwritable`; what `steps` throws */
  async work<T>(steps: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connected();
    let broken: Error | undefined;
    try {
      return await steps(client);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof FileError) throw error;
      broken = error;
      throw this.#problem(error);
    } finally {
      client.release(broken);
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await (await this.#pool)?.end();
  }

  /** Nothing was asked when that fails, so that it is tried again. */
  async #connected(): Promise<PoolClient> {
    this.#pool ??= import('./pgPool.ts').then(({ connectionsTo }) => connectionsTo(this.#address, this.#options));
    const pool = await this.#pool;
    const began = Date.now();
    for (let tried = 1; ; tried++) {
      try {
        return await pool.connect();
      } catch (error) {
        const isStarting = codeOf(error) === '57P03' && Date.now() - began < startingMs;
        if (!isStarting && (tried >= tries || !mayPass(error))) throw this.#problem(error);
        await wait(pauseMs * Math.min(tried, tries));
      }
    }
  }

  #problem(error: unknown): FileError {
    return new FileError('journal-unwritable', `The jobs are kept in ${this.name}, which fails: ${reasonOf(error)}.`);
  }
}

/** Whether a database that cannot be reached may be there in a moment. */
function mayPass(error: unknown): boolean {
  const code = codeOf(error);
  // Connection refused, a server that is starting or ending, too many clients.
  return code === undefined || code.startsWith('E') || code.startsWith('57P') || code === '53300';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  // Of several addresses of one name none could be reached.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (codeOf(error) === 'ECONNREFUSED') return 'nobody answers there';
  return failureReason(error).replace(/\.$/, '');
}
