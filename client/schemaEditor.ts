import { window } from 'vscode';
import type { TextDocument, TextEditor } from 'vscode';

/** True for schemas in either notation. */
export function isSchema(document: TextDocument): boolean {
  return document.languageId === 'imsc-json' || document.languageId === 'imsc-yaml';
}

/** The editor with a schema that the person works in: the active one, else one that can be seen. */
export function schemaEditor(): TextEditor | undefined {
  return [window.activeTextEditor, ...window.visibleTextEditors].find(
    (editor) => editor !== undefined && isSchema(editor.document),
  );
}
