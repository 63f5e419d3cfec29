import { env, l10n, Uri } from 'vscode';
import type { Webview } from 'vscode';
import { visibleLines } from '../../core/text/hiddenCharacters.ts';

/**
 * The page of the preview, and of dry runs: nothing but its own script and style may run in it.
 * @param title what it is about, for those who hear it
 */
export function previewPage(webview: Webview, resources: Uri, title = l10n.t('Dataset Preview')): string {
  const nonce = crypto.randomUUID();
  const script = webview.asWebviewUri(Uri.joinPath(resources, 'preview.js')).toString();
  const style = webview.asWebviewUri(Uri.joinPath(resources, 'preview.css')).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${env.language}">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${style}" />
    <title>${escaped(title)}</title>
  </head>
  <body>
    <header>
      <h1 id="sample"></h1>
      <p id="summary" role="status"></p>
      <div id="actions"></div>
    </header>
    <main>
      <div id="tabs" role="tablist"></div>
      <div id="content" role="tabpanel" tabindex="-1"></div>
    </main>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}

/** The name of a file may hold anything. */
function escaped(text: string): string {
  return visibleLines(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
