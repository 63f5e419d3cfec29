import { readStorage } from '../../hdf5/objects/layout.ts';
import type { StoredObject } from '../../hdf5/objects/objectHeader.ts';
import { filterText } from '../library/filters.ts';
import type { NexusStorage } from '../model.ts';

/** How the values of a dataset are stored, in words. @throws FormatError */
export function describeStorage(object: StoredObject): NexusStorage {
  const { layout, filters, externalFiles } = readStorage(object);
  const names = filters.map(filterText);
  if (externalFiles.length > 0) return { layout: 'external', filters: names };
  if (layout.kind !== 'chunked') return { layout: layout.kind, filters: names };
  return { layout: 'chunked', chunk: layout.chunk, filters: names };
}
