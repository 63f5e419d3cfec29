import { convertNotation } from '../../imsc/edits/convert.ts';
import { usualText, valueTypeFor } from '../../imsc/language/datasetFieldFacts.ts';
import { parseTree } from '../../imsc/tree/parse.ts';
import { builtInNames } from '../../imsc/language/builtIns.ts';
import { computedVariable, fileVariable } from '../../imsc/language/sources.ts';
import { loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/configOptions.ts';
import { fittingType } from '../trial/sampleProblems.ts';
import { NexusError } from '../../nexus/model.ts';
import { pathBelow } from '../../files/pathlibPath.ts';
import type { NexusDataset, NexusFile } from '../../nexus/model.ts';
import { splitPath } from '../../nexus/path.ts';
import { datasetField } from '../../scicat/datasetFields.ts';
import type { DatasetField } from '../../scicat/datasetFields.ts';
import { folderVariables } from './folderVariables.ts';
import { identifyingPaths, sensiblePaths, usualPaths, usualTexts } from './sensiblePaths.ts';
import type { UsualPath } from './sensiblePaths.ts';

/** The fields that a new schema fills, in this order. */
const filledFields = [
  'pid', 'type', 'datasetName', 'principalInvestigator', 'owner', 'ownerEmail', 'contactEmail', 'ownerGroup',
  'creationLocation', 'creationTime', 'sourceFolder',
]; // prettier-ignore

interface Field {
  readonly field_type: 'high_level' | 'scientific_metadata';
  readonly machine_name: string;
  readonly value: string;
  readonly type: string;
}

/**
 * The text of a new schema.
 * @param paths datasets that become variables and fields, without those that no value type holds; for none the usual
 * ones of the file are taken
 * @param config of the ingestor that will use it; where nobody knows, its defaults
 * @param project what lies above this folder is of this computer only, and not selected by
 */
export async function newSchemaText(
  file: NexusFile,
  paths: readonly string[],
  notation: 'json' | 'yaml',
  name: string,
  config = loadConfig({}).config,
  project?: string,
): Promise<string> {
  const chosen = paths.length > 0 ? paths : await sensiblePaths(file);
  const json = `${JSON.stringify(await schemaFor(file, chosen, name, config, project), null, 2)}\n`;
  return notation === 'json' ? json : convertNotation(parseTree(json, 'json'), 'yaml');
}

async function schemaFor(
  file: NexusFile,
  paths: readonly string[],
  name: string,
  config: Config,
  project: string | undefined,
): Promise<object> {
  const variables = new Map<string, Readonly<Record<string, string>>>();
  const fields = new Map<string, Field>();
  const usual = await usualTexts(file);
  for (const path of paths) {
    if (path.includes('*')) {
      addTeam(variables, fields, path);
      continue;
    }
    const node = await file.describe(path);
    if (node.kind === 'dataset') addDataset(variables, fields, node, usual.get(node.path));
  }
  // The pid, the owner group and the place are made of these also where nobody asked for them.
  for (const path of identifyingPaths(usual).filter((each) => !paths.includes(each))) {
    const node = await file.describe(path);
    if (node.kind === 'dataset') addDataset(variables, new Map(), node, usual.get(path));
  }
  for (const [variable, keys] of await folderVariables(file.path, config)) variables.set(variable, keys);
  const isDefined = (variable: string): boolean => variables.has(variable) || builtInNames.includes(variable);
  const filled = filledFields.flatMap((name): [string, Field][] => {
    const field = datasetField(name);
    return field ? [[name, fieldOf(field, usualText(field.usual, isDefined))]] : [];
  });
  const instrument = await instrumentOf(file, variables);
  return {
    id: crypto.randomUUID(),
    name,
    instrument: instrument ?? 'all',
    selector: selectorFor(file, instrument, project),
    order: 100,
    variables: Object.fromEntries(variables),
    schema: Object.fromEntries([...filled, ...[...fields].filter(([label]) => !filled.some(([own]) => own === label))]),
  };
}

function addDataset(
  variables: Map<string, Readonly<Record<string, string>>>,
  fields: Map<string, Field>,
  node: NexusDataset,
  usual: UsualPath | undefined,
): void {
  const { path } = node;
  const fitting = fittingType(node);
  if (fitting === undefined) return;
  const below = splitPath(path).slice(1).join('/');
  const own = [usual, usualPaths.find(({ at }) => at === below)].find((each) => each && !variables.has(each.name));
  const fieldOfDataset = own?.field === undefined ? undefined : datasetField(own.field);
  const isText = node.type.kind === 'string';
  const wanted = fieldOfDataset && isText && fitting === 'string' ? valueTypeFor(fieldOfDataset) : fitting;
  const variable = own?.name ?? nameFor(nameOf(path), variables);
  variables.set(variable, Object.fromEntries(fileVariable(path, wanted)));
  const value = `<${variable}>`;
  if (fieldOfDataset) {
    fields.set(fieldOfDataset.name, fieldOf(fieldOfDataset, value));
  } else {
    fields.set(variable, { field_type: 'scientific_metadata', machine_name: variable, value, type: wanted });
  }
}

function fieldOf(field: DatasetField, value: string): Field {
  return { field_type: 'high_level', machine_name: field.name, value, type: valueTypeFor(field) };
}

/** The names of all users, and one text of them. */
function addTeam(
  variables: Map<string, Readonly<Record<string, string>>>,
  fields: Map<string, Field>,
  path: string,
): void {
  variables.set('team_members', Object.fromEntries(fileVariable(path, 'string[]')));
  variables.set('team', Object.fromEntries(computedVariable('<team_members>', 'string', 'join_with_space')));
  const value = '<team_members>';
  fields.set('team_members', {
    field_type: 'scientific_metadata',
    machine_name: 'team_members',
    value,
    type: 'string[]',
  });
}

/** The instrument's own name, where the schema reads it. */
async function instrumentOf(
  file: NexusFile,
  variables: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Promise<string | undefined> {
  const path = variables.get('instrument_name')?.['path'];
  const name = path === undefined ? undefined : (await textAt(file, path))?.trim();
  return name === undefined || name === '' ? undefined : name;
}

/** The first text of a dataset; undefined where there is none, or it cannot be read. */
async function textAt(file: NexusFile, path: string): Promise<string | undefined> {
  try {
    const [first] = (await file.read(path, 1)).elements;
    return typeof first === 'string' ? first : undefined;
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
}

/** Files in a folder with the name of the instrument; else those with the same ending. */
function selectorFor({ path }: NexusFile, instrument: string | undefined, project: string | undefined): string {
  const below = project === undefined ? undefined : pathBelow(path, project);
  const folders = (below ?? path).split(/[/\\]/).slice(0, -1);
  const folder = folders.find((each) => each.toLowerCase() === instrument?.toLowerCase());
  const ending = /\.[A-Za-z0-9]+$/.exec(path)?.[0];
  return `filename:contains:${folder === undefined ? (ending ?? '.nxs') : `/${folder}/`}`;
}

/** The last word of a path, with the one before it where that says nothing by itself. */
function nameOf(path: string): string {
  const words = splitPath(path).map((word) => word.replace(/[^\p{L}\p{N}_]+/gu, '_'));
  const last = words.at(-1) ?? 'value';
  return /^(?:value|data|name|time|type|average_value)$/.test(last) ? words.slice(-2).join('_') : last;
}

function nameFor(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  // A field is called like its variable, and would take the place of one that the dataset must have.
  const ofDataset = [...filledFields, ...usualPaths.flatMap(({ field }) => field ?? [])];
  const reserved = ['source_folder', 'data_folder', 'team', 'team_members', ...ofDataset, ...builtInNames];
  for (let count = 2; taken.has(name) || reserved.includes(name); count++) name = `${wanted}_${count}`;
  return name;
}
