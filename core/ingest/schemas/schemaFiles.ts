import path from 'node:path';
import type { Problem } from '../../problems/problem.ts';
import { budget, megabytes } from '../../limits/budget.ts';
import { failureReason } from '../../files/failureReason.ts';
import { fileState, namesIn, readText } from '../../files/host/host.ts';
import { notationOfFile } from '../../imsc/tree/parse.ts';
import { readSmallFile } from '../../files/smallFile.ts';

/** The text of a file of the schemas folder whose name says that it is a schema. */
export interface SchemaText {
  /** Absolute. */
  readonly path: string;
  /** Name within the folder. */
  readonly name: string;
  readonly text: string;
}

export interface SchemaFiles<T> {
  /** Sorted by name. Files that cannot be read are left out. */
  readonly files: readonly T[];
  readonly problems: readonly Problem[];
}

const schemaName = /imsc\.(?:json|yml|yaml)$/;
const almostSchemaName = /imsc\.(?:json|ya?ml)/i;

/** Whether a file of that name is read as a schema: it ends in imsc.json, imsc.yml or imsc.yaml and is not hidden. */
export function isSchemaFileName(name: string): boolean {
  return schemaName.test(name) && !name.startsWith('.');
}

/** Whether the name was probably meant for a schema, or the Python ingestor would read it: `x.imsc.yml.bak`. */
function isNearlySchemaFileName(name: string): boolean {
  return almostSchemaName.test(name) && !schemaName.test(name) && !name.startsWith('.');
}

/** Bytes; a file beyond is not looked into for what it holds. */
const mostBytesOfSchema = 1_000_000;

/** The problem that a file holds a schema although its name does not say so: no ingestor reads it. */
export async function misnamedSchema(file: string): Promise<Problem | undefined> {
  const name = path.basename(file);
  if (isSchemaFileName(name) || !/\.(?:json|ya?ml)$/i.test(name)) return undefined;
  const found = await fileState(file).catch(() => undefined);
  const text = found && found.size <= mostBytesOfSchema ? await readText(file).catch(() => '') : '';
  const hasKey = (key: string): boolean => new RegExp(`^\\s*["']?${key}["']?\\s*:`, 'm').test(text);
  // A JSON Schema speaks of the keys and has none of them.
  if (!['selector', 'variables', 'machine_name'].every(hasKey) || hasKey('\\$schema')) return undefined;
  const message = `${name} holds a schema that no ingestor reads: names of schema files end in .imsc.yml, .imsc.yaml or .imsc.json.`;
  return { code: 'schema-file-name', severity: 'warning', message, file };
}

/** The text of a schema file, in YAML without its byte order mark, which is told of in JSON; or the problem that keeps it from being read. */
export async function readSchemaFile(file: string): Promise<{ text: string } | { problem: Problem }> {
  const unreadable = (why: string): { problem: Problem } => {
    const message = `The schema file ${file} cannot be read: ${why}. It is left out.`;
    return { problem: { code: 'schema-file', severity: 'error', message, file: path.resolve(file) } };
  };
  try {
    return { text: await readSmallFile(file, { keepsMark: notationOfFile(file) === 'json' }) };
  } catch (error) {
    return unreadable(failureReason(error));
  }
}

/**
 * The schema files of a folder, not of its subfolders. The names are those the Python ingestor documents; what it
 * reads beyond that (any name with `imsc.yml` in it, such as backups) is reported and passed over.
 * @param keep what is kept of each file, so that not all texts are in memory at once
 */
export async function listSchemaFiles<T>(folder: string, keep: (file: SchemaText) => T): Promise<SchemaFiles<T>> {
  const directory = path.resolve(folder);
  const problems: Problem[] = [];
  let names: string[];
  try {
    names = (await namesIn(directory)).sort();
  } catch (error) {
    const message = `The schemas folder ${directory} cannot be read: ${failureReason(error)}.`;
    return { files: [], problems: [{ code: 'schemas-directory', severity: 'error', message }] };
  }
  const files: T[] = [];
  let bytes = 0;
  for (const name of names) {
    const file = path.join(directory, name);
    if (isNearlySchemaFileName(name)) {
      const message = `${name} is passed over: names of schema files end in .imsc.json, .imsc.yml or .imsc.yaml.`;
      problems.push({ code: 'schema-file-name', severity: 'warning', message, file });
    }
    if (!isSchemaFileName(name)) continue;
    const found = await fileState(file).catch(() => undefined);
    if (found?.isFolder) continue;
    if (found && found.size <= budget.textFile) bytes += found.size;
    if (bytes > budget.schemasFolder) {
      const message = `${directory} has more than ${megabytes(budget.schemasFolder)} of schemas: ${name} and those behind it are left out.`;
      problems.push({ code: 'schemas-directory', severity: 'error', message });
      break;
    }
    const read = await readSchemaFile(file);
    if ('problem' in read) problems.push(read.problem);
    else files.push(keep({ path: file, name, text: read.text }));
  }
  return { files, problems };
}
