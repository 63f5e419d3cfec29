import { Disposable, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import { askChoices } from '../../server/protocol.ts';
import type { LanguageServer } from '../languageServer.ts';
import type { Connections } from './connections.ts';

/**
 * Where no ingestion asks, in a browser: once a file of metadata is open and somebody is signed in, SciCat is asked what
 * may fill its fields, to complete it there; once for each account.
 */
export function offerChoices(server: LanguageServer, connections: Connections): Disposable {
  let askedFor: string | undefined;
  const ask = async (): Promise<void> => {
    const { current } = connections;
    const isMetadata = ({ languageId }: TextDocument): boolean => languageId === 'imsc-metadata';
    if (!current || !workspace.isTrusted || !workspace.textDocuments.some(isMetadata)) return;
    const token = (await connections.accountAt(current.address))?.token;
    const asking = JSON.stringify([current.address, token]);
    if (token === undefined || asking === askedFor || server.state !== 'running') return;
    askedFor = asking;
    // That SciCat does not answer is told by whatever asks it for something.
    await server.request(askChoices, { address: current.address, token }).catch(() => undefined);
  };
  return Disposable.from(
    workspace.onDidOpenTextDocument(() => void ask()),
    connections.onDidChange(() => void ask()),
    server.onDidChangeState((state) => {
      // A server that begins anew knows nothing yet.
      if (state !== 'running') askedFor = undefined;
      else void ask();
    }),
  );
}
