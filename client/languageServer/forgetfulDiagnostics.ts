import { languages, TabInputText, window, workspace } from 'vscode';
import type { DiagnosticCollection, Disposable, Tab, Uri } from 'vscode';
import type { DiagnosticCollectionProvider } from 'vscode-languageclient/node';
import { isThere } from '../isThere.ts';

/**
 * Where the problems are kept that the server is asked for. The client library keeps those of a document for ever once
 * it has asked for them; these go with their file, whoever deletes or renames it.
 */
export class ForgetfulDiagnostics implements Disposable {
  readonly #collections = new Set<DiagnosticCollection>();
  readonly #subscriptions: Disposable[];

  /** For the client library. */
  readonly provider: DiagnosticCollectionProvider = {
    create: (name) => {
      const collection = languages.createDiagnosticCollection(name);
      this.#collections.add(collection);
      return collection;
    },
    dispose: (collection) => {
      this.#collections.delete(collection);
      collection.dispose();
    },
  };

  constructor() {
    const watcher = workspace.createFileSystemWatcher('**', true, true);
    this.#subscriptions = [
      watcher,
      watcher.onDidDelete((gone) => void this.#forgetGone(gone)),
      // Of what is still shown the problems stay until it is closed.
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const uri of closed.flatMap(urisOf)) void this.#forgetGone(uri);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** @param gone a file, or a folder of which nothing is told but that it is gone */
  async #forgetGone(gone: Uri): Promise<void> {
    const isBelow = (uri: Uri): boolean => uri.path === gone.path || uri.path.startsWith(`${gone.path}/`);
    const told = [...this.#collections].flatMap((collection) =>
      [...collection].flatMap(([uri]) => (uri.scheme === gone.scheme && isBelow(uri) ? [{ collection, uri }] : [])),
    );
    for (const { collection, uri } of told) {
      // A document may be open without anybody seeing it.
      const shown = window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(urisOf));
      const isShown = shown.some((each) => each.toString() === uri.toString());
      if (!isShown && !(await isThere(uri))) collection.delete(uri);
    }
  }
}

function urisOf({ input }: Tab): readonly Uri[] {
  return input instanceof TabInputText ? [input.uri] : [];
}
