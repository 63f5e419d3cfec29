import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Stops an ingestion that runs. */
export async function run(services: Services, from: unknown): Promise<void> {
  const ingestion = chosenIngestion(services, from);
  if (ingestion !== undefined) await services.ingestions.cancel(ingestion);
}
