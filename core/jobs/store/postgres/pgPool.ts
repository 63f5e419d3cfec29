'load later';

import { Pool } from 'pg';

export interface ConnectionOptions {
  /** As many as that at the same time. */
  readonly most: number;
  /** Milliseconds for which an answer is waited for. */
  readonly answerMs: number;
}

/**
 * Connections to a database, made when they are needed. They do not keep the process from ending.
 * @param address `postgres://…`; what it does not say, such as the password, comes from where PostgreSQL's own programs
 *   take it: `PGPASSWORD`, `~/.pgpass`, …
 */
export function connectionsTo(address: string, { most, answerMs }: ConnectionOptions): Pool {
  const pool = new Pool({
    connectionString: address,
    application_name: 'imsc',
    max: most,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    // A computer that is gone does not say so.
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // One that breaks while nobody uses it is made anew when it is needed.
  pool.on('error', () => undefined);
  return pool;
}
