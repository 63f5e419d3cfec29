import { pythonRepr } from './pythonText.ts';
import type { Value } from './values.ts';

const longest = 60;

/** A value for messages: texts in quotation marks, everything else as Python prints it, cut if long. */
export function describeValue(value: Value): string {
  if (value.kind === 'none') return 'nothing (null)';
  if (value.kind === 'boolean') return value.value ? 'true' : 'false';
  if (value.kind === 'string') return value.value === '' ? 'an empty text' : `“${shorten(value.value)}”`;
  return shorten(pythonRepr(value));
}

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
