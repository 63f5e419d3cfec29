import { placeholdersIn } from '../../text/placeholders.ts';
import type { NewEntry } from '../edits/textEdits.ts';
import { builtInNames } from '../language/builtIns.ts';
import { fieldTexts, usualText } from '../language/datasetFieldFacts.ts';
import type { DatasetFieldFacts } from '../language/datasetFieldFacts.ts';
import type { Schema } from '../schema/schema.ts';

/**
 * Complete entries for fields of the dataset. Where no variable of the schema seems to be meant for one, its value is
 * an empty text, which stays reported until somebody fills it in.
 */
export function newFieldEntries(schema: Schema, fields: readonly DatasetFieldFacts[]): NewEntry[] {
  const variables = new Set([...schema.variables.map(({ name }) => name), ...builtInNames]);
  const labels = new Set(schema.fields.map(({ label }) => label));
  return fields.map((field) => {
    const usual = field.usual?.filter((text) => placeholdersIn(text).length === 0);
    const value = usualText(usual, (name) => variables.has(name));
    // An empty text is no list of texts, and would be reported as that.
    const form = field.type === 'strings' && value === '' ? { ...field, type: 'string' as const } : field;
    return { key: freeLabel(field.name, labels), texts: fieldTexts(form, value) };
  });
}

function freeLabel(machineName: string, taken: ReadonlySet<string>): string {
  const label = machineName.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (!taken.has(label)) return label;
  return taken.has(machineName) ? `${label}_field` : machineName;
}
