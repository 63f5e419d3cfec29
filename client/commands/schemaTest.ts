import { Uri, window } from 'vscode';
import type { Services } from '../services.ts';

/** Runs the test of a file from above its first line. */
export async function run({ testExplorer }: Services, uri: unknown): Promise<void> {
  if (typeof uri === 'string') await testExplorer.runFile(Uri.parse(uri));
}

/** Writes what comes out as what is expected. */
export async function update({ testExplorer }: Services, uri: unknown): Promise<void> {
  if (typeof uri === 'string') await testExplorer.runFile(Uri.parse(uri), true);
}

/** Opens the schema that a test is of. */
export async function openSchema(_services: Services, _uri: unknown, schema: unknown): Promise<void> {
  if (typeof schema === 'string') await window.showTextDocument(Uri.parse(schema));
}
