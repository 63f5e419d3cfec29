/**
 * A text of at most so many units of UTF-16, its end taken away for a `…` where it has more; a character beyond the
 * basic plane stays whole or goes.
 */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(longest - 2));
  return `${text.slice(0, isHalf ? longest - 2 : longest - 1)}…`;
}
