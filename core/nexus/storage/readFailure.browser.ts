import { NexusError } from '../model.ts';
import type * as failure from './readFailure.ts';

let last: unknown;

/** Keeps what was thrown by who gives the bytes. */
export function keepFailure(error: unknown): void {
  last = error;
}

/** Who gives the bytes says why there are none; that holds once, as the next failure may be another file's. */
export const readFailure: typeof failure.readFailure = (path) => {
  const kept = last;
  last = undefined;
  return kept instanceof NexusError ? kept : new NexusError('file-not-readable', `${path} cannot be read.`);
};
