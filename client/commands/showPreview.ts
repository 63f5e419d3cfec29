import type { Services } from '../services.ts';

/** Shows the dataset of the schema in work beside it. */
export function run({ preview }: Services): void {
  preview.show();
}
