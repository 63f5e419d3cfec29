import type { Services } from '../services.ts';
import { chosenIngestion } from './showIngestion.ts';

/** Interrupts an ingestion that runs. */
export function run(services: Services, from: unknown): void {
  const ingestion = chosenIngestion(services, from);
  if (ingestion !== undefined) services.ingestions.cancel(ingestion.id);
}
