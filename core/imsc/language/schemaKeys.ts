import type { RegistryEntry } from './registry.ts';

/** What a key holds: a name of one of the tables, any other text, or something with parts. */
export type KeyShape =
  | 'text'
  | 'source'
  | 'value type'
  | 'operator'
  | 'field type'
  | 'selector source'
  | 'selector operator'
  | 'list of selectors'
  | 'text or number'
  | 'paths'
  | 'schema ids'
  | 'template'
  | 'template tree'
  | 'selector'
  | 'map of variables'
  | 'map of fields'
  | 'map of jobs'
  | 'job parameters'
  | 'sample attachment'
  | 'boolean';

/** A key of a schema file: where it may stand is decided by the table that it is in. */
export interface SchemaKey extends RegistryEntry {
  readonly required: boolean;
  readonly shape: KeyShape;
}

/** The keys of the general section, in the order in which schemas are usually written. */
export const generalKeys: readonly SchemaKey[] = [
  {
    name: 'id',
    aliases: [],
    required: true,
    shape: 'text or number',
    summary: 'unique identifier of the schema',
    explanation: 'Often a UUID. Two schemas of one folder must not share it: only the first is used.',
  },
  {
    name: 'name',
    aliases: [],
    required: true,
    shape: 'text',
    summary: 'name of the schema',
    explanation: 'For people. Schemas with the same `order` are asked in the order of their names.',
  },
  {
    name: 'instrument',
    aliases: [],
    required: false,
    shape: 'text',
    summary: 'the instruments it is for',
    explanation:
      'One name or a comma-separated list. For information only: selection is done by `selector`. The Python ingestor refuses a schema without it.',
  },
  {
    name: 'selector',
    aliases: [],
    required: true,
    shape: 'selector',
    summary: 'which data files it applies to',
    explanation:
      'A text `source:operator:operand`, `*` for every file, an object `{source, operator, operand_2}`, or lists of these under `and` and `or`. The first schema whose selector is true is used.',
  },
  {
    name: 'order',
    aliases: [],
    required: true,
    shape: 'text or number',
    summary: 'when it is asked; lower is earlier',
    explanation:
      'Schemas are asked in ascending order, ties by name. It is a number; one that is written as a text counts as that number here, but stops the Python ingestor.',
  },
  {
    name: 'import',
    aliases: [],
    knownTo: ['ill'],
    required: false,
    shape: 'schema ids',
    summary: 'other schemas that are taken in',
    explanation:
      'Ids of schemas that lie beside this one, or in the folder `modules` beside it. Their variables, fields and jobs are taken in, before those of this schema and in the order of the list; what is said again under the same name takes the place of what was said before, and this schema has the last word. `id`, `name`, `instrument`, `order` and `selector` are those of this schema. A schema in the folder `modules` without a selector is only there to be imported.',
  },
  {
    name: 'sample_attachment',
    aliases: [],
    required: false,
    shape: 'sample attachment',
    summary: 'look the sample up in SciCat',
    explanation:
      'With `query_sample_name: true`, samples in SciCat with the name and proposal found in the file are attached to the dataset. Paths default to `/entry/sample/name` and `/entry/experiment_identifier`.',
  },
  {
    name: 'variables',
    aliases: [],
    required: true,
    shape: 'map of variables',
    summary: 'values taken from the file, from SciCat or from constants',
    explanation: 'Evaluated from top to bottom. A variable may refer to those above it as `<name>`.',
  },
  {
    name: 'schema',
    aliases: ['schemas'],
    required: true,
    shape: 'map of fields',
    summary: 'the dataset fields to fill',
    explanation:
      'Each entry assigns one dataset field or one item of the scientific metadata. Its own key is not used.',
  },
  {
    name: 'jobs',
    aliases: [],
    knownTo: ['next'],
    required: false,
    shape: 'map of jobs',
    summary: 'jobs to ask SciCat for once the dataset is there',
    explanation:
      'Each entry is one of SciCat’s own jobs, such as archiving; its own key is only a label. In its texts `<pid>` is the pid that the dataset has in SciCat. A job that fails does not fail the ingestion.',
  },
];

/** The keys of each entry of `jobs`. */
export const jobKeys: readonly SchemaKey[] = [
  {
    name: 'type',
    aliases: [],
    required: true,
    shape: 'text',
    summary: 'the kind of job',
    explanation: 'As SciCat is configured, e.g. `archive`. Not a template.',
  },
  {
    name: 'job_params',
    aliases: [],
    required: true,
    shape: 'job parameters',
    summary: 'what the job is told',
    explanation:
      'A map; its keys, its texts and those of lists in it are templates. A map directly in it is refused by the next ingestor, a list of maps is taken. `datasetList` names the datasets: `[{pid: <pid>, files: []}]`.',
  },
  {
    name: 'owner_user',
    aliases: [],
    required: true,
    shape: 'template',
    summary: 'the account that the job is for',
    explanation: 'A template.',
  },
  {
    name: 'owner_group',
    aliases: [],
    required: true,
    shape: 'template',
    summary: 'the group that the job is for',
    explanation: 'A template. An ordinary account must be in this group.',
  },
  {
    name: 'contact_email',
    aliases: [],
    required: true,
    shape: 'template',
    summary: 'the address to be told of the job',
    explanation: 'A template.',
  },
];

export const fieldKeys: readonly SchemaKey[] = [
  {
    name: 'field_type',
    aliases: [],
    required: true,
    shape: 'field type',
    summary: 'where the value goes: high_level or scientific_metadata',
    explanation:
      '`high_level` fills a field of the SciCat dataset, `scientific_metadata` adds an item to its scientific metadata.',
  },
  {
    name: 'machine_name',
    aliases: [],
    required: true,
    shape: 'text',
    summary: 'name of the field in SciCat',
    explanation: 'For `high_level` a field that SciCat datasets have; for `scientific_metadata` any name.',
  },
  {
    name: 'human_name',
    aliases: [],
    required: false,
    shape: 'text',
    summary: 'name shown to people',
    explanation: 'Only used in scientific metadata; without it the machine name is shown.',
  },
  {
    name: 'value',
    aliases: [],
    required: true,
    shape: 'template tree',
    summary: 'the value, usually `<variable>`',
    explanation: 'A template: `<name>` stands for the value of that variable. May be a text, a list or an object.',
  },
  {
    name: 'type',
    aliases: [],
    required: true,
    shape: 'value type',
    summary: 'value type the value is turned into',
    explanation: 'One of the value types; the value is converted to it, and the field is left out if that fails.',
  },
  {
    name: 'unit',
    aliases: [],
    required: false,
    shape: 'text',
    summary: 'unit, if not that of the variable',
    explanation: 'Only used in scientific metadata; without it the unit of the value is written.',
  },
];

export const fieldTypes: readonly RegistryEntry[] = [
  {
    name: 'high_level',
    aliases: [],
    summary: 'a field of the dataset itself',
    explanation: 'Fills a field of the SciCat dataset, such as `datasetName` or `ownerGroup`.',
  },
  {
    name: 'scientific_metadata',
    aliases: [],
    summary: 'an item of the scientific metadata',
    explanation: 'Adds `{value, type, human_name, unit}` under the machine name to `scientificMetadata`.',
  },
];

export const sampleAttachmentKeys: readonly SchemaKey[] = [
  {
    name: 'query_sample_name',
    aliases: [],
    required: false,
    shape: 'boolean',
    summary: 'whether to look for the sample',
    explanation: 'Without `true` here the section does nothing.',
  },
  {
    name: 'sample_name_path',
    aliases: [],
    required: false,
    shape: 'text',
    summary: 'NeXus path of the sample name',
    explanation: 'Default `/entry/sample/name`.',
  },
  {
    name: 'proposal_id_path',
    aliases: [],
    required: false,
    shape: 'text',
    summary: 'NeXus path of the proposal',
    explanation: 'Default `/entry/experiment_identifier`.',
  },
];
