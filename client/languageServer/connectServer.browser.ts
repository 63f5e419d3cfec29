import { l10n, workspace } from 'vscode';
import { LanguageClient, State } from 'vscode-languageclient/browser';
import * as protocol from '../../server/protocol.ts';
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
  const given: unknown = options.initializationOptions;
  const initializationOptions: unknown = Object.assign({}, given, { slow: [...slow] });
  const client = new LanguageClient('imsc', l10n.t('SciCat schemas'), worker, { ...options, initializationOptions });
  client.onDidChangeState(({ newState }) => {
    // Nobody else ends it, and one that is stuck does not end by itself.
    if (newState === State.Stopped) worker.terminate();
    changed(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped');
  });
  answerFileRequests(client, program);
  watchWork(client, (what) => {
    slow.add(what);
    worker.terminate();
    changed('stuck');
  });
  return client;
};

/** The work for which servers of this window were ended. */
const slow = new Set<string>();

/** Milliseconds for work that may take 200 of the processor: as long as a desktop waits where others have it. */
const mostMs = 5_000;
/** For what the server has said meanwhile, where this thread itself was held up. */
const graceMs = 300;

/** Tells of work that does not end: a thread that is in the midst of it can only be ended as a whole. */
function watchWork(client: LanguageClient, stuck: (what: string) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  client.onNotification(protocol.workBegun.method, ({ what }: { readonly what: string }) => {
    timer = setTimeout(() => {
      timer = setTimeout(stuck, graceMs, what);
    }, mostMs);
  });
  client.onNotification(protocol.workEnded.method, () => {
    clearTimeout(timer);
  });
}
