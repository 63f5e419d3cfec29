import { Uri, window, workspace } from 'vscode';
import type { TextEditor } from 'vscode';

/** URI of a file of the test workspace. */
export function workspaceFile(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no workspace is open');
  return Uri.joinPath(folder.uri, name);
}

/** Opens a file of the test workspace in an editor. */
export async function openFile(name: string): Promise<TextEditor> {
  return window.showTextDocument(await workspace.openTextDocument(workspaceFile(name)));
}
