import { TextDocuments } from 'vscode-languageserver';
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { documentKind, isSchemaKind, normalUri } from './documentKind.ts';
import type { OtherKind } from './documentKind.ts';
import { Snapshot } from './snapshot.ts';

/** Models kept for open documents; one that was dropped is parsed again when it is asked for. */
const mostSnapshots = 32;

/** The documents that are open in the editor, and the model of each in its newest version. */
export class Documents {
  readonly #texts = new TextDocuments(TextDocument);
  /** As the client spells them, by the one spelling. */
  readonly #spellings = new Map<string, string>();
  /** Least recently used first. */
  readonly #snapshots = new Map<string, Snapshot>();

  /** @param changed called for each schema or configuration that is opened or edited */
  listen(connection: Connection, changed: (uri: string) => void, closed: (uri: string) => void): void {
    this.#texts.onDidOpen(({ document }) => {
      this.#spellings.set(normalUri(document.uri), document.uri);
    });
    this.#texts.onDidChangeContent(({ document }) => {
      // Before the new text is parsed, so that the models of two versions are never there at once.
      this.#snapshots.delete(document.uri);
      changed(document.uri);
    });
    this.#texts.onDidClose(({ document }) => {
      this.#snapshots.delete(document.uri);
      this.#spellings.delete(normalUri(document.uri));
      closed(document.uri);
    });
    this.#texts.listen(connection);
  }

  /** The schema as it is now; undefined if it is not open or no schema. */
  get(uri: string): Snapshot | undefined {
    const document = this.#texts.get(uri);
    if (!document) return undefined;
    const known = this.#snapshots.get(uri);
    this.#snapshots.delete(uri);
    if (known?.version === document.version) {
      this.#snapshots.set(uri, known);
      return known;
    }
    const notation = documentKind(uri, document.languageId);
    if (!isSchemaKind(notation)) return undefined;
    const snapshot = new Snapshot(uri, document.version, notation, document.getText());
    this.#snapshots.set(uri, snapshot);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= mostSnapshots) break;
      this.#snapshots.delete(oldest);
    }
    return snapshot;
  }

  /** The text of any open document that is ours. */
  text(uri: string): TextDocument | undefined {
    return this.#texts.get(uri);
  }

  /** An open document that is ours and no schema. */
  other(uri: string): { readonly kind: OtherKind; readonly document: TextDocument } | undefined {
    const document = this.#texts.get(uri);
    const kind = document && documentKind(uri, document.languageId);
    return document && kind !== undefined && !isSchemaKind(kind) ? { kind, document } : undefined;
  }

  /** The text of any open document, however the client spells the URI. */
  textAt(uri: string): string | undefined {
    return this.#texts.get(this.#spellings.get(normalUri(uri)) ?? uri)?.getText();
  }

  /** The version that the editor has; undefined if it is not open. */
  version(uri: string): number | undefined {
    return this.#texts.get(uri)?.version;
  }

  /** Whether nothing was typed since. */
  isCurrent(snapshot: Snapshot): boolean {
    return this.version(snapshot.uri) === snapshot.version;
  }

  uris(): string[] {
    return this.#texts.keys();
  }

  /** The same, however the client spells the URI. */
  schema(uri: string): Snapshot | undefined {
    const spelling = this.#spellings.get(normalUri(uri));
    return spelling === undefined ? undefined : this.get(spelling);
  }

  /** All open schemas by the one spelling of their URI. */
  schemas(): Map<string, Snapshot> {
    const found = new Map<string, Snapshot>();
    for (const uri of this.uris()) {
      const snapshot = this.get(uri);
      if (snapshot) found.set(normalUri(uri), snapshot);
    }
    return found;
  }
}
