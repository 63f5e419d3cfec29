import { ViewColumn, window, workspace } from 'vscode';
import { convertNotation } from '../../server/protocol.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Opens the schema in the other notation as a new document, beside the one it was made from. */
export async function run({ server }: Services): Promise<void> {
  const editor = schemaEditor();
  if (editor === undefined) return;
  const converted = await server.request(convertNotation, { uri: editor.document.uri.toString() });
  if (converted === undefined) return;
  const document = await workspace.openTextDocument({
    language: converted.notation === 'json' ? 'imsc-json' : 'imsc-yaml',
    content: converted.text,
  });
  await window.showTextDocument(document, { viewColumn: editor.viewColumn ?? ViewColumn.One, preview: false });
}
