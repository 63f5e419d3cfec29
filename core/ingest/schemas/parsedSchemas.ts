import type { SchemaFile } from '../../imsc/schema/schema.ts';
import { budget } from '../../limits/budget.ts';
import { readSchema } from './select.ts';

/** Schemas as they were understood, by their file and text, the one that was wanted last at the end. */
const understood = new Map<string, SchemaFile>();
let characters = 0;

/**
 * As `readSchema`; what was understood a moment ago is not parsed again, since a process that ingests one file after the
 * other asks the same schemas for each. A text that has changed is another one.
 */
export function readSchemaOnce(file: string, text: string): SchemaFile {
  const key = `${file}\0${text}`;
  const known = understood.get(key);
  if (known) {
    understood.delete(key);
    understood.set(key, known);
    return known;
  }
  const schema = readSchema(file, text);
  if (text.length > budget.schemaKept) return schema;
  understood.set(key, schema);
  characters += key.length;
  for (const oldest of understood.keys()) {
    if (characters <= budget.schemasUnderstood) break;
    understood.delete(oldest);
    characters -= oldest.length;
  }
  return schema;
}
