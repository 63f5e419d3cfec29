import { isJsonObject } from '../../../core/scicat/json.ts';
import { pageParts } from '../../settings/serveOptions.ts';

export type Section = (typeof pageParts)[number];

/** Where a field stands that nobody has placed, by its name. */
const byName: readonly (readonly [RegExp, Section])[] = [
  [/^sample/i, 'sample'],
  [/^(?:proposal|experiment|pi_|team|user|affiliation|owner)/i, 'organizational'],
  [/^(?:instrument|source|detector|beam|chopper)/i, 'instrument'],
];

/** @param placed patterns with `*`, and the part that fields of such names stand in; the first that fits counts */
export function sectionOf(name: string, placed: Readonly<Record<string, string>>): Section {
  const given = Object.entries(placed).find(([pattern]) => fits(name, pattern))?.[1];
  return (
    pageParts.find((section) => section === given) ??
    byName.find(([pattern]) => pattern.test(name))?.[1] ??
    'acquisition'
  );
}

/** Whether a name is as a pattern says, compared without a search that could go wild. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === first;
  if (!name.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** The scientific metadata of a dataset as the page has them. */
export function inSections(
  metadata: unknown,
  placed: Readonly<Record<string, string>>,
): Readonly<Record<Section, Readonly<Record<string, unknown>>>> {
  const made: Record<Section, Record<string, unknown>> = {
    organizational: {},
    sample: {},
    instrument: {},
    acquisition: {},
  };
  if (!isJsonObject(metadata)) return made;
  for (const [name, item] of Object.entries(metadata)) made[sectionOf(name, placed)][name] = shown(item);
  return made;
}

/** Types whose items the schema of a method has with a unit, whether there is one or not. */
const ofNumbers: ReadonlySet<unknown> = new Set(['integer', 'float', 'integer[]', 'float[]']);

/** Numbers have a unit, be it empty; of anything else without one the page wants the value alone. */
function shown(item: unknown): unknown {
  if (!isJsonObject(item) || !('value' in item)) return item;
  const { value, unit, type } = item;
  if (typeof unit === 'string' && unit !== '') return { value, unit };
  return ofNumbers.has(type) ? { value, unit: '' } : value;
}
