import { commands, l10n, ProgressLocation } from 'vscode';
import { showInStatusBar, showMessage, withProgress } from '../dialogs.ts';
import { textAt } from '../json.ts';
import { clientFor } from '../service/serviceIngestions.ts';
import type { Services } from '../services.ts';
import { ServicePlace } from '../service/servicePlace.ts';

/** Has a file or folder of a location ingested by its service, where it lies. */
export async function run({ connections }: Services, from: unknown): Promise<void> {
  if (!(from instanceof ServicePlace)) return;
  const { service, location, path } = from;
  const ingest = l10n.t('Ingest');
  const answer = await showMessage('information', l10n.t('Ingest {0} at {1}?', from.label, service.name), [ingest], {
    modal: true,
    detail: l10n.t(
      'The service reads {0} where it lies, and writes to its SciCat. Nothing is copied to this computer.',
      path === '' ? location : `${location}/${path}`,
    ),
  });
  if (answer !== ingest) return;
  const client = await clientFor(connections, service.address);
  const job = await withProgress({ location: ProgressLocation.Window, title: l10n.t('Asking {0}', service.name) }, () =>
    client.ingest(location, path),
  );
  showInStatusBar(l10n.t('{0} ingests {1} as job {2}', service.name, from.label, textAt(job, 'id') ?? ''), 8000);
  await commands.executeCommand('imsc.ingestions.focus');
}
