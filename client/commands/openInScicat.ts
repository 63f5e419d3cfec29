import { openDataset } from '../ingestions/openDataset.ts';
import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Opens the dataset of an ingestion in SciCat's web pages. */
export async function run(services: Services, from: unknown): Promise<void> {
  const { host, pid } = chosenIngestion(services, from) ?? {};
  if (host !== undefined && pid !== undefined) await openDataset(host, pid);
}
