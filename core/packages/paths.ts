/** What Linux takes for a path. A name with thousands of folders in it is made to do harm. */
const mostBytes = 4096;

/**
 * Why a path may not be used for a file of a package, or undefined if it may. The same on every system: what would
 * lead out of the folder on one of them is refused on all.
 */
export function memberPathMistake(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (Buffer.byteLength(path) > mostBytes) return `it has more than ${mostBytes} bytes`;
  if (path.includes('\0')) return 'it has a NUL';
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return 'it does not begin inside of the package';
  if (path.split(/[/\\]/).includes('..')) return 'it leads upwards';
  const parts = path.split('/');
  if (parts.includes('.') || parts.includes('')) return 'it has empty parts or single dots';
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return 'a part of it has more than 255 bytes';
  return undefined;
}
