import { env, Uri } from 'vscode';
import { openDataset } from '../ingestions/openDataset.ts';
import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Opens the dataset of an ingestion in SciCat's web pages. */
export async function run(services: Services, from: unknown): Promise<void> {
  const { host, pid, service } = chosenIngestion(services, from) ?? {};
  if (service?.page !== undefined && /^https?:/.test(service.page)) {
    await env.openExternal(Uri.parse(service.page, true));
    return;
  }
  if (host !== undefined && pid !== undefined) await openDataset(host, pid);
}
