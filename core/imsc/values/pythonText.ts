import { floatText } from '../../text/numberText.ts';
import type { Value } from './values.ts';

/**
 * A value as Python's `str()` prints it: how a variable looks inside other text. Texts are as they are, everything
 * else as `pythonRepr` gives it.
 */
export function pythonText(value: Value): string {
  return value.kind === 'string' ? value.value : pythonRepr(value);
}

/** A value as Python's `repr()` prints it: texts are quoted and escaped. The items of a set keep their order. */
export function pythonRepr(value: Value): string {
  switch (value.kind) {
    case 'none':
      return 'None';
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'integer':
      return String(value.value);
    case 'float':
      return floatText(value.value);
    case 'string':
      return textRepr(value.value);
    case 'bytes':
      return `b${bytesRepr(value.value)}`;
    case 'list': {
      const items = value.items.map(pythonRepr).join(', ');
      if (value.flavour === 'set') return items === '' ? 'set()' : `{${items}}`;
      if (value.flavour === 'tuple') return value.items.length === 1 ? `(${items},)` : `(${items})`;
      return `[${items}]`;
    }
    case 'dict':
      return `{${value.entries.map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`;
  }
}

const needsNoEscape = /^[ -&(-[\]-~]*$/;
const namedEscapes = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** What JavaScript may know as a character by now, and Python 3.12 (Unicode 15.0) does not. */
let assignedLater: RegExp | undefined;
const assignedLaterPattern = (): RegExp =>
  (assignedLater ??= new RegExp(
    `[${(
      '88f 897 c5c cdc 1acf-1aeb 1b4e-1b4f 1b7f 1c89-1c8a 20c1 2427-2429 2b96 2ffc-2fff 31e4-31ef a7cb-a7cf a7d2 a7d4 ' +
      'a7da-a7f1 fbc3-fbd2 fd90-fd91 fdc8-fdce 105c0-105f3 10940-10959 10d40-10d8f 10ec2-10efc 11380-113e2 ' +
      '116d0-116e3 11b60-11bf9 11db0-11de9 11f5a 13460-143fa 16100-16139 16d40-16d79 16ea0-16ed3 16ff2-16ff6 ' +
      '187f8-187ff 18cff 18d09-18df2 1cc00-1cef0 1e5d0-1e6ff 1f6d8 1f777-1f77a 1f8b2-1f8d8 1fa54-1fa57 1fa89-1fa8f ' +
      '1fabe 1fac6-1facd 1fadc-1fadf 1fae9-1faef 1fbcb-1fbef 1fbfa 2b73a-2b73f 2cea2-2cead 2ebf0-2ee5d 323b0-33479'
    )
      .replace(/[0-9a-f]+/g, '\\u{$&}')
      .replaceAll(' ', '')}]`,
    'u',
  ));

function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (needsNoEscape.test(text)) return `'${text}'`;
  let escaped = '';
  for (const character of text) escaped += character === quote ? `\\${quote}` : escapeCharacter(character);
  return quote + escaped + quote;
}

function escapeCharacter(character: string): string {
  const named = namedEscapes.get(character);
  if (named !== undefined) return named;
  if (isPrintable(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return hexEscape(code);
  return code < 0x10000 ? `\\u${hexDigits(code, 4)}` : `\\U${hexDigits(code, 8)}`;
}

/** Python's `str.isprintable()` for one character. */
function isPrintable(character: string): boolean {
  return character === ' ' || !(/[\p{C}\p{Z}]/u.test(character) || assignedLaterPattern().test(character));
}

function bytesRepr(content: Uint8Array): string {
  const text = Array.from(content, (byte) => String.fromCharCode(byte)).join('');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[^ -~]|[\\'"]/g, (character) => {
    if (character === quote) return `\\${quote}`;
    if (character === "'" || character === '"') return character;
    return namedEscapes.get(character) ?? hexEscape(character.charCodeAt(0));
  });
  return quote + escaped + quote;
}

function hexEscape(code: number): string {
  return `\\x${hexDigits(code, 2)}`;
}

function hexDigits(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
