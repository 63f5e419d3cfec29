import { workspace } from 'vscode';
import type { Disposable, TextDocument, Uri } from 'vscode';
import { isSchema } from '../schemaEditor.ts';

/** The texts of schemas as they were when they were opened: in a browser nothing else knows what they were before. */
export class OpenedTexts implements Disposable {
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: readonly Disposable[];

  constructor() {
    for (const document of workspace.textDocuments) this.#keep(document);
    this.#subscriptions = [
      workspace.onDidOpenTextDocument((document) => {
        this.#keep(document);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.#texts.delete(uri.toString());
      }),
    ];
  }

  of(uri: Uri): string | undefined {
    return this.#texts.get(uri.toString());
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #keep(document: TextDocument): void {
    if (isSchema(document)) this.#texts.set(document.uri.toString(), document.getText());
  }
}
