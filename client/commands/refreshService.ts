import type { Services } from '../services.ts';

/** Asks ingest services anew what lies in their locations. */
export function run({ connections }: Services): void {
  connections.refresh();
}
