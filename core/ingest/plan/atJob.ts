import { inTheirFiles } from '../../imsc/schema/imports.ts';
import { jobsIn } from '../../imsc/schema/jobRecipes.ts';
import type { Problem } from '../../problems/problem.ts';
import { loadSchema } from '../schemas/loadSchema.ts';
import type { Plan } from './plan.ts';

/**
 * What SciCat says of one of the jobs that a plan asks it for, at the line of the schema that wants that job.
 * @param name its key in the schema; a job that no schema wants has no line
 */
export async function atJob(found: Problem, name: string, { file }: Plan['schema']): Promise<Problem> {
  const loaded = file === '' ? undefined : await loadSchema(file);
  const schema = loaded && 'schema' in loaded ? loaded.schema.schema : undefined;
  const job = schema && jobsIn(schema.general).find(({ label }) => label === name);
  if (!job) return found;
  const [placed = found] = inTheirFiles([{ ...found, range: job.entry.key.range }], { file, schema });
  return { ...placed, file: placed.file ?? file };
}
