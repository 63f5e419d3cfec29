import type { TextEdit } from '../../problems/problem.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import type { DialectName } from '../language/dialects.ts';
import type { FieldAssignment, Schema, Variable } from '../schema/schema.ts';
import type { Use } from '../schema/uses.ts';

/** Where a schema uses what the program that it is translated for does not understand. */
export interface Place {
  /** In block YAML when edits are asked for; in any form before. */
  readonly schema: Schema;
  readonly use: Use;
  readonly variable: Variable | undefined;
  readonly field: FieldAssignment | undefined;
  readonly to: DialectName;
  /** What the schema makes of files that are like those to come; empty where none are known. */
  readonly samples: readonly Evaluation[];
}

/** Why a place cannot be written otherwise without changing a value, as a sentence. */
export interface Refused {
  readonly why: string;
}

/** How a place is written otherwise. */
export interface Rewritten {
  readonly edits: () => readonly TextEdit[];
  /** What was taken from the samples, as a sentence; absent where it holds for every file. */
  readonly bySamples?: string;
}

/** Another place of the same variable must be written otherwise first. */
export const later = 'later';

export type Answer = Rewritten | Refused | typeof later;

/** How one entry of the language is said in the words of others. */
export type Rewrite = (place: Place) => Answer;

export function isRefused(answer: Answer): answer is Refused {
  return answer !== later && 'why' in answer;
}
