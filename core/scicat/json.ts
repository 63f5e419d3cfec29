export type { JsonValue } from '../text/jsonValue.ts';

/** A JSON object of which nothing more is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Typed list without a claim about its items. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The value that a JSON text stands for, `undefined` if it is not JSON. */
export function jsonIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A property if it is a text. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isJsonObject(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}
