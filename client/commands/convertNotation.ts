import { convertNotation } from '../../server/protocol.ts';
import { openMade, schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Opens the schema in the other notation as a new document with its name and sample, beside the one it was made from. */
export async function run({ server, samples }: Services): Promise<void> {
  const editor = schemaEditor();
  if (editor === undefined) return;
  const { file } = samples.current;
  const converted = await server.request(convertNotation, { uri: editor.document.uri.toString() });
  if (converted === undefined) return;
  const made = await openMade(converted, editor);
  if (file !== null) await samples.choose(made.toString(), file);
}
