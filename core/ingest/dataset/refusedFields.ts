import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { FieldAssignment, Schema } from '../../imsc/schema/schema.ts';
import { inTheirFiles } from '../../imsc/schema/imports.ts';
import type { FieldError } from '../../scicat/errors.ts';
import { metadataPrefix, nameInSchemas, problemAt } from './given.ts';
import type { FieldOrigin } from './given.ts';
import { loadSchema } from '../schemas/loadSchema.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * What SciCat refused of a dataset, each led back to the line of the schema that makes the field, or to who has given
 * it.
 */
export async function refusedFields(
  refused: readonly FieldError[],
  { schema: { file }, given = {} }: Pick<Plan, 'schema' | 'given'>,
): Promise<readonly Problem[]> {
  const about = refused.filter(({ path }) => path !== '' && !path.startsWith('dataFileList'));
  if (about.length === 0) return [];
  const loaded = file === '' ? undefined : await loadSchema(file);
  const schema = loaded && 'schema' in loaded ? loaded.schema.schema : undefined;
  return about.map(({ path, message }) => {
    const said = `SciCat refuses ${path}: ${message.replace(`${path}: `, '')}`;
    const origin = originOf(given, path);
    if (origin) return problemAt(origin, 'field-refused', said);
    const field = schema && assignmentOf(schema, path);
    if (!field) return problem('field-refused', `${said} (No line of the schema makes it.)`);
    const range = field.keys.get('value')?.value?.range ?? field.entry.key.range;
    const found = [problem('field-refused', said, range)];
    return (
      inTheirFiles(found, { file, schema }).map((each) => ({ ...each, file: each.file ?? file }))[0] ??
      problem('field-refused', said)
    );
  });
}

/** The name by which a schema gives what is sent under another in some versions of the API. */
export function assignmentName(field: string): string {
  return field === 'investigator' ? 'principalInvestigator' : nameInSchemas(field);
}

/** Who has given what a path in a dataset stands for; undefined where it comes from the schema or from nowhere. */
export function originOf(provenance: Readonly<Record<string, FieldOrigin>>, path: string): FieldOrigin | undefined {
  // Names of given items hold no dots.
  const [top = '', item] = path.split('.');
  const name = top === 'scientificMetadata' ? `${metadataPrefix}${item ?? ''}` : assignmentName(top);
  const origin = Object.hasOwn(provenance, name) ? provenance[name] : undefined;
  return origin && origin.layer !== 'schema' && origin.layer !== 'configuration' && origin.layer !== 'ingestor'
    ? origin
    : undefined;
}

/** The assignment that a path in a dataset comes from, as `contactEmail` or `scientificMetadata.run number.value`. */
export function assignmentOf({ fields }: Schema, path: string): FieldAssignment | undefined {
  const [top = ''] = path.split('.');
  if (top === 'scientificMetadata') {
    const rest = `${path.slice(top.length + 1)}.`;
    // A name may hold dots, and one name may begin another; of two equal ones the last counts.
    return fields
      .filter(({ fieldType, machineName }) => fieldType !== 'high_level' && rest.startsWith(`${machineName ?? ''}.`))
      .reduce<FieldAssignment | undefined>((longest, field) => {
        return (field.machineName?.length ?? 0) >= (longest?.machineName?.length ?? 0) ? field : longest;
      }, undefined);
  }
  const name = assignmentName(top);
  // The last one counts.
  return fields.findLast(({ fieldType, machineName }) => {
    return fieldType !== 'scientific_metadata' && (machineName === name || machineName === top);
  });
}
