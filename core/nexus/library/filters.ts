import type { Filter } from '../../hdf5/objects/filters.ts';

/** Filters that the HDF5 library has built in; our own reader undoes the first three. */
const builtIn: Readonly<Record<number, string>> = {
  1: 'deflate',
  2: 'shuffle',
  3: 'Fletcher32',
  4: 'SZIP',
  5: 'N-bit',
  6: 'scale-offset',
};

/**
 * Filters of others, by their registered numbers: the name, and the plug-in where one is shipped (which ones are
 * shipped, the build finds in `filterPlugins`). A plug-in is loaded when the first dataset needs it.
 */
const others: Readonly<Record<number, readonly [name: string, plugin?: string]>> = {
  305: ['LZO'],
  307: ['BZip2', 'bz2'],
  32000: ['LZF', 'lzf'],
  32001: ['Blosc', 'blosc'],
  32004: ['LZ4', 'lz4'],
  32008: ['Bitshuffle', 'bshuf'],
  32013: ['ZFP'],
  32015: ['Zstandard', 'zstd'],
  32017: ['SZ'],
  32019: ['JPEG'],
  32024: ['SZ3'],
  32026: ['Blosc2'],
};

/** The plug-ins that are shipped. */
export const filterPlugins: readonly string[] = Object.values(others).flatMap(([, plugin]) => plugin ?? []);

/** Whether the library needs no plug-in for a filter. */
export function isBuiltIn(id: number): boolean {
  return id in builtIn;
}

/** A filter as a person knows it. */
export function filterName(id: number, name: string): string {
  const known = others[id]?.[0] ?? name;
  return known === '' ? `filter ${id}` : `${known} (filter ${id})`;
}

/** A filter as it is set up: `deflate 4` with the level of compression. */
export function filterText({ id, name, values }: Filter): string {
  const [level] = values;
  return id === 1 && level !== undefined ? `deflate ${level}` : (builtIn[id] ?? filterName(id, name));
}

/** The plug-in that reads a filter; undefined without one. */
export function filterPlugin(id: number): string | undefined {
  return others[id]?.[1];
}
