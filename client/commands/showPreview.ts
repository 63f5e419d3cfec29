import { schemaInFront } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Shows the dataset of the schema in work beside it. */
export async function run({ preview }: Services): Promise<void> {
  await schemaInFront();
  preview.show();
}
