import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompletionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  DiagnosticRefreshRequest,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  InitializedNotification,
  InitializeRequest,
  InlayHintRefreshRequest,
  InlayHintRequest,
  RegistrationRequest,
} from 'vscode-languageserver-protocol/node';
import type { Diagnostic, ProtocolConnection } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inject } from 'vitest';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import * as protocol from '../../server/protocol.ts';
import { chosenFile, PortReader, PortWriter, startBrowserWorker } from './browserWorker.ts';
import { pullCapabilities } from './languageClient.ts';
import { schemaText } from './schemaTexts.ts';

/** The folder of what is built for browsers. */
export const web = join(inject('serverProgram'), '../../web');

/** As the editor gives them. */
export const libraryParts = (): { readonly glue: Uint8Array; readonly wasm: Uint8Array } => ({
  glue: new Uint8Array(readFileSync(join(web, 'hdf5Glue.js'))),
  wasm: new Uint8Array(readFileSync(join(web, '../h5wasm.wasm'))),
});

/** Writes the file that `schema` is for. */
export async function writeSample(file: string): Promise<void> {
  await writeNexus(file, [
    { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
    { path: '/entry/title', kind: 'dataset', dtype: 'vlen-utf8', value: 'Water' },
    { path: '/entry/counts', kind: 'dataset', dtype: 'i8', shape: [2], value: [3n, 4n] },
    { path: '/entry/packed', kind: 'dataset', dtype: 'f8', shape: [64], value: Array.from({ length: 64 }, () => 1.5), chunks: [64], compression: 'gzip' },
  ]); // prettier-ignore
}

/** The repository that is opened. */
export const root = 'vscode-vfs://github/facility/schemas';

export interface Browser extends ProtocolConnection {
  /** URIs of the files that were asked for, in their order. */
  readonly given: readonly string[];
  /** The next time that the server says that what it told before may be another. */
  readonly refreshed: () => Promise<void>;
  /** Of the page. */
  readonly measured: () => Promise<Measured>;
}

/** What a page has read of its file, and what it takes for that, in bytes. */
interface Measured {
  readonly bytesRead: number;
  readonly memory: number;
}

function isMeasured(reply: unknown): reply is Measured {
  return typeof reply === 'object' && reply !== null && 'bytesRead' in reply;
}

/**
 * A server in a worker whose editor has the files of a repository, and one that a page reads.
 * @param slow what a server before it was ended for
 * @param dropped the file that was opened in the page, `/dropped:/big.nxs`
 */
export async function startServer(
  files: ReadonlyMap<string, Uint8Array>,
  dropped?: string,
  slow: readonly string[] = [],
): Promise<Browser> {
  const port = startBrowserWorker(join(web, 'server.js'));
  const connection = createProtocolConnection(new PortReader(port), new PortWriter(port));
  const reader = startBrowserWorker(join(web, 'reader.js'));
  const waiting = new Map<number, (reply: unknown) => void>();
  let measure: (found: Measured) => void = () => undefined;
  reader.onmessage = (reply) => {
    if (isMeasured(reply)) measure(reply);
    else if (reply === 'library') reader.postMessage({ library: libraryParts() });
    else waiting.get((reply as { id: number }).id)?.(reply);
  };
  if (dropped !== undefined) reader.postMessage({ open: '/dropped:/big.nxs', file: chosenFile(dropped) });
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
  connection.onRequest(protocol.filesBelow.method, ({ uri, onlyItself }: protocol.FilesBelowParameters) => {
    const below = [...files.keys()].filter((each) => each.startsWith(`${uri}/`));
    return onlyItself ? below.filter((each) => !each.slice(uri.length + 1).includes('/')) : below;
  });
  connection.onRequest(protocol.libraryParts.method, () => {
    given.push('the HDF5 library');
    return libraryParts();
  });
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
    initializationOptions: { trusted: true, chosenSamples: [], slow },
    workspaceFolders: [{ uri: root, name: 'schemas' }],
  });
  await connection.sendNotification(InitializedNotification.type, {});
  return Object.assign(connection, {
    given,
    refreshed: async () => {
      await once(refreshes, 'refresh');
    },
    measured: () =>
      new Promise<Measured>((resolve) => {
        measure = resolve;
        reader.postMessage('measure');
      }),
  });
}

export async function open(connection: Browser, uri: string, text: string): Promise<TextDocument> {
  const languageId = uri.endsWith('.json') ? 'imsc-json' : 'imsc-yaml';
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId, version: 1, text },
  });
  return TextDocument.create(uri, languageId, 1, text);
}

/** Once the sample has been read. */
export async function problemsOf(connection: Browser, uri: string, wanted: string): Promise<Diagnostic[]> {
  for (;;) {
    const refreshed = connection.refreshed();
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    const items = report.kind === 'full' ? report.items : [];
    if (items.some(({ code }) => code === wanted)) return items;
    await refreshed;
  }
}

/**
 * The paths that are offered in the one that the sample does not have, asked for again as an editor does while it is still
 * being read.
 */
export async function pathsOffered(connection: Browser, document: TextDocument): Promise<string> {
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
export async function hintsOf(connection: Browser, document: TextDocument, wanted = ''): Promise<string> {
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

/** A schema of variables that are in /entry by their names. @param lines `title: string` */
export function schemaOf(lines: readonly string[]): string {
  const variables = lines.map((line) => {
    const [name = '', type = ''] = line.split(': ');
    return `${name}:\n  source: NXS\n  path: /entry/${name}\n  value_type: ${type}`;
  });
  return schemaText({ variables: variables.join('\n'), fields: 'datasetName:\n  field_type: high_level\n  machine_name: datasetName\n  value: <title>\n  type: string' }).replace('/coda/', '/data/'); // prettier-ignore
}
export const schema = schemaOf(['title: string', 'counts: "integer[]"', 'packed: "float[]"', 'titel: string']);
