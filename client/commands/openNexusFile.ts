import { l10n, window } from 'vscode';
import type { Disposable } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { showNexusPage } from '../nexusPage/nexusPage.ts';
import { isSchema, schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** In a browser: a NeXus file of the person's computer becomes the sample of the schema at hand. */
export function run({ context, samples }: Services): void {
  let schema = schemaEditor()?.document.uri;
  following?.dispose();
  // While the page has the keys there is no active editor, and several schemas may be in view.
  following = window.onDidChangeActiveTextEditor((editor) => {
    if (editor && isSchema(editor.document)) schema = editor.document.uri;
  });
  context.subscriptions.push(following);
  showNexusPage(context.extensionUri, (file) => {
    schema ??= schemaEditor()?.document.uri;
    if (schema) void samples.choose(schema.toString(), file);
    else void showMessage('information', l10n.t('Open a schema first: the file becomes its sample.'));
  });
}

let following: Disposable | undefined;
