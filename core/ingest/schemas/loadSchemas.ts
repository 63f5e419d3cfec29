import type { SchemaFile } from '../../imsc/schema/schema.ts';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { budget } from '../../limits/budget.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Config } from '../../config/configOptions.ts';
import { withImports } from '../../imsc/schema/imports.ts';
import { schemaFinder } from './findSchema.ts';
import { builtInFallback, isBuiltInFallback } from './fallbackSchema.ts';
import { loadSchema } from './loadSchema.ts';
import { readSchemaOnce } from './parsedSchemas.ts';
import { isSchemaFileName, listSchemaFiles } from './schemaFiles.ts';
import { arrangeSchemas } from './select.ts';
import type { SchemaSet } from './select.ts';

/** Reads the schemas that the configuration names: those of its folder, and the fallback. */
export async function loadSchemas(config: Config): Promise<SchemaSet> {
  const folder = besideConfig(config.ingestion.schemas_directory, config, holdsSchemas);
  const { files: schemas, problems } = await listSchemaFiles(folder, ({ path: file, text }) => {
    const schema = readSchemaOnce(file, text);
    return text.length > budget.schemaKept ? brief(schema) : schema;
  });
  const fallback = await loadFallback(config);
  const set = arrangeSchemas(schemas, fallback.schema);
  return { ...set, problems: [...problems, ...fallback.problems, ...set.problems] };
}

/** What of a large schema is needed to ask it and to speak of it. */
function brief({ file, schema }: SchemaFile): SchemaFile {
  const general = new Map([...schema.general].filter(([key]) => ['id', 'name', 'order', 'selector'].includes(key)));
  const tree = { ...schema.tree, text: '', root: undefined, comments: [], anchors: [] };
  return { file, isBrief: true, schema: { ...schema, tree, general, variables: [], fields: [] } };
}

/** A schema that was selected, with what it imports and all that was not kept of it while others were asked. */
export async function wholeSchema(selected: SchemaFile): Promise<{ schema: SchemaFile } | { problem: Problem }> {
  return selected.isBrief ? loadSchema(selected.file) : { schema: await withImports(selected, schemaFinder()) };
}

async function loadFallback(config: Config): Promise<{ schema?: SchemaFile; problems: readonly Problem[] }> {
  const named = config.ingestion.fallback_schema_file_path;
  if (named === '') return { problems: [] };
  if (isBuiltInFallback(named)) return { schema: readSchemaOnce(named, builtInFallback), problems: [] };
  const loaded = await loadSchema(besideConfig(named, config));
  if ('schema' in loaded) return { schema: loaded.schema, problems: [] };
  const message = `The fallback schema cannot be used. ${loaded.problem.message}`;
  return { problems: [problem('schema-file', message, undefined, { file: path.resolve(named) })] };
}

/**
 * A path of the configuration: relative to the working directory, as the Python ingestor takes it, or, if what is
 * meant is not there, to the folder of the configuration file.
 */
function besideConfig(
  written: string,
  config: Pick<Config, 'config_file'>,
  isMeant: (file: string) => boolean = existsSync,
): string {
  const fromWorkingDirectory = path.resolve(written);
  if (config.config_file === '' || isMeant(fromWorkingDirectory)) return fromWorkingDirectory;
  const fromConfig = path.resolve(path.dirname(config.config_file), written);
  return isMeant(fromConfig) ? fromConfig : fromWorkingDirectory;
}

/** Another folder of that name is easily met: many projects have one called `schemas`. */
function holdsSchemas(folder: string): boolean {
  try {
    return readdirSync(folder).some(isSchemaFileName);
  } catch {
    return false;
  }
}
