/** Reading JSON of other programs without trusting its shape. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A text under a key, if there is one. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** A number under a key, if there is one. */
export function numberAt(value: unknown, key: string): number | undefined {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'number' ? found : undefined;
}

/** The objects of a list under a key; empty if there is none. */
export function recordsAt(value: unknown, key: string): readonly JsonRecord[] {
  const found = isRecord(value) ? value[key] : undefined;
  return isList(found) ? found.filter(isRecord) : [];
}

/** An object under a key; empty if there is none. */
export function recordAt(value: unknown, key: string): JsonRecord {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}

/** The object that a text is as JSON; undefined if it is none. */
export function parseRecord(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Newer than the types of the library: a number as it is written, kept when it is printed again. */
declare global {
  interface JSON {
    rawJSON?(text: string): unknown;
  }
}

/**
 * As `parseRecord`, with numbers that `JSON.stringify` prints as they were written: `300.0` stays `300.0`. Those that
 * JavaScript writes otherwise are objects.
 */
export function parseForShowing(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text, (_key, item: unknown, context?: { readonly source?: string }) =>
      typeof item === 'number' && context?.source !== undefined && context.source !== String(item) && JSON.rawJSON
        ? JSON.rawJSON(context.source)
        : item,
    );
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
