import type { Services } from '../services.ts';

/** Reads the sample file again. */
export function run({ sampleView }: Services): void {
  sampleView.refresh();
}
