'load later';

import path from 'node:path';
import { convertNotation, writeTree } from '../../core/imsc/edits/convert.ts';
import { dialectNamed } from '../../core/imsc/language/dialects.ts';
import { inTheirFiles, withImports } from '../../core/imsc/schema/imports.ts';
import { mergedTree } from '../../core/imsc/schema/mergedTree.ts';
import { schemaFinder } from '../../core/ingest/schemas/findSchema.ts';
import { readSchema } from '../../core/ingest/schemas/select.ts';
import { readSmallFileSync } from '../../core/files/smallFile.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import type { Notation } from '../../core/imsc/tree/tree.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import type { CommandAction } from '../command.ts';
import { translateFor } from '../convert/translateFor.ts';
import { exitCodes } from '../exitCodes.ts';
import { namedFiles } from '../namedFiles.ts';
import { wrongUsage } from './settings.ts';

/** `imsc convert`: a schema in the other notation, or for another ingestor. A file with syntax errors is not converted. */
export const convertCommand: CommandAction = async ({ terminal, args, options }) => {
  const file = path.resolve(args[0] ?? '');
  const given = options['to'] === 'json' || options['to'] === 'yaml' ? options['to'] : undefined;
  const target = typeof options['for'] === 'string' ? dialectNamed(options['for']) : undefined;
  if (given === undefined && target === undefined)
    return wrongUsage(terminal, [problem('usage', 'Say what to write: --to yaml, --to json, or --for an ingestor.')]);
  let to: Notation = given ?? 'yaml';
  const finish = (text: string | undefined, problems: readonly Problem[]): number => {
    const located = problems.map((found) => ({ ...found, file: found.file ?? file }));
    if (terminal.isJson) {
      terminal.printJson({
        notation: to,
        text: text ?? null,
        problems: located.map((found) => terminal.problemRecord(found)),
      });
    } else {
      if (text !== undefined) terminal.printDocument(text);
      terminal.problems(located);
    }
    const isFailure = text === undefined || problems.some(({ severity }) => severity === 'error');
    return isFailure ? exitCodes.failed : exitCodes.done;
  };
  let text: string;
  try {
    text = readSmallFileSync(file);
  } catch (error) {
    return finish(undefined, [problem('schema-file', `${args[0] ?? ''} cannot be read: ${failureReason(error)}.`)]);
  }
  if (target !== undefined || options['merged'] === true) {
    const whole = await withImports(readSchema(file, text), schemaFinder());
    to = given ?? whole.schema.tree.notation;
    const errors = inTheirFiles(whole.schema.problems, whole).filter(({ severity }) => severity === 'error');
    if (errors.length > 0) return finish(undefined, errors);
    if (target === undefined) return finish(writeTree(mergedTree(whole.schema), to), []);
    const samples = await namedFiles(options['samples']);
    if (options['samples'] !== undefined && samples.length === 0)
      return wrongUsage(terminal, [problem('usage', 'No file matches --samples.')]);
    const dialect = typeof options['dialect'] === 'string' ? dialectNamed(options['dialect']) : undefined;
    const made = await translateFor(whole, target, to, { samples, dialect, partly: options['partly'] === true });
    return finish(made.text, made.problems);
  }
  const tree = parseByContent(text);
  const errors = tree.problems.filter(({ severity }) => severity === 'error');
  return finish(errors.length > 0 ? undefined : convertNotation(tree, to), errors);
};
