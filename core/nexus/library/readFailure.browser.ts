import { NexusError } from '../model.ts';
import { lastFailure } from './libraryDisk.browser.ts';
import type * as failure from './readFailure.ts';

/** Who gives the bytes says why there are none. */
export const readFailure: typeof failure.readFailure = (path) => {
  const error = lastFailure();
  if (error instanceof NexusError) return error;
  return new NexusError('file-not-readable', `${path} cannot be read.`);
};
