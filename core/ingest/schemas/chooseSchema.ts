import type { Config } from '../../config/configOptions.ts';
import { pathlibText } from '../../files/pathlibPath.ts';
import { inTheirFiles } from '../../imsc/schema/imports.ts';
import type { SchemaFile } from '../../imsc/schema/schema.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { loadSchema } from './loadSchema.ts';
import { loadSchemas, wholeSchema } from './loadSchemas.ts';
import { selectSchema } from './select.ts';
import type { Selection } from './select.ts';

export interface ChosenSchema {
  /** What the selectors said; absent where they were not asked. */
  readonly selection: Selection | undefined;
  /** Whole, with what it imports. `none` applies; undefined where the one that applies cannot be used. */
  readonly schema: SchemaFile | 'none' | undefined;
  readonly problems: readonly Problem[];
}

/**
 * The schema of an ingestion: the one that is named, or else the first whose selector takes the file.
 * @param subject the data file, or the folder where there is none, as it was given
 * @param mayBeNone without a data file a dataset can be made without a schema, and nothing is wrong then
 */
export async function chooseSchema(
  subject: string,
  mayBeNone: boolean,
  config: Config,
  schemaFile: string | undefined,
): Promise<ChosenSchema> {
  if (schemaFile !== undefined) {
    const loaded = await loadSchema(schemaFile);
    return 'problem' in loaded
      ? { selection: undefined, schema: undefined, problems: [loaded.problem] }
      : { selection: undefined, ...usable(loaded.schema) };
  }
  const set = await loadSchemas(config);
  const selection = selectSchema(set, pathlibText(subject));
  const { selected, asked } = selection;
  if (!selected) {
    const why = asked
      .map(({ schema, verdict }) => `${schema.schema.name ?? schema.file}: ${verdict.reason}`)
      .join('; ');
    const message = `No schema applies to ${subject}${why === '' ? '; the folder has none that can be used' : ` (${why})`}. Name one with --schema, or mend a selector.`;
    const told = mayBeNone ? [] : [problem('no-schema', message)];
    return { selection, schema: 'none', problems: [...set.problems, ...told] };
  }
  const whole = await wholeSchema(selected);
  const { schema, problems } =
    'schema' in whole ? usable(whole.schema) : { schema: undefined, problems: [whole.problem] };
  return { selection, schema, problems: [...set.problems, ...problems] };
}

/** A schema that is refused is told of: by itself, or because of what it imports. */
function usable(loaded: SchemaFile): Pick<ChosenSchema, 'schema' | 'problems'> {
  if (!loaded.schema.refused) return { schema: loaded, problems: [] };
  const found = inTheirFiles(loaded.schema.problems, loaded);
  return { schema: undefined, problems: found.map((each) => ({ ...each, file: each.file ?? loaded.file })) };
}
