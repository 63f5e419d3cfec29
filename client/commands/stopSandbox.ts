import type { Services } from '../services.ts';

/** Ends the local sandbox; its datasets are kept for the next start. */
export function run({ sandbox }: Services): void {
  sandbox.stop();
}
