import type { Problem } from '../../problems/problem.ts';
import type { Schema } from '../schema/schema.ts';
import type { StaticEvaluation } from '../evaluation/staticEvaluation.ts';
import type { DialectName } from '../language/dialects.ts';
import type { DatasetFieldFacts, RefusalOf } from '../language/datasetFieldFacts.ts';

/** What every family of checks gets. */
export interface CheckInput {
  readonly schema: Schema;
  readonly evaluation: StaticEvaluation;
  /** Undefined where the caller knows nothing of dataset fields; then they are not judged. */
  readonly datasetFields: readonly DatasetFieldFacts[] | undefined;
  readonly refusalOf: RefusalOf | undefined;
  /** For whom the schema is written. */
  readonly dialect: DialectName;
  /** Name or path; undefined for a text that has no file. */
  readonly file: string | undefined;
  /** False where a syntax error may hide a part of the text, so that nothing can be called missing or unused. */
  readonly textIsWhole: boolean;
  readonly report: (problem: Problem) => void;
}

/** One family of checks: reads, reports, and changes nothing. */
export type Check = (input: CheckInput) => void;
