import { env, l10n, Uri } from 'vscode';
import type { Webview } from 'vscode';

/** The page of the preview: nothing but its own script and style may run in it. */
export function previewPage(webview: Webview, resources: Uri): string {
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
    <title>${l10n.t('Dataset Preview')}</title>
  </head>
  <body>
    <header>
      <p id="sample"></p>
      <p id="summary" role="status"></p>
      <div id="actions"></div>
      <div id="tabs" role="tablist"></div>
    </header>
    <main id="content" role="tabpanel" tabindex="-1"></main>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
