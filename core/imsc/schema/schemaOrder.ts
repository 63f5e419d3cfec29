import type { Schema } from './schema.ts';

/** Sorts schemas into the order in which they are asked: by order, then by name as Python capitalizes it. */
export function compareSchemas(a: Pick<Schema, 'order' | 'name'>, b: Pick<Schema, 'order' | 'name'>): number {
  return compareOrder(a.order, b.order) || compareText(capitalized(a.name ?? ''), capitalized(b.name ?? ''));
}

/** `str.capitalize`: the first letter upper case, all others lower case. */
function capitalized(name: string): string {
  const [first = ''] = name;
  return first.toUpperCase() + name.slice(first.length).toLowerCase();
}

/** Numbers before texts, texts by code units, a missing order last. */
function compareOrder(a: number | string | undefined, b: number | string | undefined): number {
  const rank = (order: number | string | undefined): number =>
    typeof order === 'number' ? 0 : typeof order === 'string' ? 1 : 2;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareText(String(a ?? ''), String(b ?? ''));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
