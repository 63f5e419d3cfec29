import { compatibleEdits, withLineBreaksOf } from '../../imsc/edits/applyFixes.ts';
import { dialectComment } from '../../imsc/schema/dialectOf.ts';
import { bindSchema, scalarText } from '../../imsc/schema/schema.ts';
import type { FieldAssignment, Schema } from '../../imsc/schema/schema.ts';
import { otherName, renameField } from '../../imsc/translation/fieldNames.ts';
import { isRefused } from '../../imsc/translation/rewriting.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextEdit } from '../../problems/problem.ts';
import { datasetField, datasetFields } from '../../scicat/datasetFields.ts';
import type { ApiVersion } from '../../scicat/datasetForVersion.ts';
import type { Tree } from '../../imsc/tree/tree.ts';

/** How a text is written for the other version of the API, and what of it cannot be. */
export interface Migration {
  readonly edits: readonly TextEdit[];
  readonly problems: readonly Problem[];
}

/** The first line of a schema in YAML for the ingestor that speaks v4. */
const ofNext = '# imsc-dialect: next';

/**
 * The fields of a schema by the names, and in the shapes, of the other version of SciCat's API; all else stays as it
 * is, the layout of the text too. Empty for a schema that has them already.
 */
export function migrateSchema(tree: Tree, to: ApiVersion): Migration {
  const schema = bindSchema(tree, { isModule: true });
  const problems: Problem[] = [];
  const fields: (readonly TextEdit[])[] = [];
  for (const field of schema.fields) {
    const name = field.machineName ?? '';
    const other = field.fieldType === 'high_level' ? otherName(name, datasetFields) : undefined;
    if (other?.isList !== (to === 'v4')) continue;
    // The ingestor that speaks v4 has no other name for it.
    if (datasetField(other.name)?.sentBy === 'imsc' && to === 'v4') problems.push(kept(field, other.name));
    else {
      const answer = renameField(schema, field, other);
      if (isRefused(answer)) problems.push(refused(field, answer.why));
      else fields.push(answer.edits());
    }
  }
  problems.push(...askedFor(schema, to));
  const { edits } = compatibleEdits(fields);
  const all = edits.length === 0 ? edits : [...dialectEdits(tree, to), ...edits];
  return { edits: withLineBreaksOf(tree.text, all), problems };
}

function placeOf(field: FieldAssignment): TextEdit['range'] {
  return (field.keys.get('machine_name')?.value ?? field.entry.key).range;
}

function refused(field: FieldAssignment, why: string): Problem {
  const message = `“${field.machineName ?? ''}” cannot be written otherwise: ${why}`;
  return problem('not-translated', message, placeOf(field));
}

function kept(field: FieldAssignment, other: string): Problem {
  const name = field.machineName ?? '';
  const message = `“${name}” keeps its name: the next Python ingestor has no other, and v4 of SciCat’s API refuses it; this program sends it as “${other}”.`;
  return problem('not-translated', message, placeOf(field), { severity: 'information' });
}

/** What is asked of datasets in SciCat has other names there, too. */
function askedFor({ variables }: Schema, to: ApiVersion): Problem[] {
  return variables.flatMap(({ source, keys, name }): Problem[] => {
    const node = keys.get('field')?.value;
    const asked = scalarText(node);
    const isDataset = source === 'SC' && /^datasets\b/.test(scalarText(keys.get('url')?.value) ?? '');
    const other = isDataset && asked !== undefined ? otherName(asked, datasetFields) : undefined;
    if (!node || other?.isList !== (to === 'v4')) return [];
    const message = `<${name}> asks a dataset for “${asked ?? ''}”, which is “${other.name}” in ${to} of SciCat’s API, ${other.isList ? 'a list' : 'one value'}; change it, and what is made of it.`;
    return [problem('not-translated', message, node.range)];
  });
}

/** A comment that names the ingestor of one version names that of the other. */
function dialectEdits(tree: Tree, to: ApiVersion): TextEdit[] {
  const comment = dialectComment(tree);
  const [here, there] = to === 'v4' ? ['python-26', 'next'] : ['next', 'python-26'];
  const [first] = new RegExp(`^${ofNext}\\r?\\n`).exec(tree.text) ?? [];
  if (to === 'v3' && first !== undefined) return [{ range: { start: 0, end: first.length }, newText: '' }];
  if (comment) return comment.written === here ? [{ range: comment.range, newText: there }] : [];
  return to === 'v4' && tree.notation === 'yaml' ? [{ range: { start: 0, end: 0 }, newText: `${ofNext}\n` }] : [];
}
