import type { Services } from '../services.ts';

/** Shows the log of the extension and of the language server. */
export function run({ log }: Services): void {
  log.show();
}
