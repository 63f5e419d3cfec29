import { Range, ViewColumn, window, workspace, WorkspaceEdit } from 'vscode';
import { variableFromPath } from '../../server/protocol.ts';
import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';
import { nexusNode } from '../views/sampleView.ts';

/** Defines a variable with the value of an entry of the sample view, and shows it. */
export async function run({ server }: Services, from: unknown): Promise<void> {
  const node = nexusNode(from);
  const editor = schemaEditor();
  if (node === undefined || editor === undefined) return;
  const { uri } = editor.document;
  const edits = await server.request(variableFromPath, { uri: uri.toString(), path: node.path });
  if (edits === undefined || edits.length === 0) return;
  const change = new WorkspaceEdit();
  for (const { range, newText } of edits)
    change.replace(
      uri,
      new Range(range.start.line, range.start.character, range.end.line, range.end.character),
      newText,
    );
  await workspace.applyEdit(change);
  const shown = await window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? ViewColumn.One });
  const line = edits[0]?.range.start.line ?? 0;
  shown.revealRange(new Range(line, 0, line, 0));
}
