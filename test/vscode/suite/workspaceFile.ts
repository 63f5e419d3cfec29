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

/** Absolute path of one of the NeXus files of the samples, by the instrument and its place in order. */
export async function nexusFile(instrument: 'coda' | 'loki' | 'tbl', index = 0): Promise<string> {
  const found = await workspace.findFiles(`data/${instrument}/**/*.nxs`);
  const file = found.map(({ fsPath }) => fsPath).sort()[index];
  if (file === undefined) throw new Error(`there is no sample ${index} of ${instrument}`);
  return file;
}
