/** A list of more than this takes long to send; typing on brings others. */
export const mostItems = 200;

/** Whether a text has certain letters in their order, perhaps others between them. Both in lower case. */
export function hasLetters(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
