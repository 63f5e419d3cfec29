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
