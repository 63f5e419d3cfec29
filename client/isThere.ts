import { workspace } from 'vscode';
import type { Uri } from 'vscode';

/** Whether a file lies there, or a folder: a document of it may be open longer than that. */
export async function isThere(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
