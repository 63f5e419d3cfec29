import type { Problem } from '../../core/problems/problem.ts';

/** A browser has no folders that could be looked for: nothing is said. */
export function serveProblems(): readonly Problem[] {
  return [];
}
