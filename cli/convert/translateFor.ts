import path from 'node:path';
import type { DialectName } from '../../core/imsc/language/dialects.ts';
import { dialectComment } from '../../core/imsc/schema/dialectOf.ts';
import { inTheirFiles } from '../../core/imsc/schema/imports.ts';
import type { SchemaFile } from '../../core/imsc/schema/schema.ts';
import { translateSchema } from '../../core/imsc/translation/translate.ts';
import type { Notation } from '../../core/imsc/tree/tree.ts';
import { fieldName, isChanged } from '../../core/ingest/trial/diffRecord.ts';
import { diffSamples } from '../../core/ingest/trial/diffSamples.ts';
import { evaluateSamples } from '../../core/ingest/trial/evaluateSamples.ts';
import type { SampleDiff } from '../../core/ingest/trial/schemaDiff.ts';
import { preferQuickStart } from '../../core/nexus/quickStart.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import { datasetFields } from '../../core/scicat/datasetFields.ts';
import { shortened } from '../../core/text/shortened.ts';
import { sideOnDisk } from '../diff/schemaSides.ts';

interface Wish {
  /** Absolute paths of NeXus files. */
  readonly samples: readonly string[];
  /** For whom the schema is written, if it does not say so. */
  readonly dialect: DialectName | undefined;
  /** Whether what can be written is worth having where not all can. */
  readonly partly: boolean;
}

/** A schema for another ingestor; undefined where it cannot be written, with what stands in the way. */
export async function translateFor(
  whole: SchemaFile,
  to: DialectName,
  notation: Notation,
  { samples, dialect, partly }: Wish,
): Promise<{ readonly text: string | undefined; readonly problems: readonly Problem[] }> {
  if (samples.length > 0) preferQuickStart();
  const { evaluations, problems: unread } = await evaluateSamples(whole, samples, dialect);
  const isIdle = samples.length > 0 && evaluations.length === 0 && unread.length === 0;
  const idle = isIdle ? [problem('sample-not-taken', 'The selector of the schema takes none of the samples.')] : [];
  const made = translateSchema(whole.schema, to, notation, { dialect, datasetFields, samples: evaluations });
  const said = inTheirFiles(made.problems, whole);
  const differing = await differences(whole, made.text, samples, dialect);
  const problems = [...unread, ...idle, ...said, ...differing];
  const isWhole = !problems.some(({ severity }) => severity === 'error');
  return { text: isWhole || (partly && differing.length === 0) ? made.text : undefined, problems };
}

/** What comes out of the samples otherwise with the new text. */
async function differences(
  { file, schema }: SchemaFile,
  text: string,
  samples: readonly string[],
  dialect: DialectName | undefined,
): Promise<Problem[]> {
  const before = await sideOnDisk(file);
  if (samples.length === 0 || 'fault' in before) return [];
  const { tree } = schema;
  const mark = tree.notation === 'json' ? '//' : '#';
  const named = dialect === undefined || dialectComment(tree) ? '' : `${mark} imsc-dialect: ${dialect}\n`;
  const texts = before.texts.map(([name, old]) => [name, name === file ? named + old : old] as const);
  const found: Problem[] = [];
  const sides = { before: { ...before, texts }, after: { chosen: file, texts: [[file, text]] } } as const;
  for await (const diff of diffSamples(sides, samples)) if (isChanged(diff)) found.push(...told(diff));
  return found;
}

function told({ file, schemas, changes }: SampleDiff): Problem[] {
  const sample = path.basename(file);
  if (changes.length === 0) {
    const which = schemas.before === null ? 'is taken by it only after' : 'is no longer taken by it after';
    return [problem('translation-differs', `${sample} ${which} the translation.`)];
  }
  return changes.map((change) => {
    const [before, after] = [change.before, change.after].map((value) => brief(value ?? 'no value'));
    return problem(
      'translation-differs',
      `${fieldName(change)} of ${sample} would be ${after ?? ''}, and not ${before ?? ''}.`,
    );
  });
}

/** A value on a line. */
function brief(text: string): string {
  return shortened(text.replaceAll(/\s*\n\s*/g, ' '), 120);
}
