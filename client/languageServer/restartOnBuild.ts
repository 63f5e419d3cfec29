import { RelativePattern, Uri, workspace } from 'vscode';
import type { Disposable } from 'vscode';
import type { LanguageServer } from '../languageServer.ts';

/** A build writes many files, one after the other. */
const quietTime = 500;

/** Restarts the language server after each build of it: for those who develop it. */
export function restartOnBuild(extension: Uri, server: LanguageServer): Disposable {
  const watcher = workspace.createFileSystemWatcher(
    // A build leaves files alone that have come out the same.
    new RelativePattern(Uri.joinPath(extension, 'dist'), '{server,workers,later}/*.cjs'),
  );
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void server.restart(), quietTime);
  };
  watcher.onDidChange(soon);
  watcher.onDidCreate(soon);
  return watcher;
}
