import { ViewColumn, window, workspace } from 'vscode';
import { showMessage } from '../dialogs.ts';
import { mergedSchema } from '../../server/protocol.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Opens the schema with all that it imports as a new document, beside the one it was made from. */
export async function run({ server }: Services): Promise<void> {
  const editor = schemaEditor();
  if (editor === undefined) return;
  let merged;
  try {
    merged = await server.request(mergedSchema, { uri: editor.document.uri.toString() });
  } catch (error) {
    // That it imports none, or something is wrong with what it imports.
    void showMessage('information', error instanceof Error ? error.message : String(error));
    return;
  }
  if (merged === undefined) return;
  const document = await workspace.openTextDocument({
    language: merged.notation === 'json' ? 'imsc-json' : 'imsc-yaml',
    content: merged.text,
  });
  await window.showTextDocument(document, { viewColumn: editor.viewColumn ?? ViewColumn.One, preview: false });
}
