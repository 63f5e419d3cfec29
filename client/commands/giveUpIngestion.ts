import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Gives up an ingestion that was interrupted: it is not offered for resuming any more. */
export async function run(services: Services, from: unknown): Promise<void> {
  const ingestion = chosenIngestion(services, from);
  if (ingestion !== undefined) await services.ingestions.giveUp(ingestion);
}
