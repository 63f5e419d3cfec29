import { EventEmitter, workspace } from 'vscode';
import type { CancellationToken, Disposable, Event, LogOutputChannel, Uri } from 'vscode';
import type { BaseLanguageClient, DiagnosticCollectionProvider } from 'vscode-languageclient/node';
import type { ClientRequest, InitializationOptions, Notification } from '../server/protocol.ts';
import { trustGranted } from '../server/protocol.ts';
import { connectServer } from './languageServer/connectServer.ts';

/** The languages of the documents that are ours, as `package.json` has them. */
const languages = [
  'imsc-json',
  'imsc-yaml',
  'imsc-metadata',
  'imsc-config',
  'imsc-serve',
  'imsc-rules',
  'imsc-test',
] as const;

export type ServerState = 'stopped' | 'starting' | 'running' | 'missing' | 'failed';

/** The language server as the rest of the extension sees it: it starts, answers, and may be away at any time. */
export class LanguageServer implements Disposable {
  readonly #program: Uri;
  readonly #log: LogOutputChannel;
  readonly #options: () => InitializationOptions;
  readonly #stateChanged = new EventEmitter<ServerState>();
  readonly #subscribers: ((client: BaseLanguageClient) => void)[] = [];
  readonly #diagnostics: DiagnosticCollectionProvider | undefined;
  #client: BaseLanguageClient | undefined;
  #state: ServerState = 'stopped';
  #change: Promise<void> = Promise.resolve();

  readonly onDidChangeState: Event<ServerState> = this.#stateChanged.event;

  /**
   * @param program of the server
   * @param diagnostics where problems are kept; default: where the client library keeps them
   */
  constructor(
    program: Uri,
    log: LogOutputChannel,
    options: () => InitializationOptions,
    diagnostics?: DiagnosticCollectionProvider,
  ) {
    this.#program = program;
    this.#log = log;
    this.#options = options;
    this.#diagnostics = diagnostics;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Starts the server; that it is missing or fails is a state and a line in the log, never an exception. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /** Stops the server, if it runs, and starts it anew. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  /**
   * Asks the server, once it runs where it is just being started: a command may be the first thing of all. Undefined while
   * it is not running. Rejects with the server's own error.
   */
  async request<Parameters, Result>(
    request: ClientRequest<Parameters, Result>,
    parameters: Parameters,
    token?: CancellationToken,
  ): Promise<Result | undefined> {
    await this.#change;
    if (this.#client === undefined || this.#state !== 'running') return undefined;
    // A token of undefined would be sent as one more parameter.
    return token === undefined
      ? this.#client.sendRequest<Result>(request.method, parameters)
      : this.#client.sendRequest<Result>(request.method, parameters, token);
  }

  /** Tells the server something; lost while it is not running, because it is told everything when it starts. */
  async notify<Parameters>(notification: Notification<Parameters>, parameters: Parameters): Promise<void> {
    if (this.#state === 'running') await this.#client?.sendNotification(notification.method, parameters);
  }

  /** Calls the listener for each such notification of the server, also of one that is started later. */
  onNotification<Parameters>(notification: Notification<Parameters>, listener: (parameters: Parameters) => void): void {
    const subscribe = (client: BaseLanguageClient): void => {
      client.onNotification(notification.method, listener);
    };
    this.#subscribers.push(subscribe);
    if (this.#client !== undefined) subscribe(this.#client);
  }

  dispose(): void {
    this.#stateChanged.dispose();
  }

  /** Starting and stopping happen one after the other, in the order in which they were asked for. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    this.#change = this.#change.then(change);
    return this.#change;
  }

  async #start(): Promise<void> {
    if (this.#client !== undefined) return;
    this.#become('starting');
    const options = {
      documentSelector: languages.map((language) => ({ language })),
      initializationOptions: this.#options(),
      outputChannel: this.#log,
      ...(this.#diagnostics && { diagnosticCollectionProvider: this.#diagnostics }),
    };
    const client = await connectServer(this.#program, options, (state) => {
      if (client !== this.#client) return;
      if (state === 'stuck') void this.restart();
      else this.#become(state);
    });
    if (client === undefined) {
      this.#log.error(`The language server is not there: ${this.#program.toString()}`);
      this.#become('missing');
      return;
    }
    for (const subscribe of this.#subscribers) subscribe(client);
    this.#client = client;
    try {
      await client.start();
      this.#become('running');
      // Trust may have been given while the server was starting.
      if (workspace.isTrusted) await this.notify(trustGranted, null);
    } catch (error) {
      this.#client = undefined;
      this.#log.error(`The language server did not start: ${String(error)}`);
      this.#become('failed');
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      this.#log.warn(`The language server did not stop in time: ${String(error)}`);
    }
    this.#become('stopped');
  }

  #become(state: ServerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
