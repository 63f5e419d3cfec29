import type { ProblemCode } from '../problems/problemCodes.ts';
import type { Problem } from '../problems/problem.ts';
import { failureReason } from './failureReason.ts';

export type FileErrorCode = Extract<
  ProblemCode,
  | 'file-changed'
  | 'file-unreadable'
  | 'hash-algorithm'
  | 'file-path'
  | 'journal-busy'
  | 'journal-damaged'
  | 'journal-unwritable'
>;

/** A file that cannot be described or kept hold of; thrown in the middle of a stream, told to the user as a problem. */
export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, message: string) {
    super(message);
    this.name = 'FileError';
    this.code = code;
  }

  toProblem(): Problem {
    return { code: this.code, severity: 'error', message: this.message };
  }
}

/** What the system says of a file that it does not read. */
export function unreadableFile(name: string, error: unknown): FileError {
  return new FileError('file-unreadable', `${name} cannot be read: ${failureReason(error)}.`);
}
