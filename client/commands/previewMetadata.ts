import { Uri } from 'vscode';
import { saved } from '../ingestions/metadataDocuments.ts';
import { previewMetadata } from '../results/metadataPreviews.ts';
import type { Services } from '../services.ts';

/** Shows what would become of a file with metadata; called from its first line. */
export async function run(services: Services, uri: unknown): Promise<Uri | undefined> {
  if (typeof uri !== 'string') return undefined;
  const { uri: file } = await saved(Uri.parse(uri));
  return previewMetadata(services, file);
}
