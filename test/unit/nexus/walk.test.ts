import { expect, it } from 'vitest';
import { NexusError } from '../../../core/nexus/model.ts';
import type { NexusEntry, NexusFile } from '../../../core/nexus/model.ts';
import { findNodes } from '../../../core/nexus/walk.ts';

const never = (): boolean => false;

/**
 * A file of so many groups of so many datasets; `/entry/closed` cannot be listed.
 * @param asked called for each page that is asked for
 */
function fileOf(groups: number, datasets: number, asked: () => void = () => undefined): NexusFile {
  const names = (count: number, stem: string): string[] =>
    Array.from({ length: count }, (_, index) => `${stem}${index}`);
  const childrenOf = (path: string): NexusEntry[] => {
    if (path === '/') return [{ path: '/entry', kind: 'group' }];
    if (path === '/entry/closed') throw new NexusError('unreadable-data', 'It is damaged.', path);
    const isEntry = path === '/entry';
    const below = isEntry ? ['closed', ...names(groups, 'group_')] : names(datasets, 'data_');
    return below.map((name) => ({ path: `${path}/${name}`, kind: isEntry ? 'group' : 'dataset' }));
  };
  const childKinds: NexusFile['childKinds'] = async (path, { offset, limit } = { offset: 0, limit: Infinity }) => {
    asked();
    const nodes = await Promise.resolve(childrenOf(path));
    return { total: nodes.length, nodes: nodes.slice(offset, offset + limit) };
  };
  return { path: '/made.nxs', childKinds } as NexusFile;
}

it('finds what lies at the end of a large file', async () => {
  const { found, searched, complete } = await findNodes(fileOf(300, 700), 'GROUP_299/DATA_699', 10, never);
  expect(found).toEqual([{ path: '/entry/group_299/data_699', kind: 'dataset' }]);
  expect({ searched, complete }).toEqual({ searched: 1 + 301 + 300 * 700, complete: true });
});

it('stops at once when there is no more time, and says so', async () => {
  let pages = 0;
  const file = fileOf(300, 700, () => (pages += 1));
  const { found, complete } = await findNodes(file, 'nowhere', 10, () => pages > 20);
  expect({ found: found.length, complete }).toEqual({ found: 0, complete: false });
  expect(pages).toBeLessThan(30);
});

it('stops when enough is found, and says that there may be more', async () => {
  const { found, complete } = await findNodes(fileOf(10, 100), 'data_', 7, never);
  expect(found.map(({ path }) => path)).toEqual(
    Array.from({ length: 7 }, (_, index) => `/entry/group_0/data_${index}`),
  );
  expect(complete).toBe(false);
});
