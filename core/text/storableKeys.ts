import type { JsonValue } from './jsonValue.ts';

/** What the catalogue's database reads paths, places of lists and operators out of, and what names variables. */
const characters = String.raw`.[\]$<>`;
/** Names that JavaScript, and so SciCat, has a use of its own for: what stands below them would get lost. */
const reserved: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const forbidden = new RegExp(`[${characters}]`);

/** What keys of given metadata are like that can be stored, as the pattern of a JSON Schema. */
export const storableKeyPattern = `^(?!(?:${reserved.join('|')})$)[^${characters}]+$`;

/** Why a key cannot be stored, as a sentence without its beginning; undefined if it can. */
export function keyFault(key: string): string | undefined {
  const character = forbidden.exec(key)?.[0];
  if (character !== undefined) return `a key may not hold “${character}”. Write “_” in its place.`;
  return reserved.includes(key) ? `a key may not be called ${key}.` : undefined;
}

/**
 * Why something in a value, or the name of what it is the value of, cannot be stored: a sentence that begins with its
 * path. Undefined where all can.
 * @param mostLevels how deeply lists and objects may be nested
 */
export function unstorableKey(path: string, name: string, value: JsonValue, mostLevels: number): string | undefined {
  const fault = keyFault(name);
  return fault === undefined ? unstorableWithin(path, value, mostLevels) : `${path}: ${fault}`;
}

function unstorableWithin(path: string, value: JsonValue, mostLevels: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (mostLevels <= 0) return `${path} is nested too deeply.`;
  for (const [key, inner] of Object.entries<JsonValue>(value)) {
    const deeper = `${path}/${key}`;
    // Keys of a list are numbers.
    const fault = Array.isArray(value) ? undefined : keyFault(key);
    const found = fault === undefined ? unstorableWithin(deeper, inner, mostLevels - 1) : `${deeper}: ${fault}`;
    if (found !== undefined) return found;
  }
  return undefined;
}
