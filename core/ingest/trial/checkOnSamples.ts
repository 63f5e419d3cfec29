'load later';

import type { SchemaFile } from '../../imsc/schema/schema.ts';
import path from 'node:path';
import { loadConfig } from '../../config/config.ts';
import { NexusError } from '../../nexus/model.ts';
import { openNexusInTime } from '../../nexus/worker/openInTime.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { DialectName } from '../../imsc/language/dialects.ts';
import { builtInValues } from '../../imsc/language/builtIns.ts';
import { factsOfRun } from '../sources/builtIns.ts';
import { selectSchema } from '../schemas/select.ts';
import type { SchemaSet } from '../schemas/select.ts';
import { problemsOfSamples } from './sampleProblems.ts';
import type { SampleProblems } from './sampleProblems.ts';
import { trySchema } from './trial.ts';

/**
 * The problems that a schema has with the sample files that it would be given; what would come from SciCat is unknown
 * and no problem. A sample that no schema of the set would be given is told.
 * @param set the schema with its neighbours
 * @param ofText what is wrong with the schema by itself
 * @param dialect of schemas that name none
 */
export async function checkOnSamples(
  schema: SchemaFile,
  samples: readonly string[],
  set: SchemaSet,
  ofText: readonly Problem[],
  dialect?: DialectName,
): Promise<Problem[]> {
  const results: SampleProblems[] = [];
  const untried: Problem[] = [];
  for (const file of samples.map((sample) => path.resolve(sample))) {
    const { selected, asked } = selectSchema(set, file);
    if (selected === undefined) {
      const why = asked.find((each) => each.schema.file === schema.file)?.verdict.reason;
      if (why !== undefined) untried.push(notTaken(schema, file, why));
      continue;
    }
    if (selected.file !== schema.file) continue;
    try {
      results.push({ file, problems: await problemsOn(schema, file, ofText, dialect) });
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
      untried.push(problem('data-file', error.message));
    }
  }
  return [...untried, ...problemsOfSamples(results)];
}

async function problemsOn(
  schema: SchemaFile,
  file: string,
  ofText: readonly Problem[],
  dialect: DialectName | undefined,
): Promise<readonly Problem[]> {
  const sample = await openNexusInTime(file);
  try {
    const { config } = loadConfig({ withToken: false });
    const builtIns = builtInValues(factsOfRun(file, config, schema));
    const catalogue = { unavailable: 'SciCat is not asked by a check.' };
    return (await trySchema(schema.schema, sample, { catalogue, builtIns, ofText, dialect })).problems;
  } finally {
    await sample.close();
  }
}

function notTaken({ schema }: SchemaFile, sample: string, why: string): Problem {
  const message = `${path.basename(sample)} is not looked into: no schema of the folder takes it, and this selector does not because ${why}. Name another sample, or mend the selector.`;
  return problem('sample-not-taken', message, schema.general.get('selector')?.value?.range);
}
