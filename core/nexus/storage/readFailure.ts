import { NexusError } from '../model.ts';

/** Why bytes of a file could not be had, which the library does not tell. */
export function readFailure(path: string): NexusError {
  return new NexusError('file-not-readable', `${path} cannot be read: the disk, or the network behind it, fails.`);
}
