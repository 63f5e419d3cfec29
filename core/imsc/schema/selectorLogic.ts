import { lookup } from '../language/registry.ts';
import { selectorSources } from '../language/selectorFunctions.ts';
import { countedParts } from './selector.ts';
import type { Selector } from './selector.ts';

/*
 * What can be said of selectors without a file. Each answer is certain where it is given; a selector that cannot be
 * judged is neither always nor never true, implies nothing and excludes nothing.
 */

type Condition = Extract<Selector, { kind: 'condition' }>;

/** Whether it compares the path as a whole. */
function isWhole({ source }: Condition): boolean {
  return lookup(selectorSources, source)?.isWhole !== false;
}

/** Why a selector is true for every file; undefined if it is not, or not certainly. */
export function everyFileReason(selector: Selector): string | undefined {
  switch (selector.kind) {
    case 'always':
      return '“*” takes every file';
    case 'condition':
      return selector.operand === '' && isWhole(selector) ? 'An empty operand matches every file' : undefined;
    case 'invalid':
      return undefined;
    case 'and':
      if (selector.parts.length === 0) return 'An empty “and” matches every file';
      return countedParts(selector).every(matchesAll) ? 'Each part of this matches every file' : undefined;
    case 'or':
      return selector.parts.some(matchesAll) ? 'A part of this matches every file' : undefined;
  }
}

function matchesAll(selector: Selector): boolean {
  return everyFileReason(selector) !== undefined;
}

/** Why a selector is false for every file; undefined if it is not, or not certainly. */
export function neverReason(selector: Selector): string | undefined {
  switch (selector.kind) {
    case 'always':
    case 'condition':
      return undefined;
    case 'invalid':
      return 'This cannot be understood';
    case 'or':
      if (selector.parts.length === 0) return 'An empty “or” matches no file';
      return selector.parts.every((part) => neverReason(part) !== undefined) ? 'No part of this can match' : undefined;
    case 'and': {
      const parts = countedParts(selector);
      const impossible = parts.find((part) => neverReason(part) !== undefined);
      if (impossible) return 'A part of this can never match';
      const prefixes = parts.flatMap((part) =>
        part.kind === 'condition' && part.function === 'starts_with' && isWhole(part) ? [part.operand] : [],
      );
      // Prefixes of one path are prefixes of each other; the longest must begin with all the others.
      const longest = prefixes.reduce((a, b) => (b.length > a.length ? b : a), '');
      const other = prefixes.find((prefix) => !longest.startsWith(prefix));
      return other === undefined ? undefined : `No path begins with both “${other}” and “${longest}”`;
    }
  }
}

/** True where every file that `a` takes is also taken by `b`. False where that is not certain. */
export function implies(a: Selector, b: Selector): boolean {
  if (neverReason(b) !== undefined) return false;
  if (matchesAll(b)) return true;
  if (a.kind === 'or') return a.parts.length > 0 && a.parts.every((part) => implies(part, b));
  if (b.kind === 'and') return countedParts(b).every((part) => implies(a, part));
  if (b.kind === 'or') return b.parts.some((part) => implies(a, part)) || (a.kind === 'and' && somePart(a.parts, b));
  if (a.kind === 'and') return somePart(a.parts, b);
  return a.kind === 'condition' && b.kind === 'condition' && conditionImplies(a, b);
}

function somePart(parts: readonly Selector[], b: Selector): boolean {
  return parts.some((part) => implies(part, b));
}

function conditionImplies(a: Condition, b: Condition): boolean {
  // What holds for a folder holds for the path that it is in, as far as it may stand anywhere; not the other way.
  if (isWhole(a) && !isWhole(b)) return false;
  if (b.function === 'contains') return a.operand.includes(b.operand);
  return (
    isWhole(a) === isWhole(b) &&
    a.function === 'starts_with' &&
    b.function === 'starts_with' &&
    a.operand.startsWith(b.operand)
  );
}

/** True where no file is taken by both. False where that is not certain. */
export function excludes(a: Selector, b: Selector): boolean {
  if (neverReason(a) !== undefined || neverReason(b) !== undefined) return true;
  if (a.kind === 'or') return a.parts.every((part) => excludes(part, b));
  if (b.kind === 'or') return b.parts.every((part) => excludes(a, part));
  if (a.kind === 'and') return countedParts(a).some((part) => excludes(part, b));
  if (b.kind === 'and') return countedParts(b).some((part) => excludes(a, part));
  if (a.kind !== 'condition' || b.kind !== 'condition') return false;
  if (a.function !== 'starts_with' || b.function !== 'starts_with' || !isWhole(a) || !isWhole(b)) return false;
  return !a.operand.startsWith(b.operand) && !b.operand.startsWith(a.operand);
}
