import { ViewColumn, window, workspace } from 'vscode';
import { mergedSchema } from '../../server/protocol.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Opens the schema with all that it imports as a new document, beside the one it was made from. */
export async function run({ server }: Services): Promise<void> {
  const editor = schemaEditor();
  if (editor === undefined) return;
  const merged = await server.request(mergedSchema, { uri: editor.document.uri.toString() });
  if (merged === undefined) return;
  const document = await workspace.openTextDocument({
    language: merged.notation === 'json' ? 'imsc-json' : 'imsc-yaml',
    content: merged.text,
  });
  await window.showTextDocument(document, { viewColumn: editor.viewColumn ?? ViewColumn.One, preview: false });
}
