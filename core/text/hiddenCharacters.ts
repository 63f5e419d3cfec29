/**
 * What is obeyed and not shown: control characters (C0, DEL, C1), other separators of lines, and the marks that turn
 * the direction of a text around.
 */
const hidden = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * The same without what stands between the values of a document in JSON or YAML. The page of the ingest service, which is
 * a text, has it as it is written here.
 */
export const hiddenInDocument = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

const shortNames: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/**
 * A text of others as one line that a terminal shows and does not obey: what is hidden is written as an escape
 * (`\n`, `\u001b`).
 */
export function visibleText(text: string): string {
  return text.replace(hidden, (character) => shortNames[character] ?? escapeOf(character));
}

/** A text of others as a page or a view shows it: what is hidden is written as an escape, its lines and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(hiddenInDocument, escapeOf);
}

/**
 * A document in JSON, or in YAML that escapes what is hidden in its values, with everything hidden escaped; each value
 * stays what it is.
 */
export function visibleDocument(text: string): string {
  return visibleLines(text.replace(/\r\n?/g, '\n'));
}

/** Whether a document holds something hidden. */
export function holdsHidden(document: string): boolean {
  return document.replace(/\r\n?/g, '\n').search(hiddenInDocument) >= 0;
}
