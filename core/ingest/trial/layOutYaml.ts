import type { Value } from '../../imsc/values/values.ts';
import { writeScalar } from '../../imsc/edits/writeScalar.ts';

/** What is longer than this stands on several lines. */
const longestLine = 90;

/** A value as YAML in one line. */
export function layOutValue(value: Value): string {
  switch (value.kind) {
    case 'list':
      return `[${value.items.map(layOutValue).join(', ')}]`;
    case 'dict': {
      const pairs = value.entries.map(([key, item]) => `${layOutValue(key)}: ${layOutValue(item)}`);
      return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
    }
    default:
      return writeScalar(value, 'yaml', true);
  }
}

/**
 * A value with its unit as it stands behind a key: begins with a blank, or with a line break where it is long.
 * @param indent of the lines below the key
 */
export function layOutQuantity(
  { value, unit }: { readonly value: Value; readonly unit: string },
  indent: number,
): string {
  const isPair = value.kind === 'dict' && value.entries.some(([key]) => key.kind === 'string' && key.value === 'value');
  if (unit === '' && !isPair) return layOut(value, indent);
  const unitText = writeScalar({ kind: 'string', value: unit }, 'yaml', true);
  const compact = ` { value: ${layOutValue(value)}, unit: ${unitText} }`;
  if (compact.length <= longestLine) return compact;
  const blanks = ' '.repeat(indent);
  return `\n${blanks}value:${layOut(value, indent + 2)}\n${blanks}unit: ${unitText}`;
}

function layOut(value: Value, indent: number): string {
  const compact = layOutValue(value);
  const lineStart = `\n${' '.repeat(indent)}`;
  if (compact.length <= longestLine || (value.kind !== 'list' && value.kind !== 'dict')) return ` ${compact}`;
  if (value.kind === 'list') return value.items.map((item) => `${lineStart}- ${layOutValue(item)}`).join('');
  return value.entries.map(([key, item]) => `${lineStart}${layOutValue(key)}:${layOut(item, indent + 2)}`).join('');
}
