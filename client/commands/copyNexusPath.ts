import { env } from 'vscode';
import type { Services } from '../services.ts';
import { nexusNode } from '../views/sampleView.ts';

/** Puts the path of an entry of the sample view onto the clipboard. */
export async function run(_services: Services, from: unknown): Promise<void> {
  const node = nexusNode(from);
  if (node !== undefined) await env.clipboard.writeText(node.path);
}
