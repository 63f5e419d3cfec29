import { distance } from 'fastest-levenshtein';

/**
 * The one of `candidates` that a misspelt word was probably meant to be, or undefined where none is near: at most
 * 40 % of its letters differ, letter case and `_`/`-` counting little.
 */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, '');
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(wanted.length, 2) * 0.4) + 0.5;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const between = distance(wanted, plain(candidate)) + (candidate.toLowerCase() === word.toLowerCase() ? 0 : 0.1);
    if (between < bestDistance) {
      best = candidate;
      bestDistance = between;
    }
  }
  return best;
}
