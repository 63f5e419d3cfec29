import { posix } from 'node:path';
import { TabInputText, Uri, ViewColumn, window, workspace } from 'vscode';
import type { SnippetString, TextDocument, TextEditor } from 'vscode';
import type { ConvertedSchema } from '../server/protocol.ts';

/** True for schemas in either notation. */
export function isSchema(document: TextDocument): boolean {
  return document.languageId === 'imsc-json' || document.languageId === 'imsc-yaml';
}

/** The document at an address, if it is open. */
export function openDocument(address: Uri): TextDocument | undefined {
  return workspace.textDocuments.find(({ uri, isClosed }) => uri.toString() === address.toString() && !isClosed);
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

/**
 * Opens a text that is not on disk yet: the person decides where it goes when it is saved.
 * @param text a snippet lets the person go on from what has to be filled in to the next with Tab
 * @param folder where that is offered
 * @param name of the file without its extension; gets a number where there is such a file already
 * @param extension as in `imsc.yml`
 */
export async function openUnsaved(
  text: string | SnippetString,
  folder: Uri,
  name: string,
  extension: string,
  viewColumn = ViewColumn.Active,
): Promise<TextEditor> {
  const uri = (await freePlace(folder, name, extension)).with({ scheme: 'untitled' });
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { viewColumn, preview: false });
  const start = document.positionAt(0);
  if (typeof text === 'string')
    await editor.edit((edit) => {
      edit.insert(start, text);
    });
  else await editor.insertSnippet(text, start);
  return editor;
}

/**
 * Opens what was made of the schema of an editor in its place, not saved yet and under its name.
 * @param suffix tells the two names apart where the extension does not
 */
export async function openMade(
  { text, notation }: ConvertedSchema,
  { document: { uri }, viewColumn }: TextEditor,
  suffix = '',
): Promise<Uri> {
  const folder = workspace.workspaceFolders?.[0]?.uri ?? uri;
  const beside = uri.scheme === 'untitled' ? folder : Uri.joinPath(uri, '..');
  const name = posix.basename(uri.path).replace(/\.imsc\.(?:json|ya?ml)$/i, '') + suffix;
  const made = await openUnsaved(text, beside, name, notation === 'json' ? 'imsc.json' : 'imsc.yml', viewColumn);
  return made.document.uri;
}

async function freePlace(folder: Uri, name: string, extension: string): Promise<Uri> {
  for (let count = 1; ; count++) {
    const place = Uri.joinPath(folder, `${name}${count === 1 ? '' : `-${count}`}.${extension}`);
    const isOpen = workspace.textDocuments.some(({ uri, isClosed }) => uri.path === place.path && !isClosed);
    if (!isOpen && !(await isThere(place))) return place;
  }
}

async function isThere(place: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(place);
    return true;
  } catch {
    return false;
  }
}
