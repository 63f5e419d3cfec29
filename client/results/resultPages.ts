import { basename } from 'node:path';
import { commands, l10n, Position, Range, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Disposable, DocumentSymbol, Webview, WebviewPanel } from 'vscode';
import type { FromPage, ResultAction, ToPage } from '../preview/messages.ts';
import { pageTexts } from '../preview/pageTexts.ts';
import { previewPage } from '../preview/previewPage.ts';
import { clock, shortPath } from './dryRuns.ts';
import type { DryRun } from './dryRuns.ts';
import { readReport } from './report.ts';
import type { ResultDocuments } from './resultDocuments.ts';
import { batchModel, resultModel } from './resultModel.ts';
import type { ResultPlace, ShownResult } from './resultModel.ts';
import { summaryText } from './resultText.ts';

/** Dry runs as pages like the preview: each value whole, with its way back into the schema; of many a table that opens each. */
export class ResultPages implements Disposable {
  readonly #results: ResultDocuments;
  readonly #resources: Uri;
  readonly #panels = new Set<WebviewPanel>();
  /** What the page that was opened last shows. */
  latest: ShownResult | undefined;

  /** @param resources folder of the page's script and style */
  constructor(results: ResultDocuments, resources: Uri) {
    this.#results = results;
    this.#resources = resources;
  }

  /** Shows one dry run, or several in a table. */
  show(dryRuns: readonly DryRun[]): void {
    const [first, ...others] = dryRuns;
    if (!first) return;
    const when = clock(first.when);
    if (others.length === 0)
      this.#open(l10n.t('{0} dry run {1}', basename(first.request.file), when), dryRuns, resultModel(first));
    else this.#open(l10n.t('dry runs {0}', when), dryRuns, batchModel(dryRuns, shortPath));
  }

  dispose(): void {
    for (const panel of this.#panels) panel.dispose();
  }

  #open(title: string, dryRuns: readonly DryRun[], shown: ShownResult): void {
    const panel = window.createWebviewPanel('imsc.result', title, ViewColumn.Active, {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: [this.#resources],
    });
    this.#panels.add(panel);
    this.latest = shown;
    panel.onDidDispose(() => this.#panels.delete(panel));
    panel.webview.onDidReceiveMessage(
      (message: FromPage) => void this.#receive(message, panel.webview, dryRuns, shown),
    );
    panel.webview.html = previewPage(panel.webview, this.#resources, title);
  }

  async #receive(
    message: FromPage,
    webview: Webview,
    dryRuns: readonly DryRun[],
    { model, places }: ShownResult,
  ): Promise<void> {
    switch (message.type) {
      case 'ready': {
        const texts = { ...pageTexts(), sample: '{0}', ...(dryRuns.length > 1 && { fieldCount: l10n.t('{0} files') }) };
        const show: ToPage = { type: 'show', model, texts };
        await webview.postMessage(show);
        break;
      }
      case 'open': {
        const place = places.get(message.what);
        if (place) await this.#follow(place, dryRuns);
        break;
      }
      case 'act':
        await this.#act(message.action, dryRuns);
        break;
      default:
    }
  }

  async #follow(place: ResultPlace, dryRuns: readonly DryRun[]): Promise<void> {
    const beside = { viewColumn: ViewColumn.Beside };
    switch (place.kind) {
      case 'run': {
        const run = dryRuns[place.index];
        if (run) this.show([run]);
        break;
      }
      case 'file': {
        const at = new Position((place.line ?? 1) - 1, (place.column ?? 1) - 1);
        await window.showTextDocument(Uri.file(place.file), { ...beside, selection: new Range(at, at) });
        break;
      }
      case 'named': {
        const schema = dryRuns[0] && readReport(dryRuns[0].document).schema;
        if (!schema) break;
        const uri = Uri.file(schema.file);
        const selection = await placeOf(uri, place.name, place.isField);
        await window.showTextDocument(uri, { ...beside, ...(selection && { selection }) });
      }
    }
  }

  async #act(action: ResultAction, dryRuns: readonly DryRun[]): Promise<void> {
    const { schema } = dryRuns[0]?.request ?? {};
    const chosen = {
      files: dryRuns.map(({ request }) => Uri.file(request.file)),
      ...(schema !== undefined && { schema: Uri.file(schema) }),
    };
    switch (action) {
      case 'ingest':
        await commands.executeCommand('imsc.ingest', chosen);
        break;
      case 'again':
        await commands.executeCommand('imsc.dryRun', chosen);
        break;
      case 'signIn':
        await commands.executeCommand('imsc.signIn', dryRuns[0]?.request.context.connection);
        break;
      case 'asText':
        await this.#results.show(this.#textOf(dryRuns));
    }
  }

  /** The text of one is kept with it, to be compared. */
  #textOf(dryRuns: readonly DryRun[]): Uri {
    const [first, ...others] = dryRuns;
    if (first && others.length === 0) return first.uri;
    const title = l10n.t('Dry run of {0} files', dryRuns.length);
    const rows = dryRuns.map(({ request, document, uri }) => ({
      file: shortPath(request.file),
      document,
      result: uri,
    }));
    const when = first ? clock(first.when) : '';
    return this.#results.add(`${l10n.t('dry runs {0}', when)}.md`, summaryText(title, rows));
  }
}

/** Where a schema has a variable or a field of that name, as the outline of its editor says. */
async function placeOf(uri: Uri, name: string, isField: boolean): Promise<Range | undefined> {
  await workspace.openTextDocument(uri);
  const symbols = await commands.executeCommand<readonly DocumentSymbol[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    uri,
  );
  const found = flat(symbols ?? []).filter((symbol) => symbol.name === name && symbol.children.length === 0);
  // A variable and a field may share a name; the variables stand first.
  return (isField ? found.at(-1) : found[0])?.selectionRange;
}

function flat(symbols: readonly DocumentSymbol[]): DocumentSymbol[] {
  return symbols.flatMap((symbol) => [symbol, ...flat(symbol.children)]);
}
