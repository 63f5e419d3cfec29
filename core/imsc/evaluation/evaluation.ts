import type { FieldAssignment, Schema, Variable } from '../schema/schema.ts';
import type { Provenance } from '../language/sources.ts';
import type { ReadFailureCode } from './readers.ts';
import type { TextRange } from '../../problems/problem.ts';
import type { Value } from '../values/values.ts';

/** Why something has no value; a closed list, so that callers can tell the reasons apart. */
export type FailureCode =
  | ReadFailureCode
  | 'unknown-variable'
  | 'depends-on-failed'
  | 'stray-brackets'
  | 'wrong-template'
  | 'value-leaves-url'
  | 'operator-failed'
  | 'conversion-failed'
  | 'too-large'
  | 'unknown-value-type'
  | 'incomplete';

/**
 * What became of a variable or a field. `unknown` is not a failure: it says what could not be asked (no file, no
 * connection), and everything that depends on it is unknown as well.
 */
export type Outcome =
  | {
      readonly state: 'known';
      readonly value: Value;
      readonly unit: string;
      readonly provenance: Provenance;
      /** What is worth knowing about how it was had; empty mostly. */
      readonly notes: readonly string[];
      /** Why the variable’s `default` was taken, where it was. */
      readonly insteadOf?: string;
    }
  | {
      readonly state: 'failed';
      readonly code: FailureCode;
      readonly message: string;
      /** Where in the schema; the variable itself if the fault has no closer place. */
      readonly range: TextRange;
    }
  | { readonly state: 'unknown'; readonly reason: string };

export interface VariableOutcome {
  readonly name: string;
  /** Absent for a built-in variable. */
  readonly variable: Variable | undefined;
  readonly valueType: string;
  readonly outcome: Outcome;
}

export interface FieldOutcome {
  readonly field: FieldAssignment;
  readonly fieldType: 'high_level' | 'scientific_metadata' | undefined;
  readonly machineName: string;
  /** The unit that is written: the field's own, or that of its value. */
  readonly outcome: Outcome;
}

/** Every variable and every field of a schema with what became of it. */
export interface Evaluation {
  readonly schema: Schema;
  /** Built-in ones first, then in the order of the schema. */
  readonly variables: ReadonlyMap<string, VariableOutcome>;
  /** Variables of the schema that failed, so that the built-in one of their name stays. */
  readonly overruled: readonly VariableOutcome[];
  readonly fields: readonly FieldOutcome[];
}
