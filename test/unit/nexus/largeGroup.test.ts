import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNexus } from '../../../core/nexus/file.ts';
import { temporaryFolder } from '../../support/nexusFiles.ts';

const folder = temporaryFolder();
const python = ['python3', '/usr/bin/python3', 'python'].find(
  (command) => spawnSync(command, ['-c', 'import h5py']).status === 0,
);
if (python === undefined) console.warn('Skipped: no Python with h5py to write files with.');

/** Groups with so many names for one number, in the order of neither their making nor their letters. */
const script = `
import h5py, sys
with h5py.File(sys.argv[1], 'w', libver='latest') as file:
    for count in (9_999, 10_001, 25_000):
        for order in (False, True):
            group = file.create_group(f'{count}_{order}', track_order=order)
            group['n0'] = 1.5
            for index in range(1, count):
                group[f'n{index * 7919 % count}' if index * 7919 % count else 'last'] = group['n0']
`;

test.skipIf(python === undefined)(
  'the pages of a large group hold each name once, and what lies behind a name is found',
  { timeout: 120_000 },
  async () => {
    const path = join(folder, 'large.nxs');
    execFileSync(python ?? '', ['-c', script, path]);
    const file = await openNexus(path);
    try {
      for (const count of [9_999, 10_001, 25_000]) {
        const expected = new Set<string>();
        for (let index = 0; index < count; index++) expected.add(`n${index}`);
        for (const order of ['False', 'True']) {
          const group = `/${count}_${order}`;
          const names: string[] = [];
          for (let offset = 0; offset < count; offset += 3_000) {
            const page = await file.childNames(group, { offset, limit: 3_000 });
            expect(page.total).toBe(count);
            names.push(...page.names);
          }
          const isSorted = count <= 10_000 && order === 'False';
          if (isSorted) expect(names).toEqual([...expected].sort());
          expect(names).toHaveLength(count);
          expect(new Set(names)).toEqual(expected);
          // The same page is the same again, wherever it begins.
          const { nodes } = await file.children(group, { offset: 4_321, limit: 5 });
          expect(nodes.map(({ path: child }) => child)).toEqual(names.slice(4_321, 4_326).map((name) => `${group}/${name}`)); // prettier-ignore
          expect((await file.childNames(group, { offset: count, limit: 5 })).names).toEqual([]);
          expect(await file.describe(`${group}/n${count - 1}`)).toMatchObject({ kind: 'dataset', shape: [] });
          await expect(file.describe(`${group}/n${count}`)).rejects.toMatchObject({ code: 'path-missing' });
        }
      }
    } finally {
      await file.close();
    }
  },
);
