/**
 * The way of a text into an address, whoever wrote it: as one part of a path. Anything else is refused, because
 * the address would be another one: nothing between two slashes is the whole list, and `..` is what lies above.
 */

/** Why a text cannot be one part of a path; `undefined` if it can. */
export function addressPartFault(text: string): string | undefined {
  if (text.trim() === '') return 'it is empty';
  if (/\p{Cc}/u.test(text)) return 'it holds a control character';
  if (/\p{Cs}/u.test(text)) return 'it holds half of a character';
  // Servers read both slashes and the percent signs in different ways.
  if (decoded(text).split(/[/\\]/).some(isDots)) return 'it is, or holds, “.” or “..”, which leads elsewhere';
  return undefined;
}

/** The text as one part of a path, percent-encoded. @throws RangeError where `addressPartFault` says why */
export function addressPart(text: string): string {
  const fault = addressPartFault(text);
  if (fault !== undefined) throw new RangeError(fault);
  return encodeURIComponent(text);
}

/** Without percent signs that stand for other characters, however often they were encoded. */
export function decoded(text: string): string {
  let plain = text;
  for (let again = 0; again < 3 && plain.includes('%'); again++) {
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
      try {
        return decodeURIComponent(escaped);
      } catch {
        return escaped;
      }
    });
  }
  return plain;
}

/** Some servers, and proxies before others, leave out what follows a semicolon: `..;x`. */
function isDots(part: string): boolean {
  return /^\s*\.\.?\s*(?:;.*)?$/s.test(part);
}
