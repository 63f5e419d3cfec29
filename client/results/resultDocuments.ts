import { DocumentLink, EventEmitter, l10n, languages, Range, Uri, window, workspace } from 'vscode';
import type {
  Disposable,
  DocumentLinkProvider,
  Event,
  TextDocument,
  TextDocumentContentProvider,
  TextDocumentShowOptions,
} from 'vscode';
import type { ResultText } from './resultText.ts';

const scheme = 'imsc-result';
/** How many results can be looked at again; older ones are forgotten. */
const mostKept = 200;

/** Results as read-only documents, whose places lead back to the schemas. */
export class ResultDocuments implements TextDocumentContentProvider, DocumentLinkProvider, Disposable {
  readonly #results = new Map<string, ResultText>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #subscriptions: Disposable[];

  readonly onDidChange: Event<Uri> = this.#changed.event;

  #count = 0;

  constructor() {
    this.#subscriptions = [
      workspace.registerTextDocumentContentProvider(scheme, this),
      languages.registerDocumentLinkProvider({ scheme }, this),
    ];
  }

  /** Keeps a result under an address of its own. @param name the document's title, with its extension */
  add(name: string, result: ResultText): Uri {
    this.#count += 1;
    const uri = Uri.from({ scheme, path: `/${this.#count}/${name.replaceAll('/', '∕')}` });
    this.#results.set(uri.toString(), result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > mostKept && oldest !== undefined) this.#results.delete(oldest);
    return uri;
  }

  /** Puts another result in the place of one, wherever it is shown. */
  replace(uri: Uri, result: ResultText): void {
    this.#results.set(uri.toString(), result);
    this.#changed.fire(uri);
  }

  /** Opens a result in an editor. @param options where, if not in the active group */
  async show(uri: Uri, options: TextDocumentShowOptions = {}): Promise<void> {
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false, ...options });
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#results.get(uri.toString())?.text ?? `${l10n.t('This result is not kept any more; run it again.')}\n`;
  }

  provideDocumentLinks({ uri }: TextDocument): DocumentLink[] {
    const { links = [] } = this.#results.get(uri.toString()) ?? {};
    return links.map(({ at, to, line, column }) => {
      const fragment = line === undefined ? '' : `L${line},${column ?? 1}`;
      const target = typeof to === 'string' ? Uri.file(to).with({ fragment }) : to;
      return new DocumentLink(new Range(at.line, at.start, at.line, at.end), target);
    });
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
