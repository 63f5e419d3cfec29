import path from 'node:path';
import { absolutePath, pathBelow } from '../../files/pathlibPath.ts';
import type { Dataset } from './dataset.ts';

/** A dataset with the source folder as others see it. */
export function publishedDataset(
  dataset: Dataset,
  published: { readonly folder: string; readonly as: string } | undefined,
): Dataset {
  const source = dataset.fields.get('sourceFolder');
  if (!published || source?.kind !== 'string') return dataset;
  const below = pathBelow(absolutePath(source.value), absolutePath(published.folder));
  if (below === undefined) return dataset;
  const told = { kind: 'string', value: path.posix.join(published.as, below) } as const;
  return { ...dataset, fields: new Map([...dataset.fields, ['sourceFolder', told]]) };
}
