import { loadConfig } from '../../config/config.ts';
import { evaluate } from '../../imsc/evaluation/evaluate.ts';
import type { Evaluation } from '../../imsc/evaluation/evaluation.ts';
import { builtInValues } from '../../imsc/language/builtIns.ts';
import type { DialectName } from '../../imsc/language/dialects.ts';
import { explainSelector } from '../../imsc/schema/selector.ts';
import type { SchemaFile } from '../../imsc/schema/schema.ts';
import { NexusError } from '../../nexus/model.ts';
import { openNexusInTime } from '../../nexus/worker/openInTime.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { factsOfTest } from '../sources/builtIns.ts';
import { nexusReader } from '../sources/nexusReader.ts';

/**
 * What a schema makes of each of the files that it is for; SciCat is not asked.
 * @param samples absolute paths
 */
export async function evaluateSamples(
  file: SchemaFile,
  samples: readonly string[],
  dialect: DialectName | undefined,
): Promise<{ readonly evaluations: readonly Evaluation[]; readonly problems: readonly Problem[] }> {
  const { config } = loadConfig({ withToken: false });
  const evaluations: Evaluation[] = [];
  const problems: Problem[] = [];
  for (const sample of samples) {
    const { selector } = file.schema;
    if (selector && !explainSelector(selector, sample).matches) continue;
    try {
      const nexus = await openNexusInTime(sample);
      try {
        const catalogue = { unavailable: 'SciCat is not asked.' };
        const builtIns = builtInValues(factsOfTest(sample, config, file));
        evaluations.push(await evaluate(file.schema, { data: nexusReader(nexus), catalogue, builtIns, dialect }));
      } finally {
        await nexus.close();
      }
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
      problems.push(problem('sample-unreadable', `${sample} cannot be read: ${error.message}`));
    }
  }
  return { evaluations, problems };
}
