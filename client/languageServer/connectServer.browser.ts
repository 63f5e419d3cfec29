import { l10n, workspace } from 'vscode';
import { LanguageClient, State } from 'vscode-languageclient/browser';
import type * as node from './connectServer.ts';
import { answerFileRequests } from '../fileRequests.ts';

/** What the extension host of a browser has besides what Node has. */
declare const Worker: new (address: string, options: { readonly name: string }) => Worker & { terminate(): void };

export const serverProgram = ['dist', 'web', 'server.js'];

/** The server is a worker. Where the extension lies on another host, one can be made of its text only. */
export const connectServer: typeof node.connectServer = async (program, options, changed) => {
  const text = await workspace.fs.readFile(program).then(
    (bytes) => new Uint8Array(bytes),
    () => undefined,
  );
  if (text === undefined) return undefined;
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(address, { name: 'imsc' });
  const client = new LanguageClient('imsc', l10n.t('SciCat schemas'), worker, options);
  client.onDidChangeState(({ newState }) => {
    // Nobody else ends it, and one that is stuck does not end by itself.
    if (newState === State.Stopped) worker.terminate();
    changed(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped');
  });
  answerFileRequests(client, program);
  return client;
};
