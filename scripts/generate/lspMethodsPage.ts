import * as lsp from 'vscode-languageserver';
import { features } from '../../server/features.ts';
import { code, pageHead, table } from './markdown.ts';

/** Messages to the server that are no feature of its own: they keep the features going. */
const kept: Readonly<Record<string, string>> = {
  initialize: 'Capabilities as far as the client has them too; UTF-16 positions.',
  initialized: 'From then on the closed files of the workspace are checked too.',
  shutdown: 'Closes what is open.',
  exit: 'Ends the process.',
  'textDocument/didOpen': '',
  'textDocument/didChange': 'Only what was changed is sent.',
  'textDocument/didClose': '',
  'workspace/didChangeConfiguration': 'The section `imsc`, sent along or asked for.',
  'workspace/didChangeWatchedFiles': 'Schemas and sample files that other programs change.',
  'workspace/didChangeWorkspaceFolders': '',
};

/** Messages that the server sends, where the client says that it understands them. */
const sent: Readonly<Record<string, string>> = {
  'client/registerCapability': 'To be told of changed files and settings.',
  'textDocument/publishDiagnostics': 'Only to clients that do not ask for diagnostics.',
  'window/logMessage': 'What went wrong that no document can show.',
  'workspace/configuration': 'Settings of one document.',
  'workspace/diagnostic/refresh': 'When a sample, a setting or another schema has changed.',
  'workspace/inlayHint/refresh': 'The same.',
};

type Direction = 'to the server' | 'to the client';

const directions: Readonly<Record<string, readonly Direction[]>> = {
  clientToServer: ['to the server'],
  serverToClient: ['to the client'],
  both: ['to the server', 'to the client'],
};

export interface LspMethod {
  readonly method: string;
  readonly direction: Direction;
  readonly answered: boolean;
  /** What the user gets; empty where the name says it. */
  readonly summary: string;
}

/** Every method that the library of the protocol knows, and whether this server has it. */
export function lspMethods(): readonly LspMethod[] {
  const known = new Map<string, readonly Direction[]>();
  for (const item of Object.values(lsp)) {
    // Under this name clients register, and send nothing.
    if (!isMessage(item) || item.method === 'notebookDocument/sync') continue;
    known.set(item.method, directions[item.messageDirection] ?? []);
  }
  const byFeature = new Map(features.flatMap(({ methods, summary }) => methods.map((method) => [method, summary])));
  const methods = [...known].flatMap(([method, ways]) =>
    ways.map((direction): LspMethod => {
      const own = direction === 'to the server' ? { ...Object.fromEntries(byFeature), ...kept } : sent;
      return { method, direction, answered: method in own, summary: own[method] ?? '' };
    }),
  );
  const named = [...byFeature.keys(), ...Object.keys(kept), ...Object.keys(sent)];
  const unknown = named.filter((method) => !known.has(method));
  if (unknown.length > 0) throw new Error(`The protocol has no ${unknown.join(', ')}.`);
  return methods.sort((a, b) => (a.method < b.method ? -1 : 1));
}

function isMessage(item: unknown): item is { readonly method: string; readonly messageDirection: string } {
  return (
    (typeof item === 'object' || typeof item === 'function') &&
    item !== null &&
    'method' in item &&
    typeof item.method === 'string' &&
    'messageDirection' in item &&
    typeof item.messageDirection === 'string'
  );
}

/** The page that tells which part of the protocol the server speaks. */
export function lspMethodsPage(): string {
  const methods = lspMethods();
  const rows = (direction: Direction): string[][] =>
    methods
      .filter((each) => each.direction === direction)
      .map(({ method, answered, summary }) => [code(method), answered ? '**yes**' : 'no', summary]);
  const count = methods.filter(({ direction, answered }) => direction === 'to the server' && answered).length;
  return [
    pageHead(
      'The Language Server Protocol',
      'server/features.ts',
      `\`imsc lsp --stdio\` speaks version 3.17 of the [protocol](https://microsoft.github.io/language-server-protocol/) with every editor; [editors.md](./editors.md) tells how to set one up. This table has every method up to version 3.18. The server answers ${count} of those that clients send; what an editor gets depends on which of them it sends.`,
    ),
    '## From the editor to the server',
    table(['method', 'answered', 'what it does'], rows('to the server')),
    '## From the server to the editor',
    table(['method', 'sent', 'what for'], rows('to the client')),
  ].join('\n\n');
}
