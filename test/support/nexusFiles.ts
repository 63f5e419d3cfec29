import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusFile } from '../../core/nexus/model.ts';

/** A folder for the files of one test file; it is removed at the end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'imsc-nexus-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/**
 * Reads everything there is in a file, to a depth, and passes over NexusErrors.
 * @returns how many nodes were there, 0 for a file that cannot be opened
 * @throws any other error
 */
export async function walk(open: () => Promise<NexusFile>): Promise<number> {
  let seen = 0;
  let stuck = false;
  const tolerate = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (stuck) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
      stuck = error.code === 'reader-crashed';
      return undefined;
    }
  };
  const file = await tolerate(open);
  if (file === undefined) return 0;
  const visit = async (group: string, depth: number): Promise<void> => {
    const nodes = (await tolerate(() => file.children(group, { offset: 0, limit: 1_000 })))?.nodes ?? [];
    for (const node of nodes) {
      seen += 1;
      await tolerate(() => file.attributes(node.path));
      if (node.kind === 'dataset') await tolerate(() => file.read(node.path, 1_000));
      if (node.kind === 'group' && depth > 0 && seen < 5_000) await visit(node.path, depth - 1);
    }
  };
  await visit('/', 8);
  await file.close();
  return seen;
}
