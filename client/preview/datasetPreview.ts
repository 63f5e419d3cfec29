import { basename } from 'node:path';
import { commands, l10n, Range, Selection, TextEditorRevealType, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Disposable, TextDocument, TextEditor, WebviewPanel } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { askScicat, datasetOf, evaluation, sampleChanged } from '../../server/protocol.ts';
import type { Connections } from '../connections/connections.ts';
import type { LanguageServer } from '../languageServer.ts';
import { isSchema, schemaEditor } from '../schemaEditor.ts';
import { whileAskingScicat } from '../whileAskingScicat.ts';
import { stepDone } from '../views/walkthrough.ts';
import type { FromPage, PreviewModel, ToPage } from './messages.ts';
import { pageTexts } from './pageTexts.ts';
import { previewModel } from './previewModel.ts';
import { previewPage } from './previewPage.ts';

/** The dataset that the schema in work makes of its sample, beside it and live while typing. */
export class DatasetPreview implements Disposable {
  readonly #server: LanguageServer;
  readonly #connections: Connections;
  readonly #resources: Uri;
  readonly #subscriptions: Disposable[];
  #panel: WebviewPanel | undefined;
  #document: TextDocument | undefined;
  #isAsking = false;
  #isStale = false;
  #shown: ToPage | undefined;

  /** @param resources folder of the page's script and style */
  constructor(server: LanguageServer, connections: Connections, resources: Uri) {
    this.#server = server;
    this.#connections = connections;
    this.#resources = resources;
    server.onNotification(sampleChanged, ({ uri }) => {
      if (uri === this.#document?.uri.toString()) this.#refresh();
    });
    this.#subscriptions = [
      server.onDidChangeState(() => {
        this.#refresh();
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document === this.#document && contentChanges.length > 0) this.#refresh();
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined && isSchema(editor.document)) this.#follow(editor);
      }),
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        this.#tellCursor(textEditor);
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('imsc')) this.#refresh();
      }),
    ];
  }

  /** What the page shows now; undefined while it is closed or has nothing to show. */
  get model(): PreviewModel | undefined {
    return this.#shown?.type === 'show' ? this.#shown.model : undefined;
  }

  /** Opens the preview beside the schema, or brings it to the front. */
  show(): void {
    const editor = schemaEditor();
    if (this.#panel === undefined) this.#open();
    else this.#panel.reveal(undefined, true);
    if (editor) this.#follow(editor);
    else this.#post({ type: 'empty', text: l10n.t('Open a schema to see the dataset that it makes.') });
  }

  /** Asks SciCat, with the connection in use, for the values that come from there. */
  async askScicat(): Promise<void> {
    const { current } = this.#connections;
    const uri = this.#document?.uri.toString();
    if (uri === undefined) return;
    const account = current && (await this.#connections.accountAt(current.address));
    if (!current || !account) {
      void showMessage('information', l10n.t('Sign in to a SciCat, or start the sandbox, to ask it for values.'));
      return;
    }
    try {
      const asked = { uri, address: current.address, token: account.token };
      const result = await whileAskingScicat((cancellation) => this.#server.request(askScicat, asked, cancellation));
      const [failed] = result?.failed ?? [];
      if (failed) void showMessage('warning', l10n.t('SciCat did not say all: {0}', failed.message));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      void showMessage('error', l10n.t('SciCat was not asked: {0}', message));
    }
    this.#refresh();
  }

  dispose(): void {
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #open(): void {
    const panel = window.createWebviewPanel(
      'imsc.preview',
      l10n.t('Dataset Preview'),
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [this.#resources] },
    );
    const images = Uri.joinPath(this.#resources, '..', '..', 'images');
    panel.iconPath = {
      light: Uri.joinPath(images, 'schema-light.svg'),
      dark: Uri.joinPath(images, 'schema-dark.svg'),
    };
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.#receive(message));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#document = undefined;
      this.#shown = undefined;
    });
    panel.webview.html = previewPage(panel.webview, this.#resources);
    this.#panel = panel;
  }

  #follow(editor: TextEditor): void {
    if (this.#panel === undefined) return;
    if (editor.document !== this.#document) {
      this.#document = editor.document;
      this.#panel.title = l10n.t('Dataset of {0}', basename(editor.document.uri.path));
      this.#refresh();
    }
    this.#tellCursor(editor);
  }

  /** Asks the server anew. One question at a time: what changes meanwhile is asked when the answer is there. */
  #refresh(): void {
    if (this.#panel === undefined || this.#document === undefined) return;
    this.#isStale = true;
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      while (this.#isStale && this.#document !== undefined) {
        this.#isStale = false;
        const document = this.#document;
        const uri = document.uri.toString();
        const [values, dataset] = await Promise.all([
          this.#server.request(evaluation, { uri }),
          this.#server.request(datasetOf, { uri }),
        ]).catch(() => [undefined, undefined]);
        if (document !== this.#document || (values && values.version !== document.version)) this.#isStale = true;
        if (document !== this.#document) continue;
        if (values && dataset) {
          this.#post({
            type: 'show',
            model: previewModel(basename(document.uri.path), values, dataset),
            texts: pageTexts(),
          });
          if (values.sample.file !== null) stepDone('preview');
        } else if (this.#server.state !== 'running')
          this.#post({ type: 'empty', text: l10n.t('The language server is not running.') });
      }
    } finally {
      this.#isAsking = false;
    }
  }

  #tellCursor({ document, selection }: TextEditor): void {
    if (document === this.#document) this.#send({ type: 'cursor', line: selection.active.line });
  }

  #post(message: ToPage): void {
    this.#shown = message;
    this.#send(message);
  }

  #send(message: ToPage): void {
    void this.#panel?.webview.postMessage(message);
  }

  async #receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        // The page is made anew whenever it was hidden.
        if (this.#shown) this.#send(this.#shown);
        break;
      case 'reveal':
        await this.#reveal(message.position.line, message.position.character);
        break;
      case 'askScicat':
        await this.askScicat();
        break;
      case 'chooseSample':
        await commands.executeCommand('imsc.chooseSample');
        break;
      // What only the page of a dry run asks.
      case 'open':
      case 'act':
    }
  }

  async #reveal(line: number, character: number): Promise<void> {
    if (this.#document === undefined) return;
    const open = window.visibleTextEditors.find(({ document }) => document === this.#document);
    const editor = await window.showTextDocument(this.#document, { viewColumn: open?.viewColumn ?? ViewColumn.One });
    editor.selection = new Selection(line, character, line, character);
    editor.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
