import type { Severity } from './problems.ts';

/** What the registry says of one kind of problem; `docs/problems.md` is made from it. */
export interface ProblemKind {
  readonly severity: Severity;
  /** One line, for tables and settings. */
  readonly summary: string;
  /** Why it matters and what to do; Markdown. */
  readonly explanation: string;
}

/**
 * Every kind of problem that the project can report. A code is stable: it is used in settings, in suppressing
 * comments and in links. New codes are added here and nowhere else.
 */
export const problemKinds = {
  syntax: {
    severity: 'error',
    summary: 'The text is not valid JSON or YAML.',
    explanation: 'The file cannot be read as a whole until this is mended; what could be read is still checked.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;
