import { existsSync } from 'node:fs';
import { access, constants, readdir } from 'node:fs/promises';
import path from 'node:path';
import { writing } from '../../files/durableFiles.ts';
import { FileError } from '../../files/fileError.ts';
import { FolderStore } from './folderStore.ts';
import type { JobStore } from './jobStore.ts';
import { hasPassword, isDatabaseAddress } from './postgres/database.ts';
import type { DatabaseStanding } from './postgres/lookAtDatabase.ts';
import { userDataFolder } from './userData.ts';

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

/**
 * The folder of jobs where nobody names another one.
 * @throws FileError `journal-unwritable` for a user without a home
 */
export function usualFolder(env: Environment = process.env): string {
  const { IMSC_JOURNAL_DIR: named = '' } = env;
  if (named !== '' && !isDatabaseAddress(named)) return path.resolve(named);
  const data = userDataFolder('imsc', env);
  if (data !== undefined) return path.join(data, 'journal');
  throw new FileError(
    'journal-unwritable',
    'There is nowhere to keep the journal of ingestions, because this user has no home folder: name a folder in IMSC_JOURNAL_DIR.',
  );
}

/** The folder, or the address of a database, that is chosen. */
function chosenStore({ stores, env = process.env }: StoreChoice): string {
  const chosen = [...stores, env['IMSC_JOURNAL_DIR']].find((each) => each !== undefined && each !== '');
  if (chosen === undefined) return usualFolder(env);
  return isDatabaseAddress(chosen) ? chosen : path.resolve(chosen);
}

/**
 * Opens the place where jobs are kept.
 * @throws FileError `journal-unwritable` where it is a database that cannot be used
 */
export async function openStore(choice: StoreChoice): Promise<JobStore> {
  const chosen = chosenStore(choice);
  if (!isDatabaseAddress(chosen)) return new FolderStore(chosen);
  const { folder = '', env = process.env } = choice;
  const { PostgresStore } = await import('./postgres/postgresStore.ts');
  return PostgresStore.open(chosen, { folder: folder === '' ? usualFolder(env) : path.resolve(folder) });
}

/** How the place stands where jobs are kept. */
export type StoreStanding =
  | ({ readonly kind: 'database' } & DatabaseStanding)
  | {
      readonly kind: 'folder';
      readonly name: string;
      /** Whether it is there; otherwise it is made with the first job. */
      readonly isThere: boolean;
      readonly open: number;
    };

/**
 * Looks at the place where jobs are kept, and changes nothing.
 * @throws FileError `journal-unwritable` where it cannot be used
 */
export async function lookAtStore(choice: StoreChoice): Promise<StoreStanding> {
  const chosen = chosenStore(choice);
  if (isDatabaseAddress(chosen)) {
    const { lookAtDatabase } = await import('./postgres/lookAtDatabase.ts');
    return { kind: 'database', ...(await lookAtDatabase(chosen)) };
  }
  return writing(chosen, async () => {
    // What is there of it must be a folder in which one may write.
    let there = chosen;
    while (!existsSync(there) && path.dirname(there) !== there) there = path.dirname(there);
    await readdir(there);
    await access(there, constants.W_OK);
    const open = await new FolderStore(chosen).open();
    return { kind: 'folder', name: chosen, isThere: there === chosen, open: open.length };
  });
}
