import { posix } from 'node:path';
import { workspace } from 'vscode';
import { convertNotation } from '../../server/protocol.ts';
import { openUnsaved, schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Opens the schema in the other notation as a new document with its name and sample, beside the one it was made from. */
export async function run({ server, samples }: Services): Promise<void> {
  const editor = schemaEditor();
  if (editor === undefined) return;
  const { uri } = editor.document;
  const converted = await server.request(convertNotation, { uri: uri.toString() });
  if (converted === undefined) return;
  const { file } = samples.current;
  const folder = workspace.workspaceFolders?.[0]?.uri ?? uri;
  const beside = uri.scheme === 'untitled' ? folder : uri.with({ path: posix.dirname(uri.path) });
  const name = posix.basename(uri.path).replace(/\.imsc\.(?:json|ya?ml)$/i, '');
  const extension = converted.notation === 'json' ? 'imsc.json' : 'imsc.yml';
  const made = await openUnsaved(converted.text, beside, name, extension, editor.viewColumn);
  if (file !== null) await samples.choose(made.document.uri.toString(), file);
}
