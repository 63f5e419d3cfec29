import type { Problem, TextEdit, TextRange } from '../../../core/problems/problem.ts';
import type { Outcomes } from '../../samples/outcomes.ts';
import type { Snapshot } from '../../documents/snapshot.ts';

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
  readonly evaluation: Outcomes | undefined;
}

export function touches(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}
