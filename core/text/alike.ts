/**
 * Whether two units are the same one, whichever of the characters that Unicode holds for equal they are written with:
 * the micro sign or the Greek mu, the Ångström sign or the letter.
 */
export function isSameUnit(one: string, other: string): boolean {
  return one === other || one.normalize('NFKC').trim() === other.normalize('NFKC').trim();
}

/**
 * How two texts differ that look the same when they are printed, as a piece of a sentence such as
 * ` (U+00B5 against U+03BC)`; empty where one sees the difference, and where there is none.
 */
export function differenceUnseen(one: string, other: string): string {
  if (one === other || looks(one) !== looks(other)) return '';
  const [left, right] = [Array.from(one), Array.from(other)];
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  // The first place is enough: whoever mends it is told of the next.
  const parts = [left, right].map((text) => text.slice(start, text.length - end));
  const longest = Math.max(1, ...parts.map((part) => (part.length > 3 ? 1 : part.length)));
  const [first = '', second = ''] = parts.map((part) => codePoints(part.slice(0, longest)));
  return ` (${first} against ${second})`;
}

/** What only looks as if it stood in a text: how the two differ, as `differenceUnseen` says it; else empty. */
export function unseenIn(text: string, part: string): string {
  const wanted = looks(part);
  if (wanted === '' || text.includes(part) || !looks(text).includes(wanted)) return '';
  const characters = Array.from(text);
  const length = Array.from(part).length;
  for (let start = 0; start < characters.length; start += 1) {
    for (let end = start + 1; end <= Math.min(characters.length, start + 2 * length + 1); end += 1) {
      const piece = characters.slice(start, end).join('');
      if (looks(piece) === wanted) return differenceUnseen(part, piece);
    }
  }
  return '';
}

function codePoints(characters: readonly string[]): string {
  const names = characters.map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return names.length === 0 ? 'nothing' : names.join(' ');
}

/** Letters of other scripts that no one tells from a Latin one, and signs that are printed alike. */
const lookalikes = new Map<string, string>();
for (const [plain, others] of [
  ['a', 'аα'], ['c', 'сϲ'], ['e', 'е'], ['h', 'һ'], ['i', 'іι'], ['j', 'ј'], ['k', 'кκ'], ['o', 'оο'], ['p', 'рρ'],
  ['s', 'ѕ'], ['u', 'υ'], ['v', 'ν'], ['w', 'ѡω'], ['x', 'хχ'], ['y', 'уγ'], ['A', 'АΑ'], ['B', 'ВΒ'], ['C', 'СϹ'],
  ['E', 'ЕΕ'], ['H', 'НΗ'], ['I', 'ІΙ'], ['J', 'Ј'], ['K', 'КΚ'], ['M', 'МΜ'], ['N', 'Ν'], ['O', 'ОΟ'], ['P', 'РΡ'],
  ['S', 'Ѕ'], ['T', 'ТΤ'], ['X', 'ХΧ'], ['Y', 'ҮΥ'], ['Z', 'Ζ'], ['m', 'м'], ['t', 'т'], ['n', 'п'],
  ['-', '‐‑‒–—−﹣－'], ["'", '‘’ʹʼ′´`'], ['"', '“”″'], ['.', '·⋅∙•‧・'], ['°', '˚º∘'], ['/', '⁄∕'], ['*', '∗⋆'],
  ['Δ', '∆'], ['Σ', '∑'], ['Π', '∏'], [':', '∶꞉'],
] as const) {
  for (const other of others) lookalikes.set(other, plain);
} // prettier-ignore

/** What a text looks like: alike for all texts that a person cannot tell from each other. */
function looks(text: string): string {
  let result = '';
  // A letter with its mark as one character and as two, compatible signs, and what is not shown at all.
  for (const character of text) result += lookalikes.get(character) ?? character;
  result = result.normalize('NFKC').replaceAll(/[\p{Cf}\p{Cc}\u034f\u115f\u1160\u3164\ufe00-\ufe0f]/gu, (found) => {
    return /[\t\n\r]/.test(found) ? ' ' : '';
  });
  let shown = '';
  for (const character of result) shown += lookalikes.get(character) ?? character;
  return shown.replaceAll(/\s+/gu, ' ').trim();
}
