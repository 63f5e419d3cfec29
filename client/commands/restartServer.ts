import type { Services } from '../services.ts';

/** Starts the language server anew. */
export async function run({ server }: Services): Promise<void> {
  await server.restart();
}
