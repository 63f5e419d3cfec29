import { failureCode } from '../files/failureReason.ts';
import { FileError, unreadableFile } from '../files/fileError.ts';
import { finding } from './rules.ts';
import type { Finding, PackageCode } from './rules.ts';

/** An archive that cannot be used. Thrown in the middle of unpacking; told to people as a finding. */
export class PackageError extends Error {
  readonly found: Finding;

  constructor(code: PackageCode, message: string, more: Partial<Omit<Finding, 'code' | 'message'>> = {}) {
    super(message);
    this.name = 'PackageError';
    this.found = finding(code, message, more);
  }
}

/**
 * What a failure while an archive is read means: the system does not read it, or it is damaged.
 * @param file the archive
 * @param what of it was read, as the beginning of a sentence
 */
export function readingFailure(error: unknown, file: string, what = 'The archive'): PackageError | FileError {
  if (error instanceof PackageError || error instanceof FileError) return error;
  // Codes of the system; libraries have others, such as Z_DATA_ERROR.
  if (/^E(?!RR_)/.test(failureCode(error) ?? '')) return unreadableFile(file, error);
  const why = error instanceof Error ? error.message : String(error);
  return new PackageError('damaged', `${what} is damaged or cut off: ${why.replace(/\.$/, '')}.`);
}
