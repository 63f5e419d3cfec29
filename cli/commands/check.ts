import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkSchema, inTextOrder, judgedCodes } from '../../core/imsc/check.ts';
import { checkSchemaFolder } from '../../core/imsc/checkFolder.ts';
import { problem } from '../../core/imsc/problems.ts';
import type { Problem } from '../../core/imsc/problems.ts';
import { applySuppressions } from '../../core/imsc/suppress.ts';
import { failureReason } from '../../core/ingest/failureReason.ts';
import { checkDatasetField } from '../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../core/scicat/datasetFields.ts';
import { isSchemaFileName, readSchemaFile } from '../../core/ingest/schemaFiles.ts';
import { readSchema } from '../../core/ingest/select.ts';
import type { SchemaFile } from '../../core/ingest/select.ts';
import type { CommandAction } from '../commands.ts';
import { exitCodes } from '../exitCodes.ts';

/** `imsc check`: the problems of schema files and folders; fails if any is an error. */
export const checkCommand: CommandAction = async ({ terminal, args, options }) => {
  const problems: Problem[] = [];
  const files = new Set<string>();
  for (const given of args) {
    const found = await schemaFilesIn(given);
    problems.push(...found.problems);
    for (const file of found.files) files.add(file);
  }
  const schemas: SchemaFile[] = [];
  for (const file of files) {
    const read = await readSchemaFile(file);
    if ('problem' in read) problems.push(read.problem);
    else schemas.push(readSchema(file, read.text));
  }
  const samples = Array.isArray(options['sample']) ? options['sample'].filter((item) => typeof item === 'string') : [];
  const ofSamples = samples.length > 0 ? (await import('../sampleChecks.ts')).checkAgainstSamples : undefined;
  for (const folder of byFolder(schemas)) {
    const ofFolder = folder.length > 1 ? checkSchemaFolder(folder) : new Map<string, Problem[]>();
    for (const { file, schema } of folder) {
      const own = [...schema.problems, ...checkSchema(schema, { file, datasetFields, refusalOf: checkDatasetField })];
      const measured = ofSamples ? await ofSamples({ file, schema }, samples) : [];
      const all = inTextOrder([...own, ...(ofFolder.get(file) ?? []), ...measured]);
      problems.push(
        ...applySuppressions(schema.tree, all, judgedCodes).map((found) => ({ ...found, file: found.file ?? file })),
      );
    }
  }
  const count = (severity: Problem['severity']): number =>
    problems.filter((found) => found.severity === severity).length;
  if (terminal.isJson) {
    terminal.printJson({
      files: [...files],
      problems: problems.map((found) => terminal.problemRecord(found)),
    });
  } else {
    for (const found of problems) {
      if (!terminal.isQuiet || found.severity === 'error') terminal.print(terminal.problemText(found));
    }
    const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
    const counts = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
    terminal.say(`${plural(files.size, 'schema')} checked: ${counts}.`);
  }
  return count('error') > 0 ? exitCodes.failed : exitCodes.done;
};

/** A file itself, whatever its name; or the schema files of a folder and those below it. */
async function schemaFilesIn(
  given: string,
): Promise<{ readonly files: readonly string[]; readonly problems: readonly Problem[] }> {
  const absolute = path.resolve(given);
  try {
    if (!(await stat(absolute)).isDirectory()) return { files: [absolute], problems: [] };
    const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && isSchemaFileName(entry.name) && !entry.parentPath.includes('node_modules'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    const none = problem('schema-file', `${given} holds no schema files (*.imsc.json, *.imsc.yml, *.imsc.yaml).`);
    return { files, problems: files.length === 0 ? [none] : [] };
  } catch (error) {
    return { files: [], problems: [problem('schema-file', `${given} cannot be read: ${failureReason(error)}.`)] };
  }
}

/** Schemas of one folder stand in each other's way; those of different folders do not. */
function byFolder(schemas: readonly SchemaFile[]): SchemaFile[][] {
  const folders = new Map<string, SchemaFile[]>();
  for (const schema of schemas) {
    const folder = path.dirname(schema.file);
    folders.set(folder, [...(folders.get(folder) ?? []), schema]);
  }
  return [...folders.values()];
}
