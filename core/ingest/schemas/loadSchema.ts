import path from 'node:path';
import { withImports } from '../../imsc/schema/imports.ts';
import type { SchemaFile } from '../../imsc/schema/schema.ts';
import type { Problem } from '../../problems/problem.ts';
import { schemaFinder } from './findSchema.ts';
import { readSchemaOnce } from './parsedSchemas.ts';
import { readSchemaFile } from './schemaFiles.ts';

/** Reads one schema file that was named by hand, with what it imports. */
export async function loadSchema(file: string): Promise<{ schema: SchemaFile } | { problem: Problem }> {
  const read = await readSchemaFile(file);
  if ('problem' in read) return read;
  return { schema: await withImports(readSchemaOnce(path.resolve(file), read.text), schemaFinder()) };
}
