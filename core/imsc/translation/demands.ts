import { problem } from '../../problems/problem.ts';
import type { Problem, TextEdit } from '../../problems/problem.ts';
import type { DialectName } from '../language/dialects.ts';
import type { Schema } from '../schema/schema.ts';
import { keyText } from '../tree/tree.ts';
import { addKey, lineEnd } from './blockYaml.ts';

/*
 * What the Python ingestors demand of every schema, and this program does not.
 */

/** What cannot be mended. */
export function demandProblems({ general, sampleAttachment }: Schema, to: DialectName): Problem[] {
  const attachment = general.get('sample_attachment');
  if (to !== 'python-26' || !attachment || sampleAttachment === undefined) return [];
  const message = 'Every ingestion with a “sample_attachment” fails in today’s Python ingestor.';
  return [problem('not-translated', message, attachment.key.range)];
}

/** The keys that must be there, and the one spelling that is known, in block YAML. */
export function demandEdits({ tree, general, variables }: Schema): TextEdit[] {
  const edits: TextEdit[] = [];
  const section = general.get('schema');
  if (section && keyText(section) !== 'schema') edits.push({ range: section.key.range, newText: 'schema' });
  const name = general.get('name');
  if (name && !general.has('instrument')) {
    const at = lineEnd(tree.text, name.range.end);
    edits.push({ range: { start: at, end: at }, newText: "\ninstrument: ''" });
  }
  for (const { source, keys, entry } of variables) {
    if (source === 'SC' && !keys.has('field') && entry.value?.kind === 'map')
      edits.push(...addKey(tree, entry.value, "field: ''"));
  }
  return edits;
}
