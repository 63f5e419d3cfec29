'load later';

import { problem } from '../../core/problems/problem.ts';
import { loadSchemas } from '../../core/ingest/schemas/loadSchemas.ts';
import { absolutePath, pathlibText } from '../../core/files/pathlibPath.ts';
import { selectSchema } from '../../core/ingest/schemas/select.ts';
import type { SchemaSet } from '../../core/ingest/schemas/select.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { needsDataFile, readSettings, wrongUsage } from './settings.ts';

/** `imsc select`: which schema a data file gets, and what each one said. The file need not exist. */
export const selectCommand: CommandAction = async (invocation) => {
  const { terminal } = invocation;
  const { config, problems, isWrong } = readSettings(invocation);
  const missing = needsDataFile(config);
  if (isWrong || missing.length > 0) return wrongUsage(terminal, [...problems, ...missing]);
  const set = await loadSchemas(config);
  const { selected, usedFallback, asked } = selectSchema(set, pathlibText(config.nexus_file));
  const all = [
    ...problems,
    ...set.problems,
    ...(selected
      ? []
      : [problem('no-schema', `No schema applies to ${config.nexus_file}.${wholePathHint(set, config.nexus_file)}`)]),
  ];
  if (terminal.isJson) {
    const describe = ({ file, schema }: (typeof set.schemas)[number]): object => ({
      id: schema.id,
      name: schema.name,
      order: schema.order,
      file,
    });
    terminal.printJson({
      selected: selected ? describe(selected) : null,
      usedFallback,
      asked: asked.map(({ schema, verdict }) => ({
        ...describe(schema),
        matches: verdict.matches,
        reason: verdict.reason,
      })),
      notAsked: set.schemas.slice(asked.length).map(describe),
      problems: all.map((found) => terminal.problemRecord(found)),
    });
  } else {
    for (const { schema, verdict } of asked) {
      const mark = verdict.matches ? terminal.colors.green('yes') : terminal.colors.dim('no ');
      terminal.print(
        `${mark}  ${String(schema.schema.order ?? '').padStart(6)}  ${schema.schema.name ?? ''}: ${verdict.reason}`,
      );
    }
    for (const schema of set.schemas.slice(asked.length)) {
      terminal.print(
        terminal.colors.dim(
          `–    ${String(schema.schema.order ?? '').padStart(6)}  ${schema.schema.name ?? ''}: not asked`,
        ),
      );
    }
    if (selected) {
      terminal.print('');
      terminal.print(
        `${usedFallback ? 'Fallback' : 'Selected'}: ${selected.schema.name ?? ''} (${terminal.places.shortName(selected.file)})`,
      );
    }
    terminal.problems(all);
  }
  return selected ? exitCodes.done : exitCodes.failed;
};

/** Selectors compare the path as it is given, and are written for whole ones. */
function wholePathHint(set: SchemaSet, named: string): string {
  const whole = absolutePath(named);
  if (pathlibText(named) === whole) return '';
  const { selected } = selectSchema(set, whole);
  const gets = selected ? `: ${whole} gets “${selected.schema.name ?? ''}”` : '';
  return ` Give the whole path${gets}.`;
}
