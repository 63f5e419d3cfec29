import { env, l10n, Uri } from 'vscode';
import { showMessage } from '../dialogs.ts';
import type { Services } from '../services.ts';
import type { RunContext } from './runContext.ts';

/** Opens the page of a dataset: in the catalogue's own web pages, which are where its API is. */
export async function openDataset(host: string, pid: string): Promise<void> {
  if (!URL.canParse(host)) {
    void showMessage('warning', l10n.t('Where this dataset is, is not known.'));
    return;
  }
  // As a text, because some editors would decode the slash in the pid.
  await env.openExternal(Uri.parse(datasetPage(host, pid), true));
}

/** Address of the web page of a dataset. */
function datasetPage(host: string, pid: string): string {
  return `${host.replace(/\/api\/v\d+\/?$/, '').replace(/\/+$/, '')}/datasets/${encodeURIComponent(pid)}`;
}

/** Opens a dataset of the SciCat that a run would ask. */
export async function pidLink({ connections }: Services, pid: string, context: RunContext): Promise<void> {
  const { connection, args, secrets, workingDirectory } = context;
  const host = connection?.address ?? (await connections.whoAmI(args, secrets, workingDirectory)).host;
  await openDataset(host, pid);
}
