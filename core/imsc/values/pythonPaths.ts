/** Python's `os.path.basename`: what follows the last slash; nothing for a path that ends in one. */
export function pathName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Python's `os.path.dirname`: what precedes the last slash, without the slashes at its end. */
export function pathFolder(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(folder) ? folder : folder.replace(/\/+$/, '');
}

/**
 * Python's `urllib.parse.quote_plus`: percent-encoded UTF-8, `+` for a blank; letters, digits and `_.-~` stay.
 * Undefined for text that has no UTF-8 (a lone surrogate).
 */
export function quotePlus(text: string): string | undefined {
  if (/\p{Cs}/u.test(text)) return undefined;
  return encodeURIComponent(text)
    .replace(/[!*'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
