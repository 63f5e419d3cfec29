import { Database } from './database.ts';
import { latestVersion } from './migrations.ts';

/** How a database of jobs stands. */
export interface DatabaseStanding {
  /** Without a password. */
  readonly name: string;
  /** Whether its tables are there, and as this version of imsc has them. */
  readonly tables: 'none' | 'older' | 'same' | 'newer';
  /** Jobs that have not ended. */
  readonly open: number;
  /** Milliseconds by which its clock is ahead of that of this computer. */
  readonly aheadMs: number;
}

/**
 * Looks at a database of jobs, and changes nothing.
 * @throws FileError `journal-unwritable` where it cannot be used
 */
export async function lookAtDatabase(address: string): Promise<DatabaseStanding> {
  const database = new Database(address, { most: 1, answerMs: 10_000 });
  try {
    // A first question takes longer than others.
    await database.rows('SELECT');
    const before = Date.now();
    const [row] = await database.rows<{ is_there: boolean; now: string }>(
      `SELECT to_regclass('imsc.store') IS NOT NULL AS is_there, extract(epoch FROM clock_timestamp()) * 1000 AS now`,
    );
    const aheadMs = Number(row?.now ?? NaN) - (before + Date.now()) / 2;
    if (row?.is_there !== true) return { name: database.name, tables: 'none', open: 0, aheadMs };
    const [found] = await database.rows<{ version: number; open: string }>(
      `SELECT version, (SELECT count(*) FROM imsc.job WHERE place <> 'ended') AS open FROM imsc.store`,
    );
    const version = found?.version ?? 0;
    const tables = version === latestVersion ? 'same' : version < latestVersion ? 'older' : 'newer';
    return { name: database.name, tables, open: Number(found?.open ?? 0), aheadMs };
  } finally {
    await database.close();
  }
}
