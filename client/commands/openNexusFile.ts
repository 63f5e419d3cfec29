import { l10n } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { showNexusPage } from '../nexusPage/nexusPage.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** In a browser: a NeXus file of the person's computer becomes the sample of the schema at hand. */
export function run({ context, samples }: Services): void {
  let schema = schemaEditor()?.document.uri;
  showNexusPage(context.extensionUri, (file) => {
    schema = schemaEditor()?.document.uri ?? schema;
    if (schema) void samples.choose(schema.toString(), file);
    else void showMessage('information', l10n.t('Open a schema first: the file becomes its sample.'));
  });
}
