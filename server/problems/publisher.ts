import type { Diagnostic } from 'vscode-languageserver';
import type { ServerContext } from '../context.ts';
import { fileOf, normalUri } from '../documents/documentKind.ts';
import { diagnosticsOfDocument, diagnosticsOfClosed } from './documentProblems.ts';
import { nextTurn } from '../turns.ts';

/** How long typing must rest before its problems are told, in milliseconds. */
const rest = 60;

/** Tells a client that does not ask what is wrong with its documents and with the closed schemas of the workspace. */
export class Publisher {
  readonly #server: ServerContext;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Closed files that something is told of. */
  readonly #told = new Map<string, string>();
  #round = 0;

  constructor(server: ServerContext) {
    this.#server = server;
  }

  /** A document was opened or edited, or its problems may be others. */
  changed(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => {
        this.#timers.delete(uri);
        void this.#publish(uri);
      }, rest),
    );
  }

  closed(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    this.#send(uri, []);
    const file = fileOf(uri);
    if (file !== undefined && this.#server.workspace.folderOf(uri) !== undefined) void this.#publishClosed(file, uri);
  }

  /** Goes through the closed schemas of the workspace; a newer round takes the place of one that still runs. */
  async workspaceChanged(): Promise<void> {
    const round = ++this.#round;
    const gone = new Map(this.#told);
    for await (const { uri } of this.#server.workspace.schemas()) {
      if (round !== this.#round) return;
      gone.delete(normalUri(uri));
      const file = fileOf(uri);
      if (file !== undefined && this.#server.documents.version(uri) === undefined) await this.#publishClosed(file, uri);
      await nextTurn(); // others are answered in between
    }
    if (round !== this.#round) return;
    for (const uri of gone.values()) this.#tellClosed(uri, []);
  }

  dispose(): void {
    this.#round += 1;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  async #publish(uri: string): Promise<void> {
    try {
      const found = await diagnosticsOfDocument(this.#server, uri, false);
      if (!found || this.#server.documents.version(uri) !== found.version) return;
      this.#told.delete(normalUri(uri));
      this.#send(uri, found.items, found.version);
      if (!found.late || !(await found.late)) return;
      if (this.#server.documents.version(uri) === found.version) await this.#publish(uri);
    } catch (error) {
      this.#server.connection.console.error(`The problems of ${uri} cannot be told: ${stackOf(error)}`);
    }
  }

  async #publishClosed(file: string, uri: string): Promise<void> {
    const snapshot = await this.#server.workspace.closed(file);
    if (!snapshot) return;
    const items = await diagnosticsOfClosed(this.#server, snapshot);
    if (this.#server.documents.version(uri) === undefined) this.#tellClosed(uri, items);
  }

  #tellClosed(uri: string, items: Diagnostic[]): void {
    const key = normalUri(uri);
    if (items.length === 0 && !this.#told.has(key)) return;
    if (items.length > 0) this.#told.set(key, uri);
    else this.#told.delete(key);
    this.#send(uri, items);
  }

  #send(uri: string, diagnostics: Diagnostic[], version?: number): void {
    void this.#server.connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
