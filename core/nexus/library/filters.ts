/** Filters that the HDF5 library has built in. */
const builtIn = new Set([1, 2, 3, 4, 5, 6]);

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
  return builtIn.has(id);
}

/** A filter as a person knows it. */
export function filterName(id: number, name: string): string {
  const known = others[id]?.[0] ?? name;
  return known === '' ? `filter ${id}` : `${known} (filter ${id})`;
}

/** The plug-in that reads a filter; undefined without one. */
export function filterPlugin(id: number): string | undefined {
  return others[id]?.[1];
}
