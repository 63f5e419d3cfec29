import path from 'node:path';
import { evaluate } from '../core/imsc/evaluation/evaluate.ts';
import type { Evaluation } from '../core/imsc/evaluation/evaluation.ts';
import { builtInValues } from '../core/ingest/prepare.ts';
import { nexusReader } from '../core/ingest/sources/nexusReader.ts';
import { problemsOfEvaluation, problemsOfSamples } from '../core/ingest/trial/sampleProblems.ts';
import type { SampleProblems } from '../core/ingest/trial/sampleProblems.ts';
import { selectSchema } from '../core/ingest/schemas/select.ts';
import type { SchemaFile, SchemaSet } from '../core/ingest/schemas/select.ts';
import { loadConfig } from '../core/config/config.ts';
import { problem } from '../core/problems/problem.ts';
import type { Problem } from '../core/problems/problem.ts';
import { NexusError } from '../core/nexus/model.ts';
import { openNexusInTime } from '../core/nexus/worker/openInTime.ts';

/**
 * The problems that a schema has with the sample files that it would be given; what would come from SciCat is unknown
 * and no problem. A sample that no schema of the set would be given is told.
 * @param set the schema with its neighbours
 */
export async function checkAgainstSamples(
  schema: SchemaFile,
  samples: readonly string[],
  set: SchemaSet,
): Promise<Problem[]> {
  const results: SampleProblems[] = [];
  const unreadable: Problem[] = [];
  for (const sample of samples) {
    const { selected, asked } = selectSchema(set, path.resolve(sample));
    if (selected === undefined) {
      const why = asked.find((each) => each.schema.file === schema.file)?.verdict.reason;
      if (why !== undefined) unreadable.push(notTaken(schema, sample, why));
      continue;
    }
    if (selected.file !== schema.file) continue;
    try {
      const file = await openNexusInTime(sample);
      try {
        const { config } = loadConfig({ overrides: { nexus_file: sample } });
        const evaluation = await evaluate(schema.schema, {
          data: nexusReader(file),
          catalogue: { unavailable: 'SciCat is not asked by a check.' },
          builtIns: builtInValues(config, schema),
        });
        unreadable.push(...unreadableIn(evaluation));
        results.push({ file: sample, problems: await problemsOfEvaluation(evaluation, file) });
      } finally {
        await file.close();
      }
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
      unreadable.push(problem('data-file', error.message));
    }
  }
  return [...unreadable, ...problemsOfSamples(results)];
}

/** What a file does that could be opened and then not be read, such as one on which the reader never ends; said once. */
function unreadableIn({ variables }: Evaluation): Problem[] {
  for (const { outcome } of variables.values()) {
    if (outcome.state === 'failed' && outcome.code === 'file-unreadable')
      return [problem('data-file', outcome.message)];
  }
  return [];
}

function notTaken({ schema }: SchemaFile, sample: string, why: string): Problem {
  const message = `${path.basename(sample)} is not looked into: no schema of the folder takes it, and this selector does not because ${why}. Name another sample, or mend the selector.`;
  return problem('sample-not-taken', message, schema.general.get('selector')?.value?.range);
}
