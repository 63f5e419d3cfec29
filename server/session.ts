import {
  CodeLensRefreshRequest,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  FileChangeType,
  InlayHintRefreshRequest,
} from 'vscode-languageserver';
import type { Connection, FileEvent, InitializeParams } from 'vscode-languageserver';
import { collectAtRest } from './documents/collectAtRest.ts';
import { onClientNotification } from './context.ts';
import type { ServerContext } from './context.ts';
import { documentKind, fileOf } from './documents/documentKind.ts';
import { Documents } from './documents/documents.ts';
import { Evaluations } from './samples/evaluations.ts';
import { registerFeatures } from './features.ts';
import { registerRequests } from './requests.ts';
import { IngestorConfigs } from './samples/ingestorConfigs.ts';
import { pulls } from './features/diagnostics.ts';
import * as protocol from './protocol.ts';
import { FacilityRules } from './problems/facilityRules.ts';
import { Publisher } from './problems/publisher.ts';
import { KnownChoices } from './samples/knownChoices.ts';
import { NexusDefinitions } from './samples/nexusDefinitions.ts';
import { Samples } from './samples/samples.ts';
import { memberOf, SettingsReader } from './settings.ts';
import { Workspace } from './documents/workspace.ts';

/** What the client is asked to tell of: schemas, their rules, and the files that may be samples of one. */
const watchedFiles = '**/*.{imsc.json,imsc.yml,imsc.yaml,nxs,h5,hdf,hdf5,nx,nx5,nexus,cxi}';
const watchedRules = '**/imsc-rules.{yml,yaml,json}';

/** One client with its workspace: puts the parts of the server together and passes on what happens. */
export class WorkspaceSession {
  readonly #server: ServerContext;
  readonly #publisher: Publisher | undefined;
  readonly #workspace: Workspace;

  constructor(connection: Connection, { capabilities, ...params }: InitializeParams) {
    const documents = new Documents();
    const settings = new SettingsReader(connection, capabilities, params.initializationOptions);
    const workspace = new Workspace({ capabilities, ...params }, documents, (message) => {
      connection.console.warn(message);
    });
    const samples = new Samples(settings, workspace, params.initializationOptions, (file) => {
      this.#sampleChanged(file);
    });
    const configs = new IngestorConfigs(settings, workspace);
    const evaluations = new Evaluations(samples, configs);
    const rules = new FacilityRules(documents, workspace, configs);
    this.#workspace = workspace;
    this.#server = {
      connection,
      client: capabilities,
      hasCommands: memberOf(params.initializationOptions, 'hasCommands') === true,
      documents,
      workspace,
      settings,
      samples,
      configs,
      evaluations,
      rules,
      definitions: new NexusDefinitions(),
      choices: new KnownChoices(),
      valuesChanged: (uri) => {
        this.#valuesChanged(uri);
      },
    };
    this.#publisher = pulls(this.#server) ? undefined : new Publisher(this.#server);
    documents.listen(
      connection,
      (uri) => {
        evaluations.edited(uri);
        collectAtRest();
        this.#publisher?.changed(uri);
        if (documents.other(uri)?.kind === 'rules') this.#rulesChanged();
      },
      (uri) => {
        settings.close(uri);
        evaluations.close(uri);
        collectAtRest();
        this.#publisher?.closed(uri);
        if (documentKind(uri, '') === 'rules') this.#rulesChanged();
      },
    );
    registerFeatures(this.#server);
    this.#registerOwnMessages();
    connection.onDidChangeConfiguration(({ settings: pushed }: { settings: unknown }) => {
      settings.changed(pushed);
      this.#server.definitions.forget();
      this.#everythingChanged();
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      this.#filesChanged(changes);
    });
  }

  /** After the handshake: asks the client to tell of changes, and tells of the closed files of the workspace. */
  async ready(): Promise<void> {
    const { connection, client } = this.#server;
    if (client.workspace?.workspaceFolders === true) {
      connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
        this.#workspace.changeFolders(event.added, event.removed);
        this.#everythingChanged();
      });
    }
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
      const watchers = [{ globPattern: watchedFiles }, { globPattern: watchedRules }];
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      this.#workspace.watched = true;
    }
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'imsc' });
    }
    await this.#publisher?.workspaceChanged();
  }

  async dispose(): Promise<void> {
    this.#publisher?.dispose();
    await this.#server.evaluations.dispose();
  }

  #registerOwnMessages(): void {
    const server = this.#server;
    registerRequests(server);
    onClientNotification(server, protocol.chooseSample, ({ uri, file }) => {
      server.samples.choose(uri, file);
      server.evaluations.invalidate();
      this.#valuesChanged(uri);
    });
    onClientNotification(server, protocol.trustGranted, () => {
      if (server.samples.trusted) return;
      server.samples.trusted = true;
      this.#everythingChanged();
    });
  }

  /** What a sample gives has changed: for one schema, or for all that are open. */
  #valuesChanged(uri?: string): void {
    const { connection, client, documents } = this.#server;
    for (const each of uri === undefined ? this.#openSchemas() : [uri]) {
      void connection.sendNotification(protocol.sampleChanged.method, { uri: each });
      if (documents.version(each) !== undefined) this.#publisher?.changed(each);
    }
    if (client.workspace?.diagnostics?.refreshSupport === true && !this.#publisher) {
      void connection.sendRequest(DiagnosticRefreshRequest.type).catch(ignored);
    }
    if (client.workspace?.inlayHint?.refreshSupport === true) {
      void connection.sendRequest(InlayHintRefreshRequest.type).catch(ignored);
    }
    // The first line names the sample.
    if (client.workspace?.codeLens?.refreshSupport === true) {
      void connection.sendRequest(CodeLensRefreshRequest.type).catch(ignored);
    }
  }

  /** Rules hold for schemas that nobody has touched. */
  #rulesChanged(): void {
    this.#server.rules.forget();
    this.#valuesChanged();
    void this.#publisher?.workspaceChanged();
  }

  #everythingChanged(): void {
    this.#server.rules.forget();
    this.#server.samples.filesChanged();
    this.#server.evaluations.invalidate();
    this.#valuesChanged();
    void this.#publisher?.workspaceChanged();
  }

  #sampleChanged(file: string): void {
    for (const uri of this.#server.evaluations.urisWith(file)) this.#valuesChanged(uri);
  }

  #filesChanged(changes: readonly FileEvent[]): void {
    let schemas = false;
    for (const { uri, type } of changes) {
      const kind = documentKind(uri, '');
      const file = fileOf(uri);
      if (type !== FileChangeType.Changed) this.#server.samples.filesChanged();
      // What a person has written is told where it is open.
      if (kind === 'metadata') continue;
      if (kind !== undefined) schemas = true;
      else if (file !== undefined && type === FileChangeType.Changed) this.#sampleChanged(file);
      else if (file !== undefined) this.#valuesChanged();
    }
    if (!schemas) return;
    this.#server.rules.forget();
    this.#workspace.filesChanged();
    this.#valuesChanged();
    void this.#publisher?.workspaceChanged();
  }

  #openSchemas(): string[] {
    return this.#server.documents.uris().filter((uri) => this.#server.documents.get(uri) !== undefined);
  }
}

/** A client that cannot refresh right now asks again by itself. */
function ignored(): void {
  // There is nothing to be done about it.
}
