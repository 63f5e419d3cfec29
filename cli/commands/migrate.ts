'load later';

import path from 'node:path';
import { loadConfig } from '../../core/config/config.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import { readSmallFile } from '../../core/files/smallFile.ts';
import { applyEdits } from '../../core/imsc/edits/applyFixes.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import type { Tree } from '../../core/imsc/tree/tree.ts';
import { migrateConfig } from '../../core/ingest/migration/migrateConfig.ts';
import { migrateSchema } from '../../core/ingest/migration/migrateSchema.ts';
import type { Migration } from '../../core/ingest/migration/migrateSchema.ts';
import { isBuiltInFallback } from '../../core/ingest/schemas/fallbackSchema.ts';
import { loadSchemas } from '../../core/ingest/schemas/loadSchemas.ts';
import { isSchemaFileName, readSchemaFile } from '../../core/ingest/schemas/schemaFiles.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem, TextEdit } from '../../core/problems/problem.ts';
import type { ApiVersion } from '../../core/scicat/datasetForVersion.ts';
import { findFiles } from '../check/findFiles.ts';
import { replaceText } from '../check/fixSchemas.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { changedLines } from '../migrate/changedLines.ts';
import type { Terminal } from '../terminal.ts';
import { wrongUsage } from './settings.ts';

interface Changed {
  readonly file: string;
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

/** `imsc migrate`: schemas and their configuration for the other version of SciCat's API; shown first, then written. */
export const migrateCommand: CommandAction = async ({ terminal, args, options }) => {
  const to: ApiVersion = options['to'] === 'v3' ? 'v3' : 'v4';
  const configFile = typeof options['config'] === 'string' ? path.resolve(options['config']) : undefined;
  if (args.length === 0 && configFile === undefined)
    return wrongUsage(terminal, [problem('usage', 'Name schemas, or folders of them, or a configuration with -c.')]);
  const found = args.length > 0 ? await findFiles(args, isSchemaFileName, 'schema files') : undefined;
  const problems: Problem[] = [...(found?.problems ?? [])];
  const changed: Changed[] = [];
  const take = (file: string, text: string, migrate: (tree: Tree, to: ApiVersion) => Migration): void => {
    const tree = parseByContent(text);
    const faults = tree.problems.filter(({ code, severity }) => code === 'syntax' && severity === 'error');
    const made = faults.length > 0 ? { edits: [], problems: faults } : migrate(tree, to);
    problems.push(...made.problems.map((each) => ({ ...each, file })));
    if (made.edits.length > 0) changed.push({ file, text, edits: made.edits });
  };
  const configured = found || configFile === undefined ? undefined : await schemasOf(configFile);
  problems.push(...(configured?.problems ?? []));
  for (const file of found?.files ?? configured?.files ?? []) {
    const read = await readSchemaFile(file);
    if ('problem' in read) problems.push(read.problem);
    else take(file, read.text, migrateSchema);
  }
  if (configFile !== undefined) {
    try {
      take(configFile, await readSmallFile(configFile), migrateConfig);
    } catch (error) {
      problems.push(problem('config-file', `${configFile} cannot be read: ${failureReason(error)}.`));
    }
  }
  const isRefused = problems.some(({ severity }) => severity === 'error');
  const isWritten = options['yes'] === true && !isRefused;
  let written = changed;
  for (const [index, { file, text, edits }] of isWritten ? changed.entries() : []) {
    const fault = await replaceText(file, text, applyEdits(text, edits));
    if (!fault) continue;
    // Those behind it stay, the configuration among them: the command is run again for them.
    problems.push(fault);
    written = changed.slice(0, index);
    break;
  }
  print(terminal, to, written, problems, isWritten);
  return problems.some(({ severity }) => severity === 'error') ? exitCodes.failed : exitCodes.done;
};

/** The schemas that a configuration names, and those for others to import; and why some cannot be had. */
async function schemasOf(
  configFile: string,
): Promise<{ readonly files: readonly string[]; readonly problems: readonly Problem[] }> {
  const { config } = loadConfig({
    file: configFile,
    text: await readSmallFile(configFile).catch(() => ''),
    withToken: false,
  });
  const { schemas, refused, fallback, problems } = await loadSchemas(config);
  const [first] = [...schemas, ...refused];
  const folder = first && path.dirname(first.file);
  const found = folder === undefined ? [] : (await findFiles([folder], isSchemaFileName, 'schema files')).files;
  const isOwn = fallback !== undefined && !isBuiltInFallback(fallback.file);
  return {
    files: [...new Set([...found, ...(isOwn ? [fallback.file] : [])])],
    // What is wrong with a schema is told when it is read.
    problems: problems.filter(({ severity, file }) => severity === 'error' && file === undefined),
  };
}

function print(
  terminal: Terminal,
  to: ApiVersion,
  changed: readonly Changed[],
  problems: readonly Problem[],
  isWritten: boolean,
): void {
  const { colors, places } = terminal;
  if (terminal.isJson) {
    terminal.printJson({
      to,
      written: isWritten,
      files: changed.map(({ file, text, edits }) => ({ file, changes: changedLines(text, edits) })),
      problems: problems.map((found) => terminal.problemRecord(found)),
    });
    return;
  }
  for (const { file, text, edits } of changed) {
    terminal.print(colors.bold(places.shortName(file)));
    for (const { line, before, after } of changedLines(text, edits)) {
      terminal.print(colors.dim(`  line ${line}`));
      for (const each of before) terminal.print(`    ${colors.red(`- ${each}`)}`);
      for (const each of after) terminal.print(`    ${colors.green(`+ ${each}`)}`);
    }
  }
  terminal.problems(problems);
  const count = changed.length === 1 ? '1 file' : `${changed.length} files`;
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  terminal.say(
    changed.length === 0
      ? `Nothing is to be changed for ${to}.`
      : isWritten
        ? `${count} changed for ${to}.`
        : hasErrors
          ? `${count} would be changed for ${to}. Nothing is written while there are errors.`
          : `${count} would be changed for ${to}. --yes changes ${changed.length === 1 ? 'it' : 'them'}.`,
  );
}
