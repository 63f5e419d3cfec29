import { PassThrough } from 'node:stream';
import { queryObjects } from 'node:v8';
import { afterAll, expect, it } from 'vitest';
import { createConnection } from 'vscode-languageserver/node';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { KeptReadings } from '../../../server/samples/keptReadings.ts';
import { Snapshot } from '../../../server/documents/snapshot.ts';
import { startServer } from '../../../server/startServer.ts';

const [toServer, toClient] = [new PassThrough(), new PassThrough()];
startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
client.listen();
afterAll(() => {
  client.dispose();
});

const uri = 'untitled:memory.imsc.yml';
const text = 'id: a\nname: a\norder: 1\nvariables:\n  v: {source: VALUE, value: a, value_type: string}\nschema: {}\n';
const position = { line: 4, character: 3 };

async function askAll(): Promise<void> {
  const about = { textDocument: { uri } };
  const range = { start: { line: 0, character: 0 }, end: { line: 6, character: 0 } };
  for (const [method, parameters] of [
    ['textDocument/diagnostic', about],
    ['textDocument/hover', { ...about, position }],
    ['textDocument/completion', { ...about, position }],
    ['textDocument/inlayHint', { ...about, range }],
    ['textDocument/codeAction', { ...about, range, context: { diagnostics: [] } }],
    ['textDocument/codeLens', about],
    ['textDocument/semanticTokens/full', about],
    ['textDocument/documentSymbol', about],
  ] as const)
    await client.sendRequest(method, parameters);
}

it('of a document that is edited one version stays in memory, and of one that is closed nothing', async () => {
  const capabilities = { textDocument: { diagnostic: {} } };
  await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities });
  await client.sendNotification('initialized', {});
  await client.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'imsc-yaml', version: 1, text },
  });
  for (let version = 2; version <= 6; version += 1) {
    await askAll();
    const contentChanges = [{ range: { start: position, end: position }, text: 'x' }];
    await client.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }
  await askAll();
  expect(queryObjects(Snapshot, { format: 'count' })).toBe(1);
  await client.sendNotification('textDocument/didClose', { textDocument: { uri } });
  // Answered after the document was closed.
  await client.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  expect(queryObjects(Snapshot, { format: 'count' })).toBe(0);
  expect(queryObjects(KeptReadings, { format: 'count' })).toBe(0);
});
