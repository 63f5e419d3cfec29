import type { Config } from '../../config/configOptions.ts';
import { pathlibText } from '../../files/pathlibPath.ts';
import type { RunFacts } from '../../imsc/language/builtIns.ts';
import type { SchemaFile } from '../../imsc/schema/schema.ts';

/** What the built-in variables of one run are made of. @param file the data file, if there is one */
export function factsOfRun(file: string | undefined, config: Config, { schema }: Pick<SchemaFile, 'schema'>): RunFacts {
  return {
    runId: crypto.randomUUID(),
    dataFile: file === undefined ? undefined : pathlibText(file),
    now: nowText(new Date()),
    filesDirectory: config.ingestion.file_handling.ingestor_files_directory,
    schemaId: schema.id ?? '',
  };
}

/** What they are made of in tests of schemas: the same each time, on every machine. */
export function factsOfTest(dataFile: string, config: Config, schema: Pick<SchemaFile, 'schema'>): RunFacts {
  return {
    ...factsOfRun(dataFile, config, schema),
    runId: '00000000-0000-0000-0000-000000000000',
    now: '2000-01-01T00:00:00+00:00',
    dataFile,
  };
}

/** UTC with six digits of a second, as Python prints it; left out where they are zero. */
function nowText(now: Date): string {
  const micros = `${String(now.getUTCMilliseconds()).padStart(3, '0')}000`;
  return `${now.toISOString().slice(0, 19)}${micros === '000000' ? '' : `.${micros}`}+00:00`;
}
