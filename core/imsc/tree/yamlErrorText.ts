import type { ErrorCode } from 'yaml';

const explanations: Partial<Record<ErrorCode, string>> = {
  BAD_DQ_ESCAPE: 'There is no such escape in double quotes; write “\\\\” for a backslash, or use single quotes.',
  BAD_SCALAR_START: 'An unquoted text cannot begin with this character; put the text in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'A text with “: ” in it must be in quotes, and a nested key belongs on a line of its own.',
  BLOCK_IN_FLOW: 'Inside of brackets entries are separated by commas, not by lines and “-”.',
  MULTILINE_IMPLICIT_KEY: 'A colon and a blank must follow a key, on the same line.',
  MULTIPLE_ANCHORS: 'Only one anchor can be here; remove the others.',
  MULTIPLE_TAGS: 'Only one tag can be here; remove the others.',
  TAB_AS_INDENT: 'Tabs cannot be used for indentation; use blanks.',
};

/**
 * What an error of the `yaml` package means to somebody who writes a schema.
 * @param message of the package
 */
export function yamlErrorText(code: ErrorCode, message: string): string {
  if (code === 'MISSING_CHAR' && message.includes('quote')) {
    return 'This text is not closed; add the closing quote.';
  }
  if (code === 'MISSING_CHAR' && message.startsWith('Implicit map keys')) {
    return 'A colon and a blank must follow a key; a text of several lines must be indented further than its key.';
  }
  if (code === 'BAD_INDENT' && message.startsWith('Flow')) {
    return 'The closing bracket is missing, or this is not indented further than the key that it belongs to.';
  }
  if (code === 'BAD_INDENT' && message.includes('sufficiently indented')) {
    return 'This must be indented further than the key that it belongs to.';
  }
  if (code === 'BAD_INDENT') return 'The indentation does not fit: entries of one level must begin in the same column.';
  return explanations[code] ?? `This cannot be read as YAML: ${message}.`;
}
