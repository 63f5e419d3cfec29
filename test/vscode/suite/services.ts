import { setTimeout as wait } from 'node:timers/promises';
import { extensions } from 'vscode';
import type { Services } from '../../../client/services.ts';

/** What the extension gives to its own tests. */
export async function services(): Promise<Services> {
  const exported = await extensions.getExtension<Services | undefined>('imsc.imsc')?.activate();
  if (exported === undefined) throw new Error('the extension does not run for tests');
  return exported;
}

/** Waits until something is there; rejects with what was waited for. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`still waiting for ${what}`);
    await wait(50);
  }
}
