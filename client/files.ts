import { Uri, workspace } from 'vscode';

/**
 * The files of VS Code as the language server names them. On a desktop that is the path on this computer; in a browser
 * the file beside this one is taken.
 */
export function pathOf(uri: Uri): string {
  return uri.fsPath;
}

export function uriOfPath(path: string): Uri {
  return Uri.file(path);
}

/** Whether the server can read a file where it lies. */
export function isReadable(uri: Uri): boolean {
  return uri.scheme === 'file';
}

/** The files of the workspace whose names end so, at most this many. */
export function filesEndingIn(endings: readonly string[], most?: number): Thenable<readonly Uri[]> {
  return workspace.findFiles(`**/*{${endings.join(',')}}`, '**/node_modules/**', most);
}
