'load later';

import path from 'node:path';
import { convertNotation, writeTree } from '../../core/imsc/edits/convert.ts';
import { inTheirFiles, mergedTree, withImports } from '../../core/imsc/schema/imports.ts';
import { schemaFinder } from '../../core/ingest/schemas/findSchema.ts';
import { readSchema } from '../../core/ingest/schemas/select.ts';
import { readSmallFileSync } from '../../core/files/smallFile.ts';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { failureReason } from '../../core/files/failureReason.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';

/** `imsc convert`: a schema in the other notation. A file with syntax errors is not converted. */
export const convertCommand: CommandAction = async ({ terminal, args, options }) => {
  const file = path.resolve(args[0] ?? '');
  const to = options['to'] === 'json' ? 'json' : 'yaml';
  const finish = (text: string | undefined, problems: readonly Problem[]): number => {
    const located = problems.map((found) => ({ file, ...found }));
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
    return text === undefined ? exitCodes.failed : exitCodes.done;
  };
  let text: string;
  try {
    text = readSmallFileSync(file);
  } catch (error) {
    return finish(undefined, [problem('schema-file', `${args[0] ?? ''} cannot be read: ${failureReason(error)}.`)]);
  }
  if (options['merged'] === true) {
    const whole = await withImports(readSchema(file, text), schemaFinder());
    const errors = inTheirFiles(whole.schema.problems, whole).filter(({ severity }) => severity === 'error');
    return finish(errors.length > 0 ? undefined : writeTree(mergedTree(whole.schema), to), errors);
  }
  const tree = parseByContent(text);
  const errors = tree.problems.filter(({ severity }) => severity === 'error');
  return finish(errors.length > 0 ? undefined : convertNotation(tree, to), errors);
};
