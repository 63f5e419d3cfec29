import { NexusError } from './model.ts';
import type { NexusEntry, NexusFile } from './model.ts';

/** Children and groups that are asked for at once: few enough that nobody who asks meanwhile waits long. */
const pageSize = 250;
const groupsAtOnce = 4;

/**
 * All objects of a NeXus file, in portions, level by level, so that what is near the root comes first. Groups that
 * cannot be listed are passed over. A link to a group further up is followed again and again: whoever walks must stop
 * some time.
 * @throws NexusError if the root cannot be listed
 */
export async function* walkLevels(file: NexusFile): AsyncGenerator<readonly NexusEntry[], void> {
  let level = ['/'];
  while (level.length > 0) {
    const below: string[] = [];
    for (let from = 0; from < level.length; from += groupsAtOnce) {
      const groups = level.slice(from, from + groupsAtOnce);
      const firstPages = await Promise.all(groups.map((group) => pageOf(file, group, 0)));
      for (const [index, group] of groups.entries()) {
        let page = firstPages[index];
        for (let seen = 0; page !== undefined && page.nodes.length > 0;) {
          for (const { kind, path } of page.nodes) if (kind === 'group') below.push(path);
          yield page.nodes;
          seen += page.nodes.length;
          page = seen < page.total ? await pageOf(file, group, seen) : undefined;
        }
      }
    }
    level = below;
  }
}

interface Page {
  readonly total: number;
  readonly nodes: readonly NexusEntry[];
}

async function pageOf(file: NexusFile, group: string, offset: number): Promise<Page> {
  try {
    return await file.childKinds(group, { offset, limit: pageSize });
  } catch (error) {
    if (error instanceof NexusError && group !== '/') return { total: 0, nodes: [] };
    throw error;
  }
}

export interface FoundNodes {
  readonly found: readonly NexusEntry[];
  /** Objects that were looked at. */
  readonly searched: number;
  /** False where it stopped before the end of the file. */
  readonly complete: boolean;
}

/**
 * The objects whose path holds a text, letters of either case.
 * @param isOver asked from time to time whether to stop
 */
export async function findNodes(
  file: NexusFile,
  text: string,
  limit: number,
  isOver: () => boolean,
): Promise<FoundNodes> {
  const wanted = text.toLowerCase();
  const found: NexusEntry[] = [];
  let searched = 0;
  for await (const nodes of walkLevels(file)) {
    searched += nodes.length;
    for (const node of nodes) if (node.path.toLowerCase().includes(wanted)) found.push(node);
    if (found.length >= limit || isOver()) return { found: found.slice(0, limit), searched, complete: false };
  }
  return { found, searched, complete: true };
}
