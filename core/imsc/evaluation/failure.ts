import type { TextRange } from '../../problems/problem.ts';
import type { FailureCode } from './evaluation.ts';
import { ReadFailure } from './readers.ts';

/** A variable or field that has no value; caught where the outcome is made. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly range: TextRange;
  constructor(code: FailureCode, message: string, range: TextRange) {
    super(message);
    this.code = code;
    this.range = range;
  }
}

/** A failure to read with the place that it is about; any other error as it is. */
export function placed(error: unknown, range: TextRange): unknown {
  return error instanceof ReadFailure ? new Failure(error.code, error.message, range) : error;
}
