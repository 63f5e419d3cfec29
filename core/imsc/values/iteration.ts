import { integer, string, valueAt } from './values.ts';
import type { Value } from './values.ts';

/**
 * What Python gets when it goes through a value: the items of a list, the keys of a dict, the characters of a text.
 * Undefined for what cannot be gone through.
 */
export function itemsOf(value: Value): readonly Value[] | undefined {
  switch (value.kind) {
    case 'list':
      return value.items;
    case 'dict':
      return value.entries.map(([key]) => key);
    case 'string':
      return Array.from(value.value, string);
    case 'bytes':
      return Array.from(value.value, integer);
    default:
      return undefined;
  }
}

/**
 * Python's `value[index]`: an item of a list or a character of a text by its number (negative ones count from the
 * end, `true` is 1), an item of a dict by its key. Undefined if there is none, or the index is of the wrong kind.
 */
export function itemAt(value: Value, index: Value): Value | undefined {
  if (value.kind === 'dict') return valueAt(value, index);
  const position =
    index.kind === 'integer' ? Number(index.value) : index.kind === 'boolean' ? Number(index.value) : undefined;
  return position === undefined ? undefined : itemsOf(value)?.at(position);
}
