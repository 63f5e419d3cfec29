import { builtInNames } from '../language/builtIns.ts';
import type { Schema } from '../schema/schema.ts';
import type { NewEntry } from '../edits/textEdits.ts';

/** What usually fills a mandatory field: the first of these whose variables all exist. */
const usualValues: Readonly<Partial<Record<string, readonly string[]>>> = {
  pid: ['<pid>'],
  datasetName: ['<dataset_name>', '<title>', '<data_file_name>'],
  principalInvestigator: ['<principal_investigator>', '<pi_firstname> <pi_lastname>', '<pi_name>', '<owner>'],
  owner: ['<owner>', '<pi_firstname> <pi_lastname>', '<pi_name>'],
  ownerEmail: ['<owner_email>', '<pi_email>'],
  contactEmail: ['<contact_email>', '<pi_email>', '<owner_email>'],
  creationLocation: ['<creation_location>', '<instrument_name>'],
  sourceFolder: ['<source_folder>'],
  creationTime: ['<creation_time>', '<start_time>', '<now>'],
  ownerGroup: ['<owner_group>'],
};

/**
 * Complete entries for fields of the dataset. Where no variable of the schema seems to be meant for one, its value is
 * an empty text, which stays reported until somebody fills it in.
 */
export function newFieldEntries(schema: Schema, machineNames: readonly string[]): NewEntry[] {
  const variables = new Set([...schema.variables.map(({ name }) => name), ...builtInNames]);
  const labels = new Set(schema.fields.map(({ label }) => label));
  return machineNames.map((name) => {
    const value =
      (usualValues[name] ?? []).find((template) =>
        [...template.matchAll(/<([^<>]+)>/g)].every(([, variable]) => variables.has(variable ?? '')),
      ) ?? '';
    return {
      key: freeLabel(name, labels),
      texts: [
        ['field_type', 'high_level'],
        ['machine_name', name],
        ['value', value],
        ['type', name === 'creationTime' ? 'date' : name.endsWith('Email') ? 'email' : 'string'],
      ],
    };
  });
}

function freeLabel(machineName: string, taken: ReadonlySet<string>): string {
  const label = machineName.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (!taken.has(label)) return label;
  return taken.has(machineName) ? `${label}_field` : machineName;
}
