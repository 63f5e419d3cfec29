import { ViewColumn, window } from 'vscode';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';
import { nexusNode } from '../views/sampleView.ts';

/** Writes the path of an entry of the sample view where the cursor is, instead of what is selected. */
export async function run(_services: Services, from: unknown): Promise<void> {
  const node = nexusNode(from);
  const editor = schemaEditor();
  if (node === undefined || editor === undefined) return;
  await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, node.path);
  });
  const shown = await window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? ViewColumn.One });
  // The cursor may be where nobody sees it.
  shown.revealRange(shown.selection);
}
