import { NexusError } from './model.ts';

/** @param wayOut one more sentence */
export function beingWritten(path: string, wayOut = ''): NexusError {
  const message = `${path} is still being written by another program. Try again later. ${wayOut}`;
  return new NexusError('file-being-written', message.trim());
}
