import { parse } from 'devalue';
import { env, l10n, Uri, ViewColumn, window } from 'vscode';
import type { Webview, WebviewPanel } from 'vscode';
import { nexusExtensions } from '../nexusFiles.ts';
import type { FromNexusPage, ToNexusPage } from './messages.ts';

/** Where the page's programs lie in the extension's folder. */
const programs = ['dist'];

/** Milliseconds without a word from a page that is asked something; each of its answers takes ten seconds at most. */
const mostSilence = 30_000;
let silence: ReturnType<typeof setTimeout> | undefined;

let panel: WebviewPanel | undefined;
let lastId = 0;
let opened: (file: string) => void = () => undefined;
/** Names of the files that are open in the page. */
const open = new Set<string>();
const waiting = new Map<number, (reply: unknown) => void>();

/**
 * Shows the page in which a person of a browser opens a NeXus file of their computer. The file stays there: a thread of
 * the page reads what it is asked for.
 * @param told the name by which a file is asked about, once it is open, and whenever it is picked among those that are
 */
export function showNexusPage(extension: Uri, told: (file: string) => void): void {
  opened = told;
  if (panel) {
    panel.reveal();
    return;
  }
  const folder = Uri.joinPath(extension, ...programs);
  const shown = window.createWebviewPanel('imsc.nexusPage', l10n.t('NeXus File'), ViewColumn.Beside, {
    enableScripts: true,
    // The files are open only as long as the page is.
    retainContextWhenHidden: true,
    localResourceRoots: [folder],
  });
  panel = shown;
  shown.webview.html = pageText(shown.webview, folder);
  shown.webview.onDidReceiveMessage((message: FromNexusPage) => {
    if (message.kind === 'opened') {
      open.add(message.file);
      opened(message.file);
    } else answer(message.id, parse(message.reply));
    listen();
  });
  shown.onDidDispose(() => {
    panel = undefined;
    open.clear();
    for (const id of waiting.keys()) answer(id, closed(id));
    listen();
  });
}

/** The files that are open in the page, by the names by which they are asked about. */
export function openedFiles(): readonly string[] {
  return [...open];
}

/** Asks the reader of the page; the answer is for the language server. */
export function askNexusPage(file: string, question: unknown): Promise<unknown> {
  const id = ++lastId;
  const page = panel;
  if (page === undefined) return Promise.resolve(closed(id));
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    if (waiting.size === 1) listen();
    const message: ToNexusPage = { id, file, question };
    void page.webview.postMessage(message).then((isDelivered) => {
      if (!isDelivered) answer(id, closed(id));
    });
  });
}

/** From now on a page that is asked something and stays silent is given up. */
function listen(): void {
  clearTimeout(silence);
  if (waiting.size === 0) return;
  const text = l10n.t('The page “NeXus File” does not answer. Close it, and open the file there once more.');
  silence = setTimeout(() => {
    for (const id of waiting.keys()) answer(id, refused(id, 'too-slow', text));
  }, mostSilence);
}

function answer(id: number, reply: unknown): void {
  waiting.get(id)?.(reply);
  waiting.delete(id);
}

function closed(id: number): unknown {
  const text = l10n.t('The page “NeXus File” was closed, and the file with it. Open it there once more.');
  return refused(id, 'file-missing', text);
}

function refused(id: number, code: 'file-missing' | 'too-slow', message: string): unknown {
  return { id, error: { code, message, path: undefined } };
}

function pageText(webview: Webview, folder: Uri): string {
  const nonce = crypto.randomUUID();
  const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(folder, name)).toString();
  // The HDF5 library is WebAssembly, and what speaks with it is given to the thread as text.
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}' 'wasm-unsafe-eval' blob:; connect-src ${webview.cspSource}; worker-src blob:`;
  const accepted = nexusExtensions.map((each) => `.${each}`).join(',');
  return `<!DOCTYPE html>
<html lang="${env.language}">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${l10n.t('NeXus File')}</title>
    <style nonce="${nonce}">
      body { color: var(--vscode-foreground); font-family: var(--vscode-font-family); line-height: 1.5; }
      main { max-width: 40em; margin: 2em auto; }
      #place { border: 2px dashed var(--vscode-contrastBorder, currentColor); border-radius: 4px; padding: 2em; text-align: center; }
      #place.over { background: var(--vscode-list-dropBackground); }
      #opened button { font: inherit; color: var(--vscode-textLink-foreground); background: none; border: 0; padding: 0; text-align: start; overflow-wrap: anywhere; cursor: pointer; }
      input { font: inherit; margin-top: 1em; max-width: 100%; }
    </style>
  </head>
  <body>
    <main>
      <h1>${l10n.t('A NeXus file of this computer')}</h1>
      <p>${l10n.t('It becomes the sample of the schema that you are at. It is read here, piece by piece, and never leaves this computer. Leave this page open as long as you need it.')}</p>
      <div id="place">
        <label for="file">${l10n.t('Drop a file here, or choose one')}</label><br />
        <input id="file" type="file" multiple accept="${accepted}" />
      </div>
      <ul id="opened" aria-live="polite"></ul>
    </main>
    <script nonce="${nonce}" src="${address('web/nexusPage.js')}" data-reader="${address('web/reader.js')}" data-glue="${address('web/hdf5Glue.js')}" data-wasm="${address('h5wasm.wasm')}" data-refusal="${l10n.t('It cannot be read. A folder is not taken: open the files in it.')}"></script>
  </body>
</html>`;
}
