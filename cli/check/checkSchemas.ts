import type { SchemaFile } from '../../core/imsc/schema/schema.ts';
import { inTheirFiles, withImports } from '../../core/imsc/schema/imports.ts';
import { schemaFinder } from '../../core/ingest/schemas/findSchema.ts';
import path from 'node:path';
import { checkSchemaFolder, folderMember } from '../../core/imsc/checks/checkFolder.ts';
import { evaluateStatically } from '../../core/imsc/evaluation/staticEvaluation.ts';
import { dialectOf } from '../../core/imsc/schema/dialectOf.ts';
import { checkRules, checkRulesAmong } from '../../core/ingest/rules/checkRules.ts';
import type { RulesOfSchemas } from './rulesOfSchemas.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { applySeverities } from '../../core/imsc/checks/suppress.ts';
import type { SeveritySetting } from '../../core/imsc/checks/suppress.ts';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import type { ProblemCode } from '../../core/problems/problemCodes.ts';
import { arrangeSchemas, readSchema } from '../../core/ingest/schemas/select.ts';
import { schemaProblems, withoutSilenced } from '../../core/ingest/schemas/schemaProblems.ts';

export interface CheckSettings {
  /** NeXus files to try the schemas on. */
  readonly samples: readonly string[];
  readonly severities: Readonly<Partial<Record<ProblemCode, SeveritySetting>>>;
  /** The dialect of schemas that name none. */
  readonly dialect?: DialectName | undefined;
  /** Finds the rules of the facility; absent: none. */
  readonly rules?: RulesOfSchemas;
}

/** What is wrong with one schema file; the problems are in the order of the text and name the file. */
export interface CheckedSchema {
  readonly file: string;
  readonly schema: SchemaFile['schema'];
  readonly problems: readonly Problem[];
}

/**
 * Checks schemas by themselves, with their neighbours in the same folder, and with sample files.
 * @param texts by absolute path
 */
export async function checkSchemas(
  texts: ReadonlyMap<string, string>,
  { samples, severities, dialect, rules }: CheckSettings,
): Promise<CheckedSchema[]> {
  const find = schemaFinder(texts);
  const schemas = [...texts].map(([file, text]) => readSchema(file, text));
  const ofSamples =
    samples.length > 0 ? (await import('../../core/ingest/trial/checkOnSamples.ts')).checkOnSamples : undefined;
  const checked: CheckedSchema[] = [];
  for (const folder of byFolder(schemas)) {
    const ofFolder = folder.length > 1 ? checkSchemaFolder(folder) : new Map<string, Problem[]>();
    const set = arrangeSchemas(folder);
    const ruled = await rules?.of(path.dirname(folder[0]?.file ?? ''));
    const amongRuled = ruled ? checkRulesAmong(ruled, folder.map(folderMember)) : new Map<string, Problem[]>();
    for (const alone of folder) {
      const { file, schema } = await withImports(alone, find);
      const evaluation = evaluateStatically(schema, dialectOf(schema.tree, dialect));
      const own = schemaProblems(schema, { file, dialect, evaluation });
      const ofRules = ruled ? [...checkRules(ruled, schema, evaluation), ...(amongRuled.get(file) ?? [])] : [];
      const measured = ofSamples ? await ofSamples({ file, schema }, samples, set, own, dialect) : [];
      const all = [...own, ...(ofFolder.get(file) ?? []), ...ofRules, ...measured];
      const shown = applySeverities(withoutSilenced(schema.tree, all, dialect), severities);
      const placed = inTheirFiles(shown, { file, schema });
      checked.push({ file, schema, problems: placed.map((found) => ({ ...found, file: found.file ?? file })) });
    }
  }
  return checked;
}

/** Schemas of one folder stand in each other's way; those of different folders do not. */
function byFolder(schemas: readonly SchemaFile[]): SchemaFile[][] {
  const folders = new Map<string, SchemaFile[]>();
  for (const schema of schemas) {
    const folder = path.dirname(schema.file);
    folders.set(folder, [...(folders.get(folder) ?? []), schema]);
  }
  return [...folders.values()];
}
