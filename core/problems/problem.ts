import { problemKinds } from './problemCodes.ts';
import type { ProblemCode } from './problemCodes.ts';
import type { Severity } from './problemKind.ts';

/** A half-open range of UTF-16 offsets in one text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type { Severity } from './problemKind.ts';

export interface TextEdit {
  readonly range: TextRange;
  readonly newText: string;
}

/** An edit that makes a problem go away, offered by the editor and by `imsc check --fix`. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** True where this is the one obvious mend; only such fixes are applied in bulk. */
  readonly preferred?: boolean;
}

export interface RelatedPlace {
  readonly message: string;
  readonly range: TextRange;
  /** Absolute path; the problem's own file if absent. */
  readonly file?: string;
}

/** Something that is wrong, said so that a person can mend it. Never thrown for a user's mistake: returned. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** What is wrong and what to do about it, in one or two sentences. */
  readonly message: string;
  /** Where in `file`; absent if the problem has no place in a text. */
  readonly range?: TextRange;
  /** Absolute path of the text that `range` points into; absent if it is the text at hand. */
  readonly file?: string;
  readonly related?: readonly RelatedPlace[];
  /** The dialects of the schema language in which it is one; absent: in all. */
  readonly onlyIn?: readonly string[];
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
  readonly fixes?: readonly Fix[];
  /** The word that was probably meant in place of the one at `range`, where a near one is known and there is no fix. */
  readonly meant?: string;
}

/** A problem with the severity that the registry gives its code. */
export function problem(
  code: ProblemCode,
  message: string,
  range?: TextRange,
  more: Partial<Omit<Problem, 'code' | 'message' | 'range'>> = {},
): Problem {
  return { code, severity: problemKinds[code].severity, message, ...(range ? { range } : {}), ...more };
}
