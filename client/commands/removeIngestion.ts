import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Deletes the record of an ingestion that has ended. */
export async function run(services: Services, from: unknown): Promise<void> {
  const ingestion = chosenIngestion(services, from);
  if (ingestion !== undefined) await services.ingestions.remove(ingestion);
}
