import { randomUUID } from 'node:crypto';
import type { ResponseError } from 'vscode-languageserver';
import { convertNotation } from '../../core/imsc/convert.ts';
import { parseTree } from '../../core/imsc/parse.ts';
import { fittingType } from '../../core/ingest/sampleProblems.ts';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusFile } from '../../core/nexus/model.ts';
import { splitPath } from '../../core/nexus/path.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { ConvertedSchema, NewSchemaParameters } from '../protocol.ts';

/** Values of NeXus files that have a place of their own in a dataset, and where a file may have them. */
const known = [
  { name: 'title', field: 'datasetName', type: 'string', path: /^\/[^/]+\/title$/ },
  { name: 'end_time', field: 'creationTime', type: 'date', path: /^\/[^/]+\/end_time$/ },
  { name: 'start_time', field: 'startTime', type: 'date', path: /^\/[^/]+\/start_time$/ },
] as const;

/** What a dataset must have where the file says nothing; texts in capitals are for the person to replace. */
const fallbacks: Readonly<Record<string, readonly [value: string, type: string]>> = {
  pid: ['PREFIX/<ingestor_run_id>', 'string'],
  type: ['raw', 'string'],
  datasetName: ['<data_file_name>', 'string'],
  principalInvestigator: ['PRINCIPAL INVESTIGATOR', 'string'],
  owner: ['OWNER', 'string'],
  ownerEmail: ['owner@example.org', 'email'],
  contactEmail: ['contact@example.org', 'email'],
  ownerGroup: ['OWNER_GROUP', 'string'],
  creationLocation: ['FACILITY:INSTRUMENT', 'string'],
  creationTime: ['<now>', 'date'],
  sourceFolder: ['<source_folder>', 'string'],
};

interface Field {
  readonly field_type: 'high_level' | 'scientific_metadata';
  readonly machine_name: string;
  readonly value: string;
  readonly type: string;
}

/** A new schema that takes the given values of a NeXus file. */
export function newSchema(server: ServerContext) {
  return async ({ file, paths, notation, name }: NewSchemaParameters): Promise<ConvertedSchema | ResponseError> => {
    if (!server.samples.trusted) return refused('The workspace is not trusted, so NeXus files are not read.');
    try {
      const opened = await server.evaluations.open(file);
      const json = `${JSON.stringify(await schemaFor(opened, paths, name), null, 2)}\n`;
      return { notation, text: notation === 'json' ? json : convertNotation(parseTree(json, 'json'), 'yaml') };
    } catch (error) {
      if (error instanceof NexusError) return refused(error.message);
      throw error;
    }
  };
}

async function schemaFor(file: NexusFile, paths: readonly string[], name: string): Promise<object> {
  const variables: Record<string, object> = {};
  const fields = new Map<string, Field>();
  for (const path of paths) {
    const node = await file.describe(path);
    if (node.kind !== 'dataset') continue;
    const own = known.find((each) => each.path.test(path));
    const variable = nameFor(own?.name ?? nameOf(path), variables);
    const type = own?.type ?? fittingType(node) ?? 'string';
    variables[variable] = { source: 'NXS', path, value_type: type };
    const value = `<${variable}>`;
    if (own) fields.set(own.field, { field_type: 'high_level', machine_name: own.field, value, type });
    else fields.set(variable, { field_type: 'scientific_metadata', machine_name: variable, value, type });
  }
  variables['source_folder'] = {
    source: 'VALUE',
    operator: 'dirname',
    value: '<data_file_path>',
    value_type: 'string',
  };
  const required = Object.entries(fallbacks).map(([field, [value, type]]): [string, Field] => [
    field,
    fields.get(field) ?? { field_type: 'high_level', machine_name: field, value, type },
  ]);
  return {
    id: randomUUID(),
    name,
    instrument: 'all',
    selector: `filename:contains:${name}`,
    order: 100,
    variables,
    schema: Object.fromEntries([...required, ...fields]),
  };
}

/** The last word of a path, with the one before it where that says nothing by itself. */
function nameOf(path: string): string {
  const words = splitPath(path).map((word) => word.replace(/[^\p{L}\p{N}_]+/gu, '_'));
  const last = words.at(-1) ?? 'value';
  return /^(?:value|data|name|time|average_value)$/.test(last) ? words.slice(-2).join('_') : last;
}

function nameFor(wanted: string, taken: Readonly<Record<string, object>>): string {
  let name = wanted;
  for (let count = 2; Object.hasOwn(taken, name) || name === 'source_folder'; count++) name = `${wanted}_${count}`;
  return name;
}
