import { expect, test } from 'vitest';
import { openNexus } from '../../../core/nexus/file.ts';
import { formatStorage, inspectNexus } from '../../../core/nexus/inspect.ts';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { temporaryFolder } from '../../support/nexusFiles.ts';

const path = `${temporaryFolder()}/inspect.nxs`;

async function inspected(...[start, options]: [string?, Parameters<typeof inspectNexus>[2]?]) {
  await writeNexus(path, [
    { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
    { path: '/entry/long', kind: 'dataset', value: 'x'.repeat(200) },
    { path: '/entry/x', kind: 'dataset', dtype: 'f4', value: [1.5, 2], attrs: { units: 'mm', depends_on: '.' } },
    { path: '/entry/many', kind: 'dataset', dtype: 'i2', shape: [3, 4], value: Array.from({ length: 12 }, () => 1) },
    { path: '/gone', kind: 'softlink', target: '/entry/gone' },
  ]);
  const file = await openNexus(path);
  try {
    return await inspectNexus(file, start, options);
  } finally {
    await file.close();
  }
}

test('a tree with types, units and short values', async () => {
  expect(await inspected()).toEqual({
    path: '/',
    name: '/',
    kind: 'group',
    children: [
      {
        path: '/entry',
        name: 'entry',
        kind: 'group',
        nxClass: 'NXentry',
        children: [
          {
            path: '/entry/long',
            name: 'long',
            kind: 'dataset',
            type: 'string',
            shape: 'scalar',
            value: `"${'x'.repeat(78)}…`,
          },
          { path: '/entry/many', name: 'many', kind: 'dataset', type: 'int16', shape: '3 × 4' },
          {
            path: '/entry/x',
            name: 'x',
            kind: 'dataset',
            type: 'float32',
            shape: '2',
            units: 'mm',
            value: '[1.5, 2.0]',
          },
        ],
      },
      { path: '/gone', name: 'gone', kind: 'broken-link', target: '/entry/gone' },
    ],
  });
});

test('limits are said where they cut', async () => {
  expect((await inspected('/', { depth: 1 })).children?.[0]?.omitted).toEqual({ children: 3, because: 'depth' });
  const few = await inspected('/', { count: 4 });
  expect(few.children?.[0]).toMatchObject({ omitted: { children: 2, because: 'count' } });
});

test('attributes on request', async () => {
  const { attributes } = await inspected('/entry/x', { attributes: true });
  expect(attributes).toContainEqual({ name: 'depends_on', type: 'string', value: '"."' });
});

test('a path that is not there', async () => {
  await expect(inspected('/entry/none')).rejects.toMatchObject({ code: 'path-missing' });
});

test('a group is shown once, however many ways lead to it', async () => {
  await writeNexus(path, [
    { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
    { path: '/entry/x', kind: 'dataset', value: 1 },
    { path: '/entry/up', kind: 'softlink', target: '/' },
    { path: '/entry/self', kind: 'hardlink', target: '/entry' },
    { path: '/first', kind: 'softlink', target: '/entry' },
    { path: '/here', kind: 'external', file: 'inspect.nxs', target: '/entry' },
  ]);
  const file = await openNexus(path);
  const { children } = await inspectNexus(file, '/', { depth: 1_000 });
  await file.close();
  expect(children?.map(({ name, sameAs }) => [name, sameAs])).toEqual([
    ['entry', undefined],
    ['first', '/entry'],
    ['here', '/entry'],
  ]);
  expect(children?.[0]?.children?.map(({ name, sameAs }) => [name, sameAs])).toEqual([
    ['self', '/entry'],
    ['up', '/'],
    ['x', undefined],
  ]);
});

test('groups in groups cost about as much each, however deep they are', async () => {
  const deep = '/g'.repeat(400);
  await writeNexus(path, [{ path: `${deep}/x`, kind: 'dataset', value: 5 }]);
  const file = await openNexus(path);
  const start = performance.now();
  let node = await inspectNexus(file, '/', { depth: 1_000 });
  expect(performance.now() - start).toBeLessThan(10_000);
  await file.close();
  while (node.children?.[0] !== undefined) node = node.children[0];
  expect(node).toMatchObject({ path: `${deep}/x`, value: '5.0' });
});

test('chunks, filters and storage are shown where values do not simply lie behind each other', async () => {
  await writeNexus(path, [
    { path: '/plain', kind: 'dataset', value: [1, 2, 3] },
    { path: '/packed', kind: 'dataset', dtype: 'i4', value: [1, 2, 3, 4], chunks: [3], compression: 'gzip' },
    { path: '/growing', kind: 'dataset', dtype: 'i4', value: [[1, 2]], chunks: [4, 2], maxshape: [null, 2] },
  ]);
  const file = await openNexus(path);
  const { children = [] } = await inspectNexus(file, '/');
  await expect(file.storage('/')).rejects.toMatchObject({ code: 'path-is-group' });
  await file.close();
  expect(children.map(({ name, storage }) => [name, storage && formatStorage(storage)])).toEqual([
    ['growing', 'chunks of 4 × 2'],
    ['packed', 'chunks of 3, deflate 4'],
    ['plain', undefined],
  ]);
});
