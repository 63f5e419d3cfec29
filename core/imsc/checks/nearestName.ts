import { suggestion } from '../suggestion.ts';

/**
 * The name that was probably meant: a similar one, or the only one that begins or ends with the word, as
 * `creationLocation` does for `location`.
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const similar = suggestion(word, names);
  const wanted = plain(word);
  if (similar !== undefined || wanted.length < 4) return similar;
  const longer = names.filter((name) => plain(name).endsWith(wanted) || plain(name).startsWith(wanted));
  return longer.length === 1 ? longer[0] : undefined;
}

function plain(text: string): string {
  return text.replaceAll(/[-_ ]/g, '').toLowerCase();
}
