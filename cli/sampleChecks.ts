import { evaluate } from '../core/ingest/evaluate.ts';
import { builtInValues } from '../core/ingest/ingestion.ts';
import { nexusReader } from '../core/ingest/nexusReader.ts';
import { problemsOfEvaluation, problemsOfSamples } from '../core/ingest/sampleProblems.ts';
import type { SampleProblems } from '../core/ingest/sampleProblems.ts';
import type { SchemaFile } from '../core/ingest/select.ts';
import { loadConfig } from '../core/ingest/config.ts';
import { problem } from '../core/imsc/problems.ts';
import type { Problem } from '../core/imsc/problems.ts';
import { openNexus } from '../core/nexus/file.ts';
import { NexusError } from '../core/nexus/model.ts';

/** The problems that a schema has with sample files; what would come from SciCat is unknown and no problem. */
export async function checkAgainstSamples(schema: SchemaFile, samples: readonly string[]): Promise<Problem[]> {
  const results: SampleProblems[] = [];
  const unreadable: Problem[] = [];
  for (const sample of samples) {
    try {
      const file = await openNexus(sample);
      try {
        const { config } = loadConfig({ overrides: { nexus_file: sample } });
        const evaluation = await evaluate(schema.schema, {
          data: nexusReader(file),
          catalogue: { unavailable: 'SciCat is not asked by a check.' },
          builtIns: builtInValues(config, schema),
        });
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
