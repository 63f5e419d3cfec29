import type { TextRange } from '../../core/problems/problem.ts';
import type { Anchor, Tree } from '../../core/imsc/tree/tree.ts';

/** A YAML anchor or one of its aliases, under the cursor. */
export interface AnchorPlace {
  readonly anchor: Anchor;
  /** The name that the cursor is in, without `&` or `*`. */
  readonly range: TextRange;
  readonly isAlias: boolean;
}

/** The anchor that stands at an offset, or whose alias does. */
export function anchorAt({ anchors }: Tree, offset: number): AnchorPlace | undefined {
  // The `&` or `*` in front belongs to it.
  const isHere = ({ start, end }: TextRange): boolean => start - 1 <= offset && offset <= end;
  for (const anchor of anchors) {
    if (isHere(anchor.range)) return { anchor, range: anchor.range, isAlias: false };
    const alias = anchor.aliases.find(isHere);
    if (alias) return { anchor, range: alias, isAlias: true };
  }
  return undefined;
}

/** Everywhere an anchor is named: where it stands, and its aliases. */
export function placesOf({ range, aliases }: Anchor): readonly TextRange[] {
  return [range, ...aliases];
}

/** Why an anchor cannot be called so; PyYAML takes no other letters. */
export function whyNoAnchorName({ anchors }: Tree, name: string): string | undefined {
  if (!/^[\w-]+$/.test(name)) return 'The name of an anchor is made of letters without accents, digits, “_” and “-”.';
  return anchors.some((anchor) => anchor.name === name) ? `There is an anchor “&${name}” already.` : undefined;
}
