import { basename } from 'node:path';
import { l10n } from 'vscode';
import { pickOne, showMessage } from '../dialogs.ts';
import type { Ingestion } from '../ingestions/ingestion.ts';
import { verbsOf } from '../ingestions/ingestion.ts';
import { showEnd } from '../ingestions/showEnd.ts';
import { showProgress } from '../ingestions/showProgress.ts';
import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Finishes an interrupted ingestion: the one of the view, or one that the person picks. */
export async function run(services: Services, from: unknown): Promise<Ingestion | undefined> {
  // The head of the view hands over the row that is selected, also one that was given up.
  const named = chosenIngestion(services, from);
  const ingestion = named && verbsOf(named).includes('resume') ? named : await pick(services);
  if (ingestion === undefined) return undefined;
  const ended = await showProgress(basename(ingestion.file), (follower) =>
    services.ingestions.resume(ingestion, follower),
  );
  void showEnd(services, ended);
  return ended;
}

async function pick({ ingestions }: Services): Promise<Ingestion | undefined> {
  await ingestions.refresh();
  const { interrupted } = ingestions;
  if (interrupted.length === 0) {
    void showMessage('information', l10n.t('No ingestion is interrupted.'));
    return undefined;
  }
  if (interrupted.length === 1) return interrupted[0];
  const items = interrupted.map((ingestion) => ({
    label: basename(ingestion.file),
    description: ingestion.host,
    detail: ingestion.message ?? '',
    ingestion,
  }));
  return (await pickOne(items, { title: l10n.t('Resume interrupted ingestion') }))?.ingestion;
}
