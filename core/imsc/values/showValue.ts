import { jsonFloatText } from '../../text/numberText.ts';
import { shortened } from '../../text/shortened.ts';
import { jsonKeyText } from './jsonText.ts';
import { pythonRepr } from './pythonText.ts';
import type { Value } from './values.ts';

/*
 * How values are shown to people, wherever that is: as JSON. Python's own printing is for what a template makes of a
 * value, and for what JSON has no form for.
 */

/**
 * A value as JSON with a blank behind each comma and colon: `["coda", 300.0, null]`. Tuples and sets are lists, as
 * SciCat would get them; `NaN` and `b'…'` stand for themselves.
 * @param indent spaces per level; 0 gives one line
 */
export function valueAsData(value: Value, indent = 0, newline = '\n'): string {
  const inner = newline + ' '.repeat(indent);
  const wrap = (parts: readonly string[], start: string, end: string): string => {
    if (parts.length === 0 || indent === 0) return start + parts.join(', ') + end;
    return start + inner + parts.join(`,${inner}`) + newline + end;
  };
  switch (value.kind) {
    case 'none':
      return 'null';
    case 'boolean':
    case 'integer':
      return String(value.value);
    case 'float':
      return jsonFloatText(value.value);
    case 'string':
      return JSON.stringify(value.value);
    case 'bytes':
      return pythonRepr(value);
    case 'list':
      return wrap(
        value.items.map((item) => valueAsData(item, indent, inner)),
        '[',
        ']',
      );
    case 'dict':
      return wrap(
        value.entries.map(([key, item]) => `${keyAsData(key)}: ${valueAsData(item, indent, inner)}`),
        '{',
        '}',
      );
  }
}

function keyAsData(key: Value): string {
  return key.kind === 'list' || key.kind === 'bytes' ? pythonRepr(key) : JSON.stringify(jsonKeyText(key));
}

/** A value in a place of its own, such as a hint or a column: a text as it is, everything else as data. */
export function shownValue(value: Value): string {
  return value.kind === 'string' && value.value !== '' ? value.value : valueAsData(value);
}

const longest = 60;

/** A value within a sentence: texts in quotation marks, everything else as data; cut if long. */
export function describeValue(value: Value): string {
  if (value.kind === 'none') return 'nothing (null)';
  if (value.kind === 'string') return value.value === '' ? 'an empty text' : `“${shortened(value.value, longest)}”`;
  return shortened(valueAsData(value), longest);
}
