/**
 * A text of others with what is obeyed and not shown written as an escape (`\u202e`): control characters, other
 * separators of lines, and the marks that turn the direction of a text around. Its lines and tabs stay.
 */
export function hiddenShown(text: string): string {
  return text.replaceAll(
    /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
