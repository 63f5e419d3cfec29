import { NexusError } from './model.ts';
import type { NexusFile, NexusNode } from './model.ts';

/** What lies at a path of a file; undefined where nothing can be had from there. */
export async function describeOrNothing(file: NexusFile, path: string): Promise<NexusNode | undefined> {
  try {
    return await file.describe(path);
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
}
