import path from 'node:path';
import envPaths from 'env-paths';
import { FolderStore } from './folderStore.ts';
import type { JobStore } from './jobStore.ts';
import { hasPassword, isDatabaseAddress } from './postgres/database.ts';

export { hasPassword };
export type { JobStore };

type Environment = Readonly<Record<string, string | undefined>>;

/** Where jobs are kept, as it is said by those who may say it; empty texts say nothing. */
export interface StoreChoice {
  /** A folder, or the address of a database; the first that says something counts. */
  readonly stores: readonly (string | undefined)[];
  /** The folder of what is sent for jobs that are kept in a database. */
  readonly folder?: string | undefined;
  readonly env?: Environment | undefined;
}

/** The folder of jobs where nobody names another one. */
export function usualFolder(env: Environment = process.env): string {
  const { IMSC_JOURNAL_DIR: named = '' } = env;
  return named === '' || isDatabaseAddress(named)
    ? path.join(envPaths('imsc', { suffix: '' }).data, 'journal')
    : path.resolve(named);
}

/**
 * Opens the place where jobs are kept.
 * @throws FileError `journal-unwritable` where it is a database that cannot be used
 */
export async function openStore({ stores, folder = '', env = process.env }: StoreChoice): Promise<JobStore> {
  const chosen = [...stores, env['IMSC_JOURNAL_DIR']].find((each) => each !== undefined && each !== '');
  if (chosen === undefined || !isDatabaseAddress(chosen))
    return new FolderStore(chosen === undefined ? usualFolder(env) : path.resolve(chosen));
  const { PostgresStore } = await import('./postgres/postgresStore.ts');
  return PostgresStore.open(chosen, { folder: folder === '' ? usualFolder(env) : path.resolve(folder) });
}
