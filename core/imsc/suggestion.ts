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
    const sameCase = candidate.toLowerCase() === word.toLowerCase() ? 0 : 0.1;
    // A number is rarely mistyped: `dirnam-2` means `dirname-2`, not `dirname`.
    const sameNumber = digitsOf(candidate) === digitsOf(word) ? 0 : 0.5;
    const between = distance(wanted, plain(candidate)) + sameCase + sameNumber;
    if (between < bestDistance) {
      best = candidate;
      bestDistance = between;
    }
  }
  return best;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
