import { basename } from 'node:path';
import { l10n } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { hasUnsentJobs } from '../ingestions/ingestion.ts';
import { showProgress } from '../ingestions/showProgress.ts';
import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Asks SciCat again for the jobs that it has not taken when a file was ingested. */
export async function run(services: Services, from: unknown): Promise<void> {
  const ingestion = chosenIngestion(services, from);
  if (ingestion === undefined) return;
  const name = basename(ingestion.file);
  const ended = await showProgress(name, (follower) => services.ingestions.sendJobs(ingestion, follower));
  const found = ended.problems.find(({ code }) => code === 'archive-job' || code === 'job-refused');
  if (found || hasUnsentJobs(ended))
    void showMessage('warning', l10n.t('Jobs of {0} were not taken. {1}', name, found?.message ?? ''));
  else void showMessage('information', l10n.t('SciCat has the jobs of {0}.', name));
}
