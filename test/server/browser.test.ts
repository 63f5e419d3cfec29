import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompletionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  DiagnosticRefreshRequest,
  DidChangeWatchedFilesNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
  InitializedNotification,
  InitializeRequest,
  InlayHintRefreshRequest,
  InlayHintRequest,
  RegistrationRequest,
} from 'vscode-languageserver-protocol/node';
import type { Diagnostic, ProtocolConnection } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, inject, it } from 'vitest';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import * as protocol from '../../server/protocol.ts';
import { chosenFile, PortReader, PortWriter, startBrowserWorker } from '../support/browserWorker.ts';
import { pullCapabilities } from '../support/languageClient.ts';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { temporaryFolder } from '../support/nexusFiles.ts';
import { schemaText } from '../support/schemaTexts.ts';

const web = join(inject('serverProgram'), '../../web');
const folder = temporaryFolder();
const sample = join(folder, 'first.nxs');
await writeNexus(sample, [
  { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Water' },
  { path: '/entry/counts', kind: 'dataset', dtype: 'i8', shape: [2], value: [3n, 4n] },
  { path: '/entry/packed', kind: 'dataset', dtype: 'f8', shape: [64], value: Array.from({ length: 64 }, () => 1.5), chunks: [64], compression: 'gzip' },
]); // prettier-ignore
const changed = join(folder, 'changed.nxs');
await writeNexus(changed, [
  { path: '/entry', kind: 'group' },
  { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Heavy water' },
]);

const root = 'vscode-vfs://github/facility/schemas';

interface Browser extends ProtocolConnection {
  /** URIs of the files that were asked for, in their order. */
  readonly given: readonly string[];
  /** The next time that the server says that what it told before may be another. */
  readonly refreshed: () => Promise<void>;
}

/** A server in a worker whose editor has the files of a repository, and one that a page reads. */
async function startServer(files: ReadonlyMap<string, Uint8Array>): Promise<Browser> {
  const port = startBrowserWorker(join(web, 'server.js'));
  const connection = createProtocolConnection(new PortReader(port), new PortWriter(port));
  const reader = startBrowserWorker(join(web, 'reader.js'));
  const waiting = new Map<number, (reply: unknown) => void>();
  reader.onmessage = (reply) => waiting.get((reply as { id: number }).id)?.(reply);
  reader.postMessage({ open: '/dropped:/big.nxs', file: chosenFile(sample) });
  const bytesOf = (uri: string): Uint8Array => {
    const bytes = files.get(uri);
    if (!bytes) throw new Error('it is not there');
    return bytes;
  };
  const given: string[] = [];
  connection.onRequest(protocol.readFile.method, ({ uri }: { uri: string }) => {
    given.push(uri);
    return bytesOf(uri);
  });
  connection.onRequest(protocol.fileState.method, ({ uri }: { uri: string }) => ({
    size: bytesOf(uri).length,
    mtimeMs: 1,
  }));
  connection.onRequest(protocol.filesBelow.method, () => [...files.keys()]);
  connection.onRequest(
    protocol.askNexus.method,
    (question: object) =>
      new Promise((resolve) => {
        const id = waiting.size;
        waiting.set(id, resolve);
        reader.postMessage({ id, ...question });
      }),
  );
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => ({})));
  connection.onRequest(RegistrationRequest.type, () => undefined);
  const refreshes = new EventEmitter();
  for (const { method } of [DiagnosticRefreshRequest.type, InlayHintRefreshRequest.type])
    connection.onRequest(method, () => {
      refreshes.emit('refresh');
      return null;
    });
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the type demands it
    rootUri: null,
    capabilities: pullCapabilities,
    workspaceFolders: [{ uri: root, name: 'schemas' }],
  });
  await connection.sendNotification(InitializedNotification.type, {});
  return Object.assign(connection, {
    given,
    refreshed: async () => {
      await once(refreshes, 'refresh');
    },
  });
}

async function open(connection: Browser, uri: string, text: string): Promise<TextDocument> {
  const languageId = uri.endsWith('.json') ? 'imsc-json' : 'imsc-yaml';
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId, version: 1, text },
  });
  return TextDocument.create(uri, languageId, 1, text);
}

/** Once the sample has been read. */
async function problemsOf(connection: Browser, uri: string, wanted: string): Promise<Diagnostic[]> {
  for (;;) {
    const refreshed = connection.refreshed();
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    const items = report.kind === 'full' ? report.items : [];
    if (items.some(({ code }) => code === wanted)) return items;
    await refreshed;
  }
}

/** The paths that are offered in the one that the sample does not have. */
/** What is offered, asked for again as an editor does while the sample is still being read. */
async function pathsOffered(connection: Browser, document: TextDocument): Promise<string> {
  const position = document.positionAt(document.getText().indexOf('/entry/titel') + '/entry/'.length);
  for (;;) {
    const found = await connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri: document.uri },
      position,
    });
    const items = Array.isArray(found) ? found : (found?.items ?? []);
    if (items.length > 0) return items.map(({ label }) => label).join(' ');
  }
}

/** What stands beside the text, once the sample has been read, and this is among it. */
async function hintsOf(connection: Browser, document: TextDocument, wanted = ''): Promise<string> {
  const range = { start: { line: 0, character: 0 }, end: document.positionAt(document.getText().length) };
  const textDocument = { uri: document.uri };
  for (;;) {
    const refreshed = connection.refreshed();
    const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range });
    const texts = (hints ?? []).map(({ label }) => typeof label === 'string' ? label : label.map(({ value }) => value).join('')); // prettier-ignore
    if (texts.length > 0 && texts.join('\n').includes(wanted)) return texts.join('\n');
    await refreshed;
  }
}

const variables = ['title: string', 'counts: "integer[]"', 'packed: "float[]"', 'titel: string'].map((line) => {
  const [name = '', type = ''] = line.split(': ');
  return `${name}:\n  source: NXS\n  path: /entry/${name}\n  value_type: ${type}`;
});
const text = schemaText({ variables: variables.join('\n'), fields: 'datasetName:\n  field_type: high_level\n  machine_name: datasetName\n  value: <title>\n  type: string' }); // prettier-ignore

it.each(notations)('a schema of a repository has its problems and the values of a sample (%s)', async (notation) => {
  const connection = await startServer(new Map([[`${root}/data/first.nxs`, readFileSync(sample)]]));
  const uri = `${root}/${fileName('a', notation)}`;
  const comment = notation === 'json' ? '' : '# imsc-sample: data/first.nxs\n';
  const document = await open(connection, uri, `${comment}${inNotation(text, notation)}`);
  // As the editor calls a file that was chosen.
  const file = protocol.browserPath('vscode-vfs', 'github', '/facility/schemas/data/first.nxs');
  if (notation === 'json') await connection.sendNotification(protocol.chooseSample.method, { uri, file });
  const hints = await hintsOf(connection, document);
  expect(hints).toContain('Water');
  expect(hints).toContain('[3, 4]');
  expect(hints).toContain('1.5');
  const messages = (await problemsOf(connection, uri, 'sample-path-missing')).map(({ message }) => message);
  expect(messages).toContain('first.nxs has no “titel” in /entry. Did you mean “/entry/title”?');
});

it('a file that a page reads gives values and completes its paths', async () => {
  const connection = await startServer(new Map());
  const uri = `${root}/b.imsc.yml`;
  const document = await open(connection, uri, text);
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/big.nxs' });
  expect(await hintsOf(connection, document)).toContain('Water');
  expect(await pathsOffered(connection, document)).toMatch(/counts.*packed.*title/);
});

it('a sample of the repository that changes gives its new values', async () => {
  const files = new Map<string, Uint8Array>([[`${root}/data/first.nxs`, readFileSync(sample)]]);
  const connection = await startServer(files);
  const document = await open(connection, `${root}/d.imsc.yml`, `# imsc-sample: data/first.nxs\n${text}`);
  expect(await hintsOf(connection, document)).toContain('Water');
  files.set(`${root}/data/first.nxs`, readFileSync(changed));
  await connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: `${root}/data/first.nxs`, type: FileChangeType.Changed }],
  });
  expect(await hintsOf(connection, document, 'Heavy water')).not.toContain('“Water”');
});

it('a sample of the repository that is too large is refused, with a way out', async () => {
  const connection = await startServer(new Map([[`${root}/large.nxs`, new Uint8Array(100_000_001)]]));
  const uri = `${root}/e.imsc.yml`;
  await open(connection, uri, `# imsc-sample: large.nxs\n${text}`);
  const problems = await problemsOf(connection, uri, 'sample-unreadable');
  const message = problems.find(({ code }) => code === 'sample-unreadable')?.message;
  expect(message).toMatch(/at most 100 MB are read as a whole.*Open a NeXus File of This Computer/);
  expect(connection.given).not.toContain(`${root}/large.nxs`);
});

it('of samples that are more than is kept the first is read anew when it is asked about', async () => {
  const bytes = new Uint8Array(90_000_000);
  bytes.set(readFileSync(sample));
  const names = ['one', 'two', 'three'];
  const connection = await startServer(new Map(names.map((name) => [`${root}/${name}.nxs`, bytes])));
  const documents: TextDocument[] = [];
  for (const name of names) {
    const document = await open(connection, `${root}/${name}.imsc.yml`, `# imsc-sample: ${name}.nxs\n${text}`);
    expect(await hintsOf(connection, document)).toContain('Water');
    documents.push(document);
  }
  const [first] = documents;
  expect(first && (await pathsOffered(connection, first))).toMatch(/counts.*packed.*title/);
  expect(connection.given.filter((uri) => uri.endsWith('one.nxs'))).toHaveLength(2);
});

it('a page that has lost its file says so', async () => {
  const connection = await startServer(new Map());
  const uri = `${root}/c.imsc.yml`;
  await open(connection, uri, text);
  await connection.sendNotification(protocol.chooseSample.method, { uri, file: '/dropped:/gone.nxs' });
  const [problem] = (await problemsOf(connection, uri, 'sample-unreadable')).filter(
    ({ code }) => code === 'sample-unreadable',
  );
  expect(problem?.message).toContain('is not open any more');
});
