import type { NexusFile } from '../../../core/nexus/model.ts';
import { walkLevels } from '../../../core/nexus/walk.ts';
import { afterwards } from '../../turns.ts';

/** Objects that are looked at, at most; of a file with more, those further down are not offered as whole paths. */
const mostObjects = 50_000;
/** How long an index holds, in milliseconds. */
const indexAge = 60_000;

interface Index {
  /** Absolute paths of datasets, those near the root first. */
  readonly paths: string[];
  isComplete: boolean;
}

const indexes = new WeakMap<NexusFile, Index>();

/** The datasets of a file that are known by now; the first question begins the search, which goes on by itself. */
export function knownDatasets(file: NexusFile): { readonly paths: readonly string[]; readonly isComplete: boolean } {
  const known = indexes.get(file);
  if (known) return known;
  const index: Index = { paths: [], isComplete: false };
  indexes.set(file, index);
  afterwards(indexAge, () => {
    indexes.delete(file);
  });
  void search(file, index).catch(() => {
    indexes.delete(file); // the next question tries again
  });
  return index;
}

async function search(file: NexusFile, index: Index): Promise<void> {
  let seen = 0;
  for await (const nodes of walkLevels(file)) {
    for (const { kind, path } of nodes) if (kind === 'dataset') index.paths.push(path);
    seen += nodes.length;
    if (seen >= mostObjects || indexes.get(file) !== index) break;
  }
  index.isComplete = true;
}
