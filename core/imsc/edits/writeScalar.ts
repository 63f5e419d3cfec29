import { holdsHidden, visibleDocument } from '../../text/hiddenCharacters.ts';
import { encodeText, isPrintableLine } from '../tree/scalarText.ts';
import type { Notation } from '../tree/tree.ts';
import type { Value } from '../values/values.ts';
import { resolvePlain } from '../tree/yamlScalars.ts';

const timestamp = /^\d{4}-\d\d?-\d\d?(?:$|[Tt \t])/;

/**
 * A scalar value as it is written in a notation, so that it is read back as the same value: in YAML whatever YAML 1.1
 * would take for something else is quoted.
 * @param value a list or an object counts as none. NaN, which JSON cannot say, becomes the text that templates make
 * of it.
 * @param inFlow whether it is written inside `{}` or `[]` of YAML
 */
export function writeScalar(value: Value, notation: Notation, inFlow = false): string {
  switch (value.kind) {
    case 'boolean':
      return String(value.value);
    case 'integer':
      return String(value.value);
    case 'float':
      return notation === 'json' ? writeJsonFloat(value.value) : writeYamlFloat(value.value);
    case 'string':
      return notation === 'json' ? visibleDocument(JSON.stringify(value.value)) : writeYamlText(value.value, inFlow);
    default:
      return 'null';
  }
}

function writeJsonFloat(value: number): string {
  if (Number.isNaN(value)) return '"NaN"';
  // Too large for a float, and so read as infinite, by Python too.
  if (!Number.isFinite(value)) return value < 0 ? '-1e999' : '1e999';
  return withPoint(value);
}

function writeYamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return withPoint(value);
}

/** With a point always, and a sign in the exponent, without which YAML 1.1 reads a text. */
function withPoint(value: number): string {
  const [mantissa = '', exponent] = (Object.is(value, -0) ? '-0' : String(value)).split('e');
  return (mantissa.includes('.') ? mantissa : `${mantissa}.0`) + (exponent === undefined ? '' : `e${exponent}`);
}

/** A text as YAML: without quotes where that is safe, else in single quotes, else with escapes. */
function writeYamlText(text: string, inFlow: boolean): string {
  if (!holdsHidden(text) && isPlainText(text, inFlow)) return text;
  if (!holdsHidden(text) && isPrintableLine(text)) return `'${text.replaceAll("'", "''")}'`;
  return visibleDocument(JSON.stringify(text)).replace(
    /[\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16)}`,
  );
}

function isPlainText(text: string, inFlow: boolean): boolean {
  return (
    text !== '' &&
    text.trim() === text &&
    encodeText(text, 'plain', inFlow) !== undefined &&
    !/^[-?:,[\]{}#&*!|>'"%@`=]/.test(text) &&
    !/^(?:\.\.\.|<<$|[yYnN]$)/.test(text) &&
    !timestamp.test(text) &&
    resolvePlain(text).kind === 'string'
  );
}
