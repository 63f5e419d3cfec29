import { existsSync } from 'node:fs';
import { l10n } from 'vscode';
import type { Uri } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient/node';

/** Where the server's program lies in the extension's folder. */
export const serverProgram = ['dist', 'server', 'main.cjs'];

/**
 * A client of the language server, which is a process of its own and not yet started.
 * @param changed told how the server does; of one that is `stuck` nothing more is heard
 * @returns undefined where the program is missing
 */
export async function connectServer(
  program: Uri,
  options: LanguageClientOptions,
  changed: (state: 'running' | 'starting' | 'stopped' | 'stuck') => void,
): Promise<BaseLanguageClient | undefined> {
  if (!existsSync(program.fsPath)) return undefined;
  const { LanguageClient, State, TransportKind } = await import('vscode-languageclient/node');
  const run = { module: program.fsPath, transport: TransportKind.ipc };
  const server = { run, debug: { ...run, options: { execArgv: ['--inspect=6009'] } } };
  const client = new LanguageClient('imsc', l10n.t('SciCat schemas'), server, options);
  client.onDidChangeState(({ newState }) => {
    changed(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped');
  });
  return client;
}
