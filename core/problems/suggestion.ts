import { distance } from 'fastest-levenshtein';

/**
 * The one of `candidates` that a misspelt word was probably meant to be, or undefined where none is near: at most
 * 40 % of its letters differ, or two neighbours changed places, letter case and `_`/`-` counting little; or it is the
 * only one that begins or ends with the word, as `creationLocation` does with `location`.
 */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(wanted.length, 2) * 0.4) + 0.5;
  const longer: string[] = [];
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const letters = plain(candidate);
    if (wanted.length >= 4 && (letters.startsWith(wanted) || letters.endsWith(wanted))) longer.push(candidate);
    const sameCase = candidate.toLowerCase() === word.toLowerCase() ? 0 : 0.1;
    // A number is rarely mistyped: `dirnam-2` means `dirname-2`, not `dirname`.
    const sameNumber = digitsOf(candidate) === digitsOf(word) ? 0 : 0.5;
    const between = lettersBetween(wanted, letters) + sameCase + sameNumber;
    if (between < bestDistance) {
      best = candidate;
      bestDistance = between;
    }
  }
  return best ?? (longer.length === 1 ? longer[0] : undefined);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[-_ ]/g, '');
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** Two neighbours that changed places are the commonest slip, and less than one wrong letter. */
const swapped = 0.3;

function lettersBetween(a: string, b: string): number {
  if (a.length === b.length && a.length > 1) {
    let first = 0;
    while (first < a.length && a[first] === b[first]) first++;
    const isSwapped =
      a[first] === b[first + 1] && a[first + 1] === b[first] && a.slice(first + 2) === b.slice(first + 2);
    if (first < a.length - 1 && isSwapped) return swapped;
  }
  return distance(a, b);
}
