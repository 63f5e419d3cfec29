import type { Problem, TextEdit, TextRange } from '../../../core/imsc/problems.ts';
import type { Evaluation } from '../../../core/ingest/evaluation.ts';
import type { Snapshot } from '../../snapshot.ts';

export type OfferKind = 'quickfix' | 'refactor' | 'refactor.extract' | 'refactor.rewrite' | 'source.fixAll.imsc';

/** Something that can be done to a text with edits in it. */
export interface Offer {
  readonly title: string;
  readonly kind: OfferKind;
  readonly edits: readonly TextEdit[];
  /** The problem that goes away. */
  readonly problem?: Problem;
  readonly preferred?: boolean;
}

/** What offers are made from. */
export interface OfferContext {
  readonly snapshot: Snapshot;
  /** What is selected; empty for a cursor. */
  readonly range: TextRange;
  /** All problems that are shown. */
  readonly problems: readonly Problem[];
  readonly evaluation: Evaluation | undefined;
}

export function touches(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** The edits of several fixes, without those that would meddle with one before them. */
export function withoutConflicts(groups: readonly (readonly TextEdit[])[]): TextEdit[] {
  const kept: TextEdit[] = [];
  const seen = new Set<string>();
  for (const edits of groups) {
    const fresh = edits.filter((edit) => !seen.has(keyOf(edit)));
    if (fresh.some((edit) => kept.some((other) => meddles(edit, other)))) continue;
    kept.push(...fresh);
    for (const edit of fresh) seen.add(keyOf(edit));
  }
  return kept.sort((a, b) => a.range.start - b.range.start);
}

function keyOf({ range, newText }: TextEdit): string {
  return `${range.start} ${range.end} ${newText}`;
}

/** Two insertions at one place can go one after the other; everything else that overlaps cannot. */
function meddles(a: TextEdit, b: TextEdit): boolean {
  const isInsertion = (edit: TextEdit): boolean => edit.range.start === edit.range.end;
  if (isInsertion(a) && isInsertion(b)) return false;
  return a.range.start < b.range.end && b.range.start < a.range.end;
}
