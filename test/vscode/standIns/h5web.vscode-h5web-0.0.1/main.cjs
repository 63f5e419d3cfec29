const { window } = require('vscode');

exports.activate = () =>
  window.registerCustomEditorProvider('h5web.viewer', {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: (_document, panel) => {
      panel.webview.html = '<p>H5Web</p>';
    },
  });
