import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import type { CancellationToken, LogOutputChannel, Uri } from 'vscode';
import { LanguageServer } from '../../../client/languageServer.ts';

const sent = vi.hoisted(() => [] as unknown[][]);

vi.mock('vscode', () => ({
  EventEmitter: class {
    fire(): void {
      // Nobody listens.
    }
  },
  l10n: { t: (text: string) => text },
  workspace: {
    isTrusted: false,
    createFileSystemWatcher: () => ({ onDidDelete: () => undefined }),
  },
  window: { tabGroups: { onDidChangeTabs: () => undefined } },
}));
vi.mock('vscode-languageclient/node', () => ({
  State: { Running: 2, Starting: 3 },
  TransportKind: { ipc: 1 },
  LanguageClient: class {
    onDidChangeState(): void {
      // It stays as it is.
    }
    dispose(): Promise<void> {
      return Promise.resolve();
    }
    stop(): Promise<void> {
      return Promise.resolve();
    }
    start(): Promise<void> {
      return Promise.resolve();
    }
    sendRequest(...args: unknown[]): Promise<void> {
      sent.push(args);
      return Promise.resolve();
    }
  },
}));

it('sends one parameter and a token if there is one: what is more becomes a parameter of its own', async () => {
  const program: unknown = { fsPath: fileURLToPath(import.meta.url) };
  const server = new LanguageServer(program as Uri, { error: () => undefined } as unknown as LogOutputChannel, () => ({
    trusted: false,
    chosenSamples: [],
  }));
  await server.start();
  const token = { isCancellationRequested: false } as CancellationToken;
  await server.request({ method: 'x' }, { a: 1 });
  await server.request({ method: 'x' }, { a: 1 }, token);
  expect(sent).toEqual([
    ['x', { a: 1 }],
    ['x', { a: 1 }, token],
  ]);
});

it('answers what is asked while it is being started, and nothing once it was stopped', async () => {
  const program: unknown = { fsPath: fileURLToPath(import.meta.url) };
  const server = new LanguageServer(program as Uri, { error: () => undefined } as unknown as LogOutputChannel, () => ({
    trusted: false,
    chosenSamples: [],
  }));
  sent.length = 0;
  void server.start();
  await server.request({ method: 'first' }, {});
  expect(sent).toEqual([['first', {}]]);
  void server.stop();
  await server.request({ method: 'late' }, {});
  expect(sent).toEqual([['first', {}]]);
});
