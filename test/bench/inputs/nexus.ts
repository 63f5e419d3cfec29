import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as writing from '../../../scripts/writeNexus.mjs';
import type { Bench } from '../bench.ts';

type Item = writing.NexusItem;

async function made(
  bench: Bench,
  name: string,
  items: (manyNodes: typeof writing.manyNodes) => readonly Item[],
): Promise<string> {
  const file = join(bench.inputs, name);
  if (existsSync(file)) return file;
  // Not bundled: it looks for the library beside itself.
  const script = pathToFileURL(join(bench.root, 'scripts', 'writeNexus.mjs')).href;
  const { writeNexus, manyNodes } = (await import(script)) as typeof writing;
  // Under a name of its own until it is whole: another run may be making it too.
  const unfinished = `${file}.${process.pid}`;
  await writeNexus(unfinished, items(manyNodes));
  renameSync(unfinished, file);
  return file;
}

/** About so many nodes, in groups of 100. */
export function nodesFile(bench: Bench, nodes: number): Promise<string> {
  return made(bench, `nodes-${nodes}.nxs`, (manyNodes) => manyNodes(Math.max(1, Math.round(nodes / 101)), 100));
}

/** One group of so many datasets, `/entry/group_00000`. */
export function wideFile(bench: Bench, children: number): Promise<string> {
  return made(bench, `wide-${children}.nxs`, (manyNodes) => manyNodes(1, children));
}

/** The path of a number in the file of the scalars. */
export function scalarPath(index: number): string {
  return `/entry/log_${index}/value`;
}

/** So many numbers and texts, each in a group of its own, as a file writer makes them; numbers have units. */
export function scalarsFile(bench: Bench, scalars: number): Promise<string> {
  return made(bench, `scalars-${scalars}.nxs`, () =>
    Array.from({ length: scalars }, (_, index): readonly Item[] => [
      { path: `/entry/log_${index}`, kind: 'group', attrs: { NX_class: 'NXlog' } },
      {
        path: scalarPath(index),
        kind: 'dataset',
        value: index % 3 === 2 ? `text ${index}` : index / 7,
        ...(index % 3 === 2 ? {} : { attrs: { units: 'mm' } }),
      },
    ]).flat(),
  );
}

/** Gigabytes of zeros that take no space, and a number behind them, `/entry/last`. */
export function sparseFile(bench: Bench, gigabytes: number): Promise<string> {
  return made(bench, `sparse-${gigabytes}.nxs`, () => [
    { path: '/entry', kind: 'group', attrs: { NX_class: 'NXentry' } },
    { path: '/entry/data', kind: 'dataset', dtype: 'u4', shape: [gigabytes * 250_000_000] },
    { path: '/entry/last', kind: 'dataset', value: 25.5, attrs: { units: 'K' } },
  ]);
}
