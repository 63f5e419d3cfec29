import { fileURLToPath } from 'node:url';
import { parseTree } from '../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../core/imsc/schema/schema.ts';
import type { TextEdit } from '../../core/problems/problem.ts';
import type { Notation } from '../../core/imsc/tree/tree.ts';
import { evaluate } from '../../core/imsc/evaluation/evaluate.ts';
import type { Evaluation } from '../../core/imsc/evaluation/evaluation.ts';
import { nexusReader } from '../../core/ingest/sources/nexusReader.ts';
import { openNexus } from '../../core/nexus/file.ts';
import type { NexusFile } from '../../core/nexus/model.ts';
import { Snapshot } from '../../server/documents/snapshot.ts';
import { fileName, readMarkers } from './markers.ts';

/** The NeXus file of the samples that the tests look at schemas with. */
export const sampleFile = fileURLToPath(
  new URL('../../samples/data/coda/2025/443604/raw/443604_00001017.nxs', import.meta.url),
);

export function openSample(): Promise<NexusFile> {
  return openNexus(sampleFile);
}

/** A marked text as the server sees it. */
export function snapshotOf(marked: string, notation: Notation) {
  const { text, cursors, ranges } = readMarkers(marked);
  const snapshot = new Snapshot(`untitled:${fileName('test', notation)}`, 1, notation, text);
  return { snapshot, text, cursor: cursors[0] ?? 0, ranges };
}

/** What a schema gives for the sample. */
export function evaluateWith(text: string, notation: Notation, file: NexusFile): Promise<Evaluation> {
  return evaluate(bindSchema(parseTree(text, notation)), {
    data: nexusReader(file),
    catalogue: { unavailable: 'SciCat was not asked.' },
    builtIns: { data_file_path: file.path },
  });
}

/** Applies edits that lie in the text and do not overlap; throws for others. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.map((edit, index) => ({ edit, index }));
  ordered.sort(
    (a, b) => b.edit.range.start - a.edit.range.start || b.edit.range.end - a.edit.range.end || b.index - a.index,
  );
  let result = text;
  let before = text.length;
  for (const { edit } of ordered) {
    const { start, end } = edit.range;
    if (start < 0 || start > end || end > before)
      throw new Error(`the edit ${start}–${end} overlaps another or leaves the text`);
    result = result.slice(0, start) + edit.newText + result.slice(end);
    before = start;
  }
  return result;
}
