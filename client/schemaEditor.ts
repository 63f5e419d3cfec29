import { TabInputText, window } from 'vscode';
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

/**
 * The editor with a schema that the person works in; where something else covers them all, such as the walkthrough, one
 * that is open is brought to the front.
 */
export async function schemaInFront(): Promise<TextEditor | undefined> {
  const inView = schemaEditor();
  if (inView !== undefined) return inView;
  for (const { tabs, viewColumn } of window.tabGroups.all)
    for (const { input } of tabs)
      if (input instanceof TabInputText && /\.imsc\.(?:json|ya?ml)$/i.test(input.uri.path))
        return window.showTextDocument(input.uri, { viewColumn });
  return undefined;
}
