import { showMessage } from '../dialogs.ts';
import { mergedSchema } from '../../server/protocol.ts';
import { openMade, schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Opens the schema with all that it imports as a new document with its sample, beside the one it was made from. */
export async function run({ server, samples }: Services): Promise<void> {
  const editor = schemaEditor();
  if (editor === undefined) return;
  const { file } = samples.current;
  let merged;
  try {
    merged = await server.request(mergedSchema, { uri: editor.document.uri.toString() });
  } catch (error) {
    // That it imports none, or something is wrong with what it imports.
    void showMessage('information', error instanceof Error ? error.message : String(error));
    return;
  }
  if (merged === undefined) return;
  const made = await openMade(merged, editor, '-merged');
  if (file !== null) await samples.choose(made.toString(), file);
}
