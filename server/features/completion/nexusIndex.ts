import { NexusError } from '../../../core/nexus/model.ts';
import type { NexusDataset, NexusFile } from '../../../core/nexus/model.ts';

/** Objects that are looked at, at most. */
const mostObjects = 5000;
const pageSize = 500;
/** How long an index holds, in milliseconds. */
const indexAge = 60_000;

interface Index {
  readonly datasets: NexusDataset[];
  readonly at: number;
  isComplete: boolean;
}

const indexes = new WeakMap<NexusFile, Index>();

/** The datasets of a file that are known by now; the first question begins the search, which goes on by itself. */
export function knownDatasets(file: NexusFile): {
  readonly datasets: readonly NexusDataset[];
  readonly isComplete: boolean;
} {
  const known = indexes.get(file);
  if (known && Date.now() - known.at < indexAge) return known;
  const index: Index = { datasets: [], at: Date.now(), isComplete: false };
  indexes.set(file, index);
  void search(file, index).catch(() => {
    indexes.delete(file); // the next question tries again
  });
  return index;
}

/** Level by level, so that what is near the root comes first. */
async function search(file: NexusFile, index: Index): Promise<void> {
  const groups = ['/'];
  let seen = 0;
  for (let group = groups.shift(); group !== undefined && seen < mostObjects; group = groups.shift()) {
    try {
      for (let offset = 0, total = 1; offset < total && seen < mostObjects; offset += pageSize) {
        const page = await file.children(group, { offset, limit: pageSize });
        total = page.total;
        seen += page.nodes.length;
        for (const node of page.nodes) {
          if (node.kind === 'dataset') index.datasets.push(node);
          else if (node.kind === 'group') groups.push(node.path);
        }
      }
    } catch (error) {
      if (!(error instanceof NexusError)) throw error;
    }
  }
  index.isComplete = true;
}
