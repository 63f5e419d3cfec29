import type { Config } from '../core/config/config.ts';
import { hasPassword, lookAtStore, openStore } from '../core/jobs/store/openStore.ts';
import type { JobStore, StoreStanding } from '../core/jobs/store/openStore.ts';
import { FileError } from '../core/files/fileError.ts';
import { problem } from '../core/problems/problem.ts';
import type { Problem } from '../core/problems/problem.ts';
import type { Invocation } from './command.ts';

/**
 * Where the jobs are kept: what `--store` says, otherwise the configuration, otherwise `IMSC_JOURNAL_DIR`.
 * @param others what may say it between the command line and the configuration of the ingestor
 * @throws FileError `journal-unwritable` where it is a database that cannot be used
 */
export function openJobStore(
  { terminal, options }: Pick<Invocation, 'terminal' | 'options'>,
  { jobs }: Config,
  ...others: readonly string[]
): Promise<JobStore> {
  const { store } = options;
  const named = typeof store === 'string' ? store : undefined;
  if (named !== undefined && hasPassword(named)) {
    const message =
      'A password on the command line can be seen by other users: use PGPASSWORD, ~/.pgpass, or jobs.store.';
    terminal.problems([problem('config-insecure', message)]);
  }
  return openStore({ stores: [named, ...others, jobs.store.reveal()], folder: jobs.folder });
}

/** Looks at where the jobs of a configuration are kept. @throws as `lookAtStore` */
export function lookAtJobStore({ jobs }: Config): Promise<StoreStanding> {
  return lookAtStore({ stores: [jobs.store.reveal()], folder: jobs.folder });
}

/** What is wrong with a store that cannot be opened. @throws again what is a bug */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof FileError)) throw error;
  return error.toProblem();
}
