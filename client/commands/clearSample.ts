import { schemaEditor } from '../schemaEditor.ts';
import type { Services } from '../services.ts';

/** Takes back what was chosen by command for the schema; its comment and the setting hold again. */
export async function run({ samples }: Services): Promise<void> {
  const editor = schemaEditor();
  if (editor !== undefined) await samples.choose(editor.document.uri.toString(), null);
}
