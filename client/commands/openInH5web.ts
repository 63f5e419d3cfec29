import { commands, Uri } from 'vscode';
import { localFile } from '../nexusFiles.ts';
import type { Services } from '../services.ts';

/** Opens a NeXus file, or the sample in use, in H5Web; the menu entries are hidden where it is not installed. */
export async function run({ samples }: Services, from: unknown): Promise<void> {
  const sample = samples.current.file;
  const file = (await localFile(from)) ?? (sample === null ? undefined : Uri.file(sample));
  if (file !== undefined) await commands.executeCommand('vscode.openWith', file, 'h5web.viewer');
}
