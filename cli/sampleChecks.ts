import { evaluate } from '../core/ingest/evaluate.ts';
import type { Evaluation } from '../core/ingest/evaluation.ts';
import { builtInValues } from '../core/ingest/ingestion.ts';
import { nexusReader } from '../core/ingest/nexusReader.ts';
import { problemsOfEvaluation, problemsOfSamples } from '../core/ingest/sampleProblems.ts';
import type { SampleProblems } from '../core/ingest/sampleProblems.ts';
import type { SchemaFile } from '../core/ingest/select.ts';
import { loadConfig } from '../core/ingest/config.ts';
import { problem } from '../core/imsc/problems.ts';
import type { Problem } from '../core/imsc/problems.ts';
import { NexusError } from '../core/nexus/model.ts';
import { openNexusInTime } from '../core/nexus/openInTime.ts';

/** The problems that a schema has with sample files; what would come from SciCat is unknown and no problem. */
export async function checkAgainstSamples(schema: SchemaFile, samples: readonly string[]): Promise<Problem[]> {
  const results: SampleProblems[] = [];
  const unreadable: Problem[] = [];
  for (const sample of samples) {
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
