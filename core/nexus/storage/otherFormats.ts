const otherFormats: readonly (readonly [string, string])[] = [
  ['\x0e\x03\x13\x01', 'HDF4'],
  ['CDF', 'netCDF-3'],
  ['PK', 'a ZIP archive'],
  ['\x1f\x8b', 'gzip-compressed'],
  ['{', 'text, perhaps JSON'],
  ['version https://git-lfs', 'a Git LFS pointer; the file itself was not downloaded'],
];

/**
 * What a file seems to be that is no HDF5 file.
 * @param start its first 24 bytes
 * @param size bytes in all
 */
export function guessFormat(start: Uint8Array, size: number): string | undefined {
  if (size === 0) return 'empty';
  const text = String.fromCharCode(...start);
  return otherFormats.find(([magic]) => text.startsWith(magic))?.[1];
}
