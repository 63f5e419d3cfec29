import { existsSync } from 'node:fs';
import { EventEmitter, l10n, workspace } from 'vscode';
import type { CancellationToken, Disposable, Event, LogOutputChannel } from 'vscode';
import type { DiagnosticCollectionProvider, LanguageClient } from 'vscode-languageclient/node';
import type { ClientRequest, InitializationOptions, Notification } from '../server/protocol.ts';
import { trustGranted } from '../server/protocol.ts';

export type ServerState = 'stopped' | 'starting' | 'running' | 'missing' | 'failed';

/** The language server as the rest of the extension sees it: it starts, answers, and may be away at any time. */
export class LanguageServer implements Disposable {
  readonly #module: string;
  readonly #log: LogOutputChannel;
  readonly #options: () => InitializationOptions;
  readonly #stateChanged = new EventEmitter<ServerState>();
  readonly #subscribers: ((client: LanguageClient) => void)[] = [];
  readonly #diagnostics: DiagnosticCollectionProvider | undefined;
  #client: LanguageClient | undefined;
  #state: ServerState = 'stopped';
  #change: Promise<void> = Promise.resolve();

  readonly onDidChangeState: Event<ServerState> = this.#stateChanged.event;

  /**
   * @param module absolute path of the server's program
   * @param diagnostics where problems are kept; default: where the client library keeps them
   */
  constructor(
    module: string,
    log: LogOutputChannel,
    options: () => InitializationOptions,
    diagnostics?: DiagnosticCollectionProvider,
  ) {
    this.#module = module;
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

  /** Asks the server; undefined while it is not running. Rejects with the server's own error. */
  async request<Parameters, Result>(
    request: ClientRequest<Parameters, Result>,
    parameters: Parameters,
    token?: CancellationToken,
  ): Promise<Result | undefined> {
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
    const subscribe = (client: LanguageClient): void => {
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
    if (!existsSync(this.#module)) {
      this.#log.error(`The language server is not there: ${this.#module}`);
      this.#become('missing');
      return;
    }
    this.#become('starting');
    const { LanguageClient, State, TransportKind } = await import('vscode-languageclient/node');
    const run = { module: this.#module, transport: TransportKind.ipc };
    const client = new LanguageClient(
      'imsc',
      l10n.t('SciCat schemas'),
      { run, debug: { ...run, options: { execArgv: ['--inspect=6009'] } } },
      {
        documentSelector: ['imsc-json', 'imsc-yaml', 'imsc-metadata', 'imsc-config', 'imsc-serve'].map((language) => ({
          language,
        })),
        initializationOptions: this.#options(),
        outputChannel: this.#log,
        ...(this.#diagnostics && { diagnosticCollectionProvider: this.#diagnostics }),
      },
    );
    for (const subscribe of this.#subscribers) subscribe(client);
    client.onDidChangeState(({ newState }) => {
      if (client !== this.#client) return;
      this.#become(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped');
    });
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
