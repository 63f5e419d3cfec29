import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import {
  ConfigurationRequest,
  createProtocolConnection,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  FileChangeType,
  InitializedNotification,
  InitializeRequest,
  InlayHintRefreshRequest,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import type {
  CancellationToken,
  ClientCapabilities,
  Diagnostic,
  InitializeResult,
  ProtocolConnection,
  ProtocolRequestType,
  PublishDiagnosticsParams,
  Range,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterAll } from 'vitest';
import type { ClientRequest, Notification } from '../../server/protocol.ts';
import { startServer } from '../../server/startServer.ts';
import { inThisProcess } from './inThisProcess.ts';

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** Absolute paths of workspace folders. */
  readonly folders?: readonly string[];
  /** What `workspace/configuration` answers for the section imsc. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Capabilities of an editor that can do everything but ask for diagnostics. */
export const pushCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true },
    symbol: {},
  },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    definition: { linkSupport: true },
    rename: { prepareSupport: true },
  },
};

/** Capabilities of an editor that asks for diagnostics, as VS Code does. */
export const pullCapabilities: ClientCapabilities = {
  ...pushCapabilities,
  workspace: { ...pushCapabilities.workspace, diagnostics: { refreshSupport: true } },
  textDocument: { ...pushCapabilities.textDocument, diagnostic: {} },
};

/** A server that runs, and how it is spoken with. */
interface RunningServer {
  readonly input: Writable;
  readonly output: Readable;
  readonly errors?: Readable;
  /** Settles when its process has ended; absent where that is the process of the test. */
  readonly ended?: Promise<unknown>;
}

/** The program in a process of its own. */
function startProgram(program: string): RunningServer {
  const server = spawn(process.execPath, ['--enable-source-maps', program, '--stdio'], { stdio: 'pipe' });
  return { input: server.stdin, output: server.stdout, errors: server.stderr, ended: once(server, 'exit') };
}

function startHere(): RunningServer {
  const [input, output] = [new PassThrough(), new PassThrough()];
  startServer(createConnection(ProposedFeatures.all, input, output));
  return { input, output };
}

/** The real server in a process of its own, spoken to over its standard input and output. */
export class LanguageClient {
  readonly connection: ProtocolConnection;
  readonly #ended: Promise<unknown> | undefined;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly log: string[] = [];
  refreshes = 0;
  settings: Readonly<Record<string, unknown>>;
  initialized!: InitializeResult;
  readonly #documents = new Map<string, TextDocument>();
  #wake: (() => void)[] = [];
  #stderr = '';

  constructor(program: string, options: ClientOptions) {
    this.settings = options.settings ?? {};
    const { input, output, errors, ended } = program === inThisProcess ? startHere() : startProgram(program);
    this.#ended = ended;
    errors?.on('data', (data: Buffer) => {
      this.#stderr += data.toString();
    });
    this.connection = createProtocolConnection(new StreamMessageReader(output), new StreamMessageWriter(input));
    this.connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.published.push(params);
      this.#wakeAll();
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log.push(message);
      this.#wakeAll();
    });
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings));
    this.connection.onRequest(RegistrationRequest.type, () => undefined);
    for (const type of [DiagnosticRefreshRequest.type, InlayHintRefreshRequest.type]) {
      this.connection.onRequest(type, () => {
        this.refreshes += 1;
        this.#wakeAll();
      });
    }
    this.connection.listen();
  }

  async start(options: ClientOptions): Promise<void> {
    const died = this.#ended?.then(() => {
      throw new Error(`the server ended\n${this.#stderr}`);
    });
    died?.catch(() => undefined);
    const answer = this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the type demands it
      rootUri: null,
      capabilities: options.capabilities ?? pushCapabilities,
      initializationOptions: options.initializationOptions,
      workspaceFolders: (options.folders ?? []).map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })),
    });
    this.initialized = await Promise.race(died ? [answer, died] : [answer]);
    await this.connection.sendNotification(InitializedNotification.type, {});
  }

  /** Opens a document; `name` is a URI or an absolute path. */
  async open(name: string, text: string, languageId = languageOf(name)): Promise<TextDocument> {
    const uri = /^[a-z]+:/.test(name) ? name : pathToFileURL(name).href;
    // What is still told of a document that was open before is not taken for what is told of this one.
    const version = (this.#documents.get(uri)?.version ?? 0) + 1;
    const document = TextDocument.create(uri, languageId, version, text);
    this.#documents.set(uri, document);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version, text },
    });
    return document;
  }

  /** Replaces a part of a document, from offset to offset, as an editor does while somebody types. */
  async edit(document: TextDocument, start: number, end: number, text: string): Promise<TextDocument> {
    const change = { range: { start: document.positionAt(start), end: document.positionAt(end) }, text };
    const changed = TextDocument.update(
      TextDocument.create(document.uri, document.languageId, document.version, document.getText()),
      [change],
      document.version + 1,
    );
    this.#documents.set(document.uri, changed);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: changed.uri, version: changed.version },
      contentChanges: [change],
    });
    return changed;
  }

  async close({ uri }: { readonly uri: string }): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  async changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: { imsc: settings } });
  }

  async fileChanged(file: string, type: FileChangeType = FileChangeType.Changed): Promise<void> {
    const changes = [{ uri: pathToFileURL(file).href, type }];
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
  }

  request<P, R, PR, E, RO>(
    type: ProtocolRequestType<P, R, PR, E, RO>,
    params: P,
    token?: CancellationToken,
  ): Promise<R> {
    // An undefined token would be sent as a second parameter.
    return token
      ? this.connection.sendRequest<R>(type.method, params, token)
      : this.connection.sendRequest<R>(type.method, params);
  }

  ask<P, R>(request: ClientRequest<P, R>, params: P): Promise<R> {
    return this.connection.sendRequest<R>(request.method, params);
  }

  tell<P>(notification: Notification<P>, params: P): Promise<void> {
    return this.connection.sendNotification(notification.method, params);
  }

  /** The newest diagnostics of a document that `wanted` accepts, once they are there. */
  async diagnostics(
    { uri }: { readonly uri: string },
    wanted: (params: PublishDiagnosticsParams) => boolean = () => true,
  ): Promise<Diagnostic[]> {
    return this.until(() => {
      const newest = this.published.findLast((params) => params.uri === uri);
      return newest && wanted(newest) ? newest.diagnostics : undefined;
    });
  }

  /** Diagnostics of the version that is open. */
  currentDiagnostics(document: TextDocument): Promise<Diagnostic[]> {
    return this.diagnostics(document, ({ version }) => version === document.version);
  }

  /** Waits for the server to have told something; fails after ten seconds. */
  async until<T>(found: () => T | undefined): Promise<T> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const value = found();
      if (value !== undefined) return value;
      if (Date.now() > deadline) throw new Error(`the server has not told it within 10 s\n${this.#stderr}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** What the server has written besides the protocol: it should be nothing. */
  get stderr(): string {
    return this.#stderr;
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type);
    if (this.#ended) await this.connection.sendNotification(ExitNotification.type);
    await this.#ended;
    this.connection.dispose();
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}

/** Starts a server that ends with the test file. */
export async function startClient(program: string, options: ClientOptions = {}): Promise<LanguageClient> {
  const client = new LanguageClient(program, options);
  await client.start(options);
  afterAll(() => client.stop());
  return client;
}

/** The text of a range in a document. */
export function textAt(document: TextDocument, range: Range): string {
  return document.getText(range);
}

function languageOf(name: string): string {
  if (name.endsWith('.imsc.json')) return 'imsc-json';
  return /\.imsc\.ya?ml$/.test(name) ? 'imsc-yaml' : name.endsWith('.json') ? 'json' : 'yaml';
}
