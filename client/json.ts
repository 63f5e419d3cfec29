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

/** Stands in front of a number that is kept as it is written; no text of a dataset begins like this. */
const numberMark = '\u0000number ';

/** A number that JavaScript would write otherwise, as it is written: `300.0`, `1e5`, or one with too many digits. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return numberMark + this.text;
  }
}

/** As `parseRecord`, with numbers that `printJson` prints as they were written: `300.0` stays `300.0`. */
export function parseForShowing(text: string): JsonRecord | undefined {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (part) =>
    part.startsWith('"') || part === String(Number(part)) ? part : JSON.stringify(numberMark + part),
  );
  try {
    const value: unknown = JSON.parse(marked, (_key, item: unknown) =>
      typeof item === 'string' && item.startsWith(numberMark) ? new WrittenNumber(item.slice(numberMark.length)) : item,
    );
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same on one line, with a blank behind each comma and colon, as values are shown everywhere. */
export function printJsonInLine(value: unknown): string {
  return printJson(value, 1).replaceAll(/,\n */g, ', ').replaceAll(/\n */g, '');
}

/** JSON of what `parseForShowing` read, on one line or indented. */
export function printJson(value: unknown, indentation?: number): string {
  return JSON.stringify(value, null, indentation).replace(/"\\u0000number ([^"]*)"/g, '$1');
}
